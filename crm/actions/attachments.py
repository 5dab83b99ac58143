"""Attachments: files that a cluster keeps with its own people and organisations."""

import uuid
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions import audit, erasing
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.actions.kept_files import kind_of
from crm.models import Attachment, Membership, Person, User
from crm.rules import files

MOST = 200  # files of one record


def attach(
    *,
    person: Person | None = None,
    membership: Membership | None = None,
    file: tuple[str, bytes],
    by: User | None,
) -> Attachment:
    """Keep a file with a person or an organisation; `file` is its name and its bytes.

    What it is follows from its ending and its first bytes together; it is only ever downloaded.
    """
    subject = person or membership
    if subject is None or (person and membership):
        raise TypeError("give a person or a membership")
    if person:
        erasing.refuse_erased(person)
    name, content = file
    name = files.shown_name(name)
    attachment = Attachment(
        cluster_id=subject.cluster_id,
        person=person,
        membership=membership,
        name=name,
        media_type=kind_of(name, content),
        size=len(content),
        by=by,
    )
    with transaction.atomic():
        if subject.attachments.count() >= MOST:
            raise Refused(_("%(most)s files are enough here. Remove one first.") % {"most": MOST})
        # On disk no name tells whose it is.
        stored = f"{uuid.uuid4().hex}.{files.ending(name)}"
        attachment.file.save(stored, ContentFile(content), save=False)
        check(attachment)
        attachment.save()
        audit.record(by=by, verb="attach", row=attachment, cluster=subject.cluster)
    return attachment


def remove(*, attachment: Attachment, by: User | None) -> None:
    """Take a file away, its content for good; the timeline says that it was there."""
    with transaction.atomic():
        rows = Attachment.objects.select_for_update(of=("self",))
        row = rows.filter(pk=attachment.pk).first()
        if row:
            audit.record(by=by, verb="remove", row=row, cluster=row.cluster)
            row.delete()
            transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))
