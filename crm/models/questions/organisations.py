"""What can be asked of organisations."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.imports import ImportRow
from crm.models.notes import Note
from crm.models.organisations import (
    Membership,
    Organisation,
    OrganisationField,
    OrganisationName,
)
from crm.models.questions.custom import KINDS, answer
from crm.models.questions.question import (
    NONE,
    Asker,
    Condition,
    Question,
    any_of,
    column,
    day,
    number,
    reference,
)
from crm.models.questions.vocabulary import Vocabulary
from crm.rules.names import fold


def coded(vocabulary: str) -> Condition:
    """Organisations with a coded fact."""

    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        rows = OrganisationField.objects.filter(vocabulary=vocabulary)
        nothing = ~Q(pk__in=rows.values("organisation_id"))
        if operator == "empty":
            return nothing
        found = Q(pk__in=rows.filter(code__in=values).values("organisation_id"))
        return found | nothing if NONE in values else found

    return condition


def kept(inner: Condition) -> Condition:
    """Organisations that a cluster of the asker keeps like this."""

    def condition(operator: str, values: list[str], asker: Asker) -> Q:
        rows = Membership.objects.filter(
            asker.own(), inner(operator, values, asker), archived_at=None
        )
        return Q(pk__in=rows.values("organisation_id"))

    return condition


def tagged(operator: str, values: list[str], _asker: Asker) -> Q:
    """Rows with one of the tags, by its id."""
    if operator == "empty":
        return Q(tags=[])
    ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
    found = Q(tags__overlap=ids) if ids else Q(pk__in=())
    return found | Q(tags=[]) if NONE in values else found


def says(operator: str, values: list[str]) -> Q:
    """Notes with this in them."""
    lookup = "text__icontains" if operator == "contains" else "text__iexact"
    return any_of([Q(**{lookup: value}) for value in values])


def noted(operator: str, values: list[str], asker: Asker) -> Q:
    """Memberships of which their cluster wrote something down, or just this."""
    notes = Note.objects.filter(asker.own(), membership__isnull=False).order_by()
    if operator == "empty":
        return ~Q(pk__in=notes.values("membership_id"))
    return Q(pk__in=notes.filter(says(operator, values)).values("membership_id"))


def brought(operator: str, values: list[str], asker: Asker) -> Q:
    """Organisations that a list of a cluster of the asker brought into the address book."""
    rows = ImportRow.objects.filter(made__contains="o", organisation__isnull=False)
    rows = rows.filter(asker.own("of_import__cluster_id__in"))
    if operator == "empty":
        return ~Q(pk__in=rows.values("organisation"))
    ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
    return Q(pk__in=rows.filter(of_import_id__in=ids).values("organisation"))


def named(operator: str, values: list[str], asker: Asker) -> Q:
    """By the present name or a former one."""
    if operator != "contains":
        return column("name_folded", fold=fold)(operator, [fold(v) for v in values], asker)
    return any_of(
        [
            Q(name_folded__contains=fold(value))
            | Q(
                pk__in=OrganisationName.objects.filter(folded__contains=fold(value)).values(
                    "organisation_id"
                )
            )
            for value in values
        ]
    )


ORGANISATIONS: dict[str, Question] = {
    question.name: question
    for question in (
        Question("name", _("Organisation"), "text", named, sort=("name_folded",)),
        Question(
            "kind", _("Kind"), "choice", column("kind"), Organisation.Kind.choices,
            sort=("kind",), facet="kind",
        ),
        Question("city", _("City"), "text", column("city"), sort=("city",)),
        Question("country", _("Country"), "choice", column("country"), sort=("country",)),
        Question(
            "region", _("Region"), "choice", reference("region", "slug"),
            sort=("region__slug",), facet="region_id",
        ),
        Question(
            "home", _("Home"), "choice", reference("home_cluster", "slug"),
            sort=("home_cluster__name",),
        ),
        Question("website", _("Website"), "text", column("website"), sort=("domain",)),
        Question("area", _("Therapeutic areas"), "choice", coded("area")),
        Question("product", _("Products"), "choice", coded("product")),
        Question("stage", _("Pipeline stage"), "choice", coded("stage")),
        Question("market", _("Target markets"), "choice", coded("market")),
        Question(
            "category", _("Category"), "choice", kept(column("category")),
            Membership.Category.choices, own=False,
        ),
        Question(
            "standing", _("Standing"), "choice", kept(column("standing")),
            Membership.Standing.choices,
        ),
        Question("employees", _("Employees"), "number", kept(number("employees"))),
        Question("tag", _("Tags"), "choice", kept(tagged)),
        Question("owner", _("Looked after by"), "choice", kept(reference("owner", "pk"))),
        Question("import", _("Added by import"), "choice", brought, shown=False),
        Question("note", _("Notes"), "text", kept(noted), shown=False),
        Question("people", _("People"), "number", number("pk"), filtered=False),
        Question("created", _("Added on"), "day", day("created_at__date"), sort=("created_at",)),
    )
}  # fmt: skip


def with_own_fields(vocabulary: Vocabulary) -> dict[str, Question]:
    """All of them, with the fields of the viewer's own clusters."""
    return ORGANISATIONS | {
        f"custom_{word.pk}": Question(
            f"custom_{word.pk}",
            word.name,
            KINDS[word.more["kind"]],
            kept(answer(str(word.pk), word.more["kind"])),
            [(choice, choice) for choice in word.more["choices"]],
            key=str(word.pk),
        )
        for word in vocabulary.fields
    }
