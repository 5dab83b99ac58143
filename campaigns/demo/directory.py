"""Members that agreed to stand in the public directory: every third invented company."""

import datetime as dt

from django.utils import translation

from crm.actions import directory
from crm.models import Membership, Organisation, User
from crm.models.organisations import code_name

SENTENCES = {
    "en": "{name} works on {products} and helps patients where others stop.",
    "fr": "{name} travaille sur : {products}. L’entreprise aide les patients là où d’autres "
    "s’arrêtent.",
    "de": "{name} arbeitet an: {products}. Das Unternehmen hilft dort, wo andere aufhören.",
    "it": "{name} lavora su: {products}. L’azienda aiuta i pazienti dove altri si fermano.",
    "es": "{name} trabaja en: {products}. La empresa ayuda a los pacientes donde otros paran.",
    "ca": "{name} treballa en: {products}. L’empresa ajuda els pacients on d’altres s’aturen.",
}
STAGES = ("discovery", "preclinical", "clinical", "marketed")
MARKETS = ("japan", "usa", "china", "canada", "south-korea")


def load(today: dt.date, by: User) -> None:
    companies = (
        Organisation.objects.current()
        .filter(
            kind=Organisation.Kind.COMPANY,
            home_cluster__isnull=False,
            memberships__standing=Membership.Standing.MEMBER,
        )
        .select_related("home_cluster")
        .prefetch_related("fields")
        .order_by("pk")
        .distinct()
    )
    for n, company in enumerate(companies[::3]):
        assert company.home_cluster
        markets = [field.code for field in company.fields.all() if field.vocabulary == "market"]
        directory.describe(
            organisation=company,
            by=by,
            descriptions=_described(company),
            stages=[STAGES[n % len(STAGES)]],
            markets=markets or [MARKETS[n % len(MARKETS)], MARKETS[(n + 1) % len(MARKETS)]],
        )
        if Organisation.objects.filter(
            pk=company.pk,
            memberships__cluster=company.home_cluster,
            memberships__standing=Membership.Standing.MEMBER,
        ).exists():
            directory.publish(
                organisation=company,
                by=by,
                word="Answer to the members’ survey",
                agreed_on=today - dt.timedelta(days=30 + n),
            )


def _described(company: Organisation) -> dict[str, str]:
    """In English and the languages of its cluster."""
    assert company.home_cluster
    texts = {}
    for code in dict.fromkeys(("en", *company.home_cluster.languages)):
        with translation.override(code):
            named = [
                code_name(field.code)
                for field in company.fields.all()
                if field.vocabulary == "product"
            ]
        if named:
            texts[code] = SENTENCES[code].format(name=company, products=", ".join(named))
    return texts
