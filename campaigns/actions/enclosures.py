"""Files that the mails of an announcement or a press release lead to."""

import hashlib
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions import contents, linking
from campaigns.models import Campaign, Enclosure, Release
from crm.actions import audit
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.actions.kept_files import kind_of
from crm.models import User
from crm.rules import files

MOST = 20  # files of one campaign


def enclose(
    *,
    campaign: Campaign,
    titles: dict[str, str],
    file: tuple[str, bytes],
    by: User | None,
    language: str = "",
) -> Enclosure:
    """Keep a file for a campaign; `file` is its name and its bytes. The same file twice is once.

    What it is follows from its ending and its first bytes together; it is only ever downloaded.
    Whoever knows its address may have it, so that a journalist needs no account.
    """
    if campaign.record is not None:
        raise Refused(_("The documents of a call are those of its record. Attach it there."))
    name, content = file
    name = files.shown_name(name)
    enclosure = Enclosure(
        campaign=campaign,
        titles=titles,
        language=language,
        name=name,
        media_type=kind_of(name, content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    with transaction.atomic():
        contents.hold(campaign)
        there = campaign.enclosures.filter(sha256=enclosure.sha256).first()
        if there:
            return there
        if campaign.enclosures.count() >= MOST:
            raise Refused(_("%(most)s files are enough here. Remove one first.") % {"most": MOST})
        enclosure.file.save(enclosure.address, ContentFile(content), save=False)
        check(enclosure)
        enclosure.save()
        _said_anew(campaign, by)
        audit.record(by=by, verb="enclose", row=enclosure)
    return enclosure


def remove(*, enclosure: Enclosure, by: User | None) -> None:
    """Take a file away; mails that were sent as a proof lead nowhere then."""
    with transaction.atomic():
        campaign = enclosure.campaign
        contents.hold(campaign)
        row = campaign.enclosures.filter(pk=enclosure.pk).first()
        if row is None:
            return
        audit.record(by=by, verb="remove", row=row)
        row.delete()
        _said_anew(campaign, by)
        if not Enclosure.objects.filter(file=row.file.name).exists():
            transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))


def copy(campaign: Campaign, to: Campaign) -> None:
    """The files of a campaign for one that follows it, under the same addresses."""
    Enclosure.objects.bulk_create(
        Enclosure(
            campaign=to,
            titles=row.titles,
            language=row.language,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            file=row.file.name,
            by=row.by,
        )
        for row in campaign.enclosures.all()
    )


def _said_anew(campaign: Campaign, by: User | None) -> None:
    linking.take_own(campaign, "documents", by=by)
    campaign.releases.ask_again(Release.Why.TEXT)
