"""Notes: written by a cluster about its own people and organisations, and read by it alone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit, erasing
from crm.actions.errors import Refused
from crm.models import Membership, Note, Person, User

LONGEST = 10_000


def add(
    *,
    person: Person | None = None,
    membership: Membership | None = None,
    text: str,
    by: User | None,
) -> Note:
    """Write something down about a person, or about an organisation as the cluster keeps it."""
    subject = person or membership
    if subject is None or (person and membership):
        raise TypeError("give a person or a membership")
    note = Note(
        cluster_id=subject.cluster_id,
        person=person,
        membership=membership,
        text=_checked(text),
        by=by,
    )
    if person:
        erasing.refuse_erased(person)
    with transaction.atomic():
        note.save()
        audit.record(by=by, verb="add", row=note, cluster=subject.cluster)
    return note


def edit(*, note: Note, text: str, by: User | None) -> Note:
    """Write a note anew; what stood there before is kept in its history."""
    text = _checked(text)
    with transaction.atomic():
        row = Note.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
        if row is None:
            raise Refused(_("This note is gone: somebody removed it meanwhile."))
        if row.text != text:
            row.text, row.edited_at = text, timezone.now()
            row.save(update_fields=["text", "edited_at"])
            audit.record(by=by, verb="edit", row=row, cluster=row.cluster)
    return row


def remove(*, note: Note, by: User | None) -> None:
    """Take a note away; the timeline says that one was there. Twice is as once."""
    with transaction.atomic():
        row = Note.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
        if row:
            audit.record(by=by, verb="remove", row=row, cluster=row.cluster)
            row.delete()


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(
            _("A note has at most %(most)s letters. Attach a file instead.") % {"most": LONGEST}
        )
    return text
