"""Campaigns that were overtaken: nobody is called to what is cancelled, archived or over.

Between the day that somebody pressed Schedule and the moment it leaves, a mission may be cancelled
and its last deadline may pass. So its record is looked at once more, and as long as mails leave:
what waits for a subject, for the morning or for a late signature may outlast what it calls to.
"""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions import breaker, faults
from campaigns.actions.findings import Finding, Level
from campaigns.models import Campaign, Fault, Reminder
from crm.actions import audit
from crm.models import Deadline, Event, Mission

S = Campaign.Status
OVERTAKEN = "overtaken"
_OWN = Deadline.objects.filter(mission=OuterRef("mission"), audience=Deadline.Audience.MEMBERS)
OVER = (
    Q(mission__status=Mission.Status.CANCELLED)
    | Q(mission__archived_at__isnull=False)
    | Q(event__status=Event.Status.CANCELLED)
    | Q(event__archived_at__isnull=False)
    | Q(event__ends_at__lte=Now())
    | Q(Exists(_OWN), ~Exists(_OWN.filter(at__gt=Now())))
)
"""Of the campaigns' rows: nobody may be called to their records (any more)."""


def over_at(campaign: Campaign) -> dt.datetime | None:
    """When what it calls to is over: the event's end, or the last deadline of companies."""
    if campaign.event:
        return campaign.event.ends_at
    if campaign.mission is None:
        return None
    own = campaign.mission.deadlines.filter(audience=Deadline.Audience.MEMBERS)
    moment: dt.datetime | None = own.aggregate(last=Max("at"))["last"]
    return moment


def hold_back(campaign: Campaign) -> bool:
    """A campaign that is due becomes a draft again if its record stands against it: whether it did.

    Reminders are looked after by their call's deadline (`reminders.tend`).
    """
    if Reminder.objects.filter(campaign=campaign).exists():
        return False
    why = [found.sentence for found in findings(campaign) if found.level == Level.BLOCK]
    # Whoever takes the schedule back or moves it at this moment was first.
    mine = Campaign.objects.filter(pk=campaign.pk, status=S.SCHEDULED, send_at=campaign.send_at)
    if not why or not mine.update(status=S.DRAFT, send_at=None, reason_paused=why[0][:300]):
        return False
    audit.record(by=None, verb="held back", row=campaign, detail={"why": why[0]})
    return True


def stop() -> None:
    """Pause what is being sent of a record that was archived or cancelled meanwhile, or is over.

    Whoever goes on while it is has read why, and is not stopped again until it was put right.
    """
    sending = Campaign.objects.filter(status=S.SENDING)
    for campaign in sending.filter(OVER).exclude(forgiven__has_key=OVERTAKEN):
        faults.take(Fault.Step.OVERTAKEN, partial(_pause, campaign), campaign)
    for campaign in sending.filter(forgiven__has_key=OVERTAKEN).exclude(OVER):
        faults.take(Fault.Step.OVERTAKEN, partial(_forget, campaign), campaign)


def forgiven(campaign: Campaign) -> dict[str, int]:
    """What a person who lets it go on at this moment lets pass, beside what the breaker counted."""
    return {OVERTAKEN: 1} if Campaign.objects.filter(OVER, pk=campaign.pk).exists() else {}


def against(campaign: Campaign) -> str:
    """Why nothing of it is sent again; empty where it may be, or a person let it go on."""
    if campaign.status == S.SENDING and OVERTAKEN in campaign.forgiven:
        return ""
    return _why(campaign) if Campaign.objects.filter(OVER, pk=campaign.pk).exists() else ""


def _why(campaign: Campaign) -> str:
    record = campaign.record
    assert record
    if record.archived_at or record.status == "cancelled":
        why = _("“%(record)s” was archived or cancelled.")
    elif isinstance(record, Event):
        why = _("“%(record)s” is over.")
    else:
        why = _("Every deadline of “%(record)s” is over, so nobody could apply.")
    return why % {"record": record}


def _pause(campaign: Campaign) -> None:
    breaker.trip(campaign, _why(campaign))


def _forget(campaign: Campaign) -> None:
    rest = {what: n for what, n in campaign.forgiven.items() if what != OVERTAKEN}
    Campaign.objects.filter(pk=campaign.pk, status=S.SENDING).update(forgiven=rest)


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
