"""What happened to a person, for the timeline of their page."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.actions import happenings, saying
from crm.models import (
    Answer,
    AuditEntry,
    Organisation,
    Person,
    PersonAddress,
    Position,
    Purpose,
    records_of,
)
from crm.models.basis_rules import Basis
from crm.models.consent import ConsentRecord
from crm.models.imports import ImportRow
from crm.models.scope import Viewer, scope_of
from crm.models.sources import source_said
from crm.models.texts import in_language
from crm.models.together import Entry, Kind, Row, Source, earlier, told, told_changes
from crm.models.vocabulary import Words

FACTS = {
    name: name
    for name in (
        "title", "given", "family", "kind", "language", "phone", "share_objected", "paused_until",
        "archived_at", "tags", "custom",
    )
} | {"owner": "owner__name"}  # fmt: skip
Act = ConsentRecord.Act
STOPS = (Act.WITHDRAWN, Act.OBJECTED)


def sources(record: Person | Organisation, viewer: Viewer, words: Words) -> Iterator[Source]:
    """For whoever reads the person whole; to anybody else nothing of this is told."""
    if not isinstance(record, Person) or not scope_of(viewer).reads_whole(record.cluster_id):
        return
    yield from happenings.kept(viewer, person=record.pk)
    yield happenings.answers(Answer.objects.visible_to(viewer).filter(person__in=record.selves))
    yield from _changes(record, words)
    yield from _posts(record)
    yield from _addresses(record)
    yield _consent(record)
    yield happenings.imports(ImportRow.objects.filter(person__in=record.selves), viewer, "p")


def _changes(person: Person, words: Words) -> Iterator[Source]:
    entered = AuditEntry.objects.filter(noun="person", row_id=person.pk, verb="create")
    yield Source("entered", Kind.CHANGES, told(entered, "at", by="user__name"), _entered)
    yield Source(
        "changed",
        Kind.CHANGES,
        told_changes(earlier(Person).filter(pgh_obj=person.pk), FACTS),
        partial(saying.changed, Person, words=words),
    )


def _posts(person: Person) -> Iterator[Source]:
    began = person.positions.filter(during__startswith__isnull=False)
    yield Source(
        "post",
        Kind.CHANGES,
        told(
            began,
            happenings.first_day(),
            organisation="organisation__legal_name",
            pk="organisation_id",
            job="job",
        ),
        _began,
    )
    yield Source(
        "post changed",
        Kind.CHANGES,
        told_changes(
            earlier(Position).filter(person=person.pk),
            {"job": "job", "during": "during"},
            organisation="organisation__legal_name",
        ),
        _post_changed,
    )


def _addresses(person: Person) -> Iterator[Source]:
    yield Source(
        "address",
        Kind.CHANGES,
        told(person.addresses.all(), "since", email="address__email"),
        _address,
    )
    yield Source(
        "address changed",
        Kind.CHANGES,
        told_changes(
            earlier(PersonAddress).filter(person=person.pk),
            {"is_primary": "is_primary", "kind": "kind"},
            email="address__email",
        ),
        _address_changed,
    )


def _consent(person: Person) -> Source:
    return Source(
        "consent",
        Kind.CONSENT,
        told(
            records_of(person),
            "at",
            act="act",
            basis="basis",
            purpose="purpose",
            topic="topic__names",
            alliance="alliance__name",
            source="source",
            wording="wording__text",
            by="by__name",
        ),
        _consented,
    )


def _entered(what: Row) -> Entry:
    return Entry(_("Entered into the address book"), by=what["by"] or "")


def _began(what: Row) -> Entry:
    said = {"job": what["job"], "organisation": what["organisation"]}
    title = _("%(job)s at %(organisation)s") if what["job"] else _("Began at %(organisation)s")
    url = reverse("crm:organisations-show", args=[what["pk"]])
    return Entry(title % said, url=url, whole_day=True)


def _post_changed(what: Row) -> Entry | None:
    by, at = what["by"] or "", {"organisation": what["organisation"]}
    if what["after"] is None:
        return Entry(_("The post at %(organisation)s was taken out") % at, by=by)
    before, after = what["before"], what["after"]
    changes = []
    if before["job"] != after["job"]:
        changes.append((_("Job"), before["job"] or saying.NOTHING, after["job"] or saying.NOTHING))
    if before["during"] != after["during"]:
        changes.append(
            (_("Dates"), saying.period(before["during"]), saying.period(after["during"]))
        )
    return Entry(_("Post at %(organisation)s") % at, by=by, changes=changes) if changes else None


def _address(what: Row) -> Entry:
    email = what["email"] or _("erased")
    return Entry(_("Address %(email)s") % {"email": email}, whole_day=True)


def _address_changed(what: Row) -> Entry | None:
    said = {"email": what["email"] or _("erased")}
    if what["after"] is None:
        return Entry(_("%(email)s was taken out") % said, by=what["by"] or "")
    before, after = what["before"]["is_primary"], what["after"]["is_primary"]
    if before == after:
        return None
    title = _("Mails go to %(email)s") if after else _("No more mails to %(email)s")
    return Entry(title % said, by=what["by"] or "")


def _consented(what: Row) -> Entry:
    of = in_language(what["topic"]) if what["topic"] else ""
    if not of and what["purpose"]:
        of = str(Purpose(what["purpose"]).label)
    act = capfirst(str(Act(what["act"]).label))
    basis = str(Basis(what["basis"]).label) if what["basis"] else ""
    parts = (
        basis,
        what["alliance"],
        source_said(what["source"]),
        what["wording"] and f"“{what['wording']}”",
    )
    return Entry(
        " ".join([_("%(name)s:") % {"name": act}, of]) if of else act,
        by=what["by"] or "",
        text=" · ".join(part for part in parts if part),
        tone="stop" if what["act"] in STOPS else "ok",
    )
