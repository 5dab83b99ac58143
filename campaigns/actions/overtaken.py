"""Campaigns that were overtaken: nobody is called to what is cancelled, archived or over.

Between the day that somebody pressed Schedule and the moment it leaves, a mission may be cancelled
and its last deadline may pass. So its record is looked at once more.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions import breaker
from campaigns.actions.findings import Finding, Level
from campaigns.models import Campaign, Reminder
from crm.actions import audit
from crm.models import AuditEntry, Deadline, Event, Mission

S = Campaign.Status
OVER = (
    Q(mission__status=Mission.Status.CANCELLED)
    | Q(mission__archived_at__isnull=False)
    | Q(event__status=Event.Status.CANCELLED)
    | Q(event__archived_at__isnull=False)
)


def hold_back(campaign: Campaign) -> bool:
    """A campaign that is due becomes a draft again if its record stands against it: whether it did.

    Reminders are looked after by their call's deadline (`reminders.tend`).
    """
    if Reminder.objects.filter(campaign=campaign).exists():
        return False
    why = [found.sentence for found in findings(campaign) if found.level == Level.BLOCK]
    # Whoever takes the schedule back at this moment was first.
    mine = Campaign.objects.filter(pk=campaign.pk, status=S.SCHEDULED)
    if not why or not mine.update(status=S.DRAFT, send_at=None):
        return False
    audit.record(by=None, verb="held back", row=campaign, detail={"why": why[0]})
    return True


def stop() -> None:
    """Pause what is being sent of a record that was archived or cancelled meanwhile.

    Once: whoever goes on after that has read why.
    """
    for campaign in Campaign.objects.filter(OVER, status=S.SENDING):
        why = _("“%(record)s” was archived or cancelled.") % {"record": campaign.record}
        said = AuditEntry.objects.filter(noun="campaign", row_id=campaign.pk, detail__why=why)
        if not said.filter(verb="paused").exists():
            breaker.trip(campaign, why)


def findings(campaign: Campaign) -> Iterator[Finding]:
    """What a campaign tells of, against the clock: whether anybody may be called to it."""
    record = campaign.record
    if campaign.post and not campaign.post.is_published:
        yield Finding(
            Level.BLOCK,
            _("“%(post)s” is not published, so that the mail would lead nowhere. Publish it first.")
            % {"post": campaign.post},
            "record",
        )
    if record is None:
        return
    now = timezone.now()
    if record.archived_at or record.status == "cancelled":
        yield Finding(
            Level.BLOCK,
            _("“%(record)s” is archived or cancelled. Nobody can be called to it.")
            % {"record": record},
            "record",
        )
    if isinstance(record, Mission):
        if record.programme is None:
            yield Finding(Level.BLOCK, _("The mission has no published programme."), "programme")
        yield from _deadlines(record, now)
    elif record.ends_at < now:
        yield Finding(Level.BLOCK, _("The event is over."), "record")


def _deadlines(mission: Mission, now: dt.datetime) -> Iterator[Finding]:
    own = mission.deadlines.filter(audience=Deadline.Audience.MEMBERS)
    past, ahead = own.filter(at__lte=now).count(), own.ahead(now)
    if past and not ahead:
        yield Finding(
            Level.BLOCK,
            _("Every deadline is over, so nobody could apply. Set a later one on its page."),
            "record",
        )
    elif not ahead:
        yield Finding(
            Level.WARN,
            _("The mission has no deadline for companies; the mail will name none."),
            "record",
        )
    elif past:
        yield Finding(
            Level.WARN,
            ngettext(
                "One deadline is over and is left out of the mail.",
                "%(n)s deadlines are over and are left out of the mail.",
                past,
            )
            % {"n": past},
            "record",
        )
    else:
        yield Finding(Level.OK, _("All deadlines lie ahead."))
