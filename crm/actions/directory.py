"""The public directory: what a member says of itself there, its consent, and its withdrawal."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit, organisations
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.actions.network import Texts
from crm.models import DirectoryEntry, Organisation, OrganisationField, User
from crm.rules.names import fold

OWN = (OrganisationField.Vocabulary.STAGE, OrganisationField.Vocabulary.MARKET)
LONGEST = 1_200  # characters of a description


def describe(
    *,
    organisation: Organisation,
    by: User | None,
    descriptions: Texts,
    stages: Iterable[str],
    markets: Iterable[str],
) -> DirectoryEntry:
    """Write what the page will say. Whether there is a page stays as it is."""
    if any(len(text) > LONGEST for text in descriptions.values()):
        raise Refused(_("Keep each description under %(n)s characters.") % {"n": LONGEST})
    with transaction.atomic():
        entry = _entry(organisation)
        entry.descriptions = {code: text for code, text in descriptions.items() if text.strip()}
        check(entry)
        entry.save(update_fields=["descriptions"])
        kept = [
            (field.vocabulary, field.code)
            for field in organisation.fields.all()
            if field.vocabulary not in OWN
        ]
        stage, market = OWN
        own = [(stage, code) for code in stages] + [(market, code) for code in markets]
        organisations.set_codes(organisation=organisation, by=by, codes=[*kept, *own])
        audit.record(by=by, verb="describe", row=organisation, cluster=organisation.home_cluster)
    return entry


def publish(
    *, organisation: Organisation, by: User | None, word: str, agreed_on: dt.date
) -> DirectoryEntry:
    """Put a member into the public directory, by its own word; again renews the word."""
    if not word.strip():
        raise Refused(_("Write who of the organisation agreed, and how."))
    if agreed_on > timezone.localdate():
        raise Refused(_("The day of the consent lies in the future."))
    with transaction.atomic():
        entry = _entry(organisation)
        entry.word = word.strip()
        entry.agreed_on = agreed_on
        check(entry)
        entry.save(update_fields=["word", "agreed_on"])
        Organisation.objects.filter(pk=organisation.pk, public_profile=False).update(
            public_profile=True, version=F("version") + 1
        )
        if not Organisation.objects.public().filter(pk=organisation.pk).exists():
            raise Refused(
                _(
                    "Only a present member of its home cluster stands in the directory. "
                    "Mend the membership of “%(name)s” first."
                )
                % {"name": organisation}
            )
        audit.record(by=by, verb="publish", row=organisation, cluster=organisation.home_cluster)
    organisation.refresh_from_db()
    return entry


def withdraw(*, organisation: Organisation, by: User | None) -> None:
    """Take an organisation off the public directory at once; twice is as once."""
    with transaction.atomic():
        changed = Organisation.objects.filter(pk=organisation.pk, public_profile=True).update(
            public_profile=False, version=F("version") + 1
        )
        if changed:
            audit.record(
                by=by, verb="withdraw", row=organisation, cluster=organisation.home_cluster
            )
    organisation.refresh_from_db()


def _entry(organisation: Organisation) -> DirectoryEntry:
    """The organisation's entry; its address is made once, from the name it has then."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    entry = DirectoryEntry.objects.filter(organisation=organisation).first()
    if entry:
        return entry
    stem = fold(str(organisation)).replace(" ", "-")
    stem = "".join(sign for sign in stem if sign.isascii())[:80].strip("-") or "company"
    for slug in (stem, *(f"{stem}-{n}" for n in range(2, 100))):
        try:
            with transaction.atomic():
                return DirectoryEntry.objects.create(organisation=organisation, slug=slug)
        except IntegrityError:
            continue
    raise Refused(_("Too many organisations are called like that. Give it another short name."))
