"""Campaigns that were overtaken: nobody is called to what is cancelled, archived or over.

Between the day that somebody pressed Schedule and the moment it leaves, a mission may be cancelled
and its last deadline may pass. So its record is looked at once more, and as long as mails leave:
what waits for a subject, for the morning or for a late signature may outlast what it calls to.
"""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import breaker, faults, telling
from campaigns.actions.findings import Finding, Level
from campaigns.models import Campaign, Fault, Release, Reminder
from campaigns.models.trials import trial_of
from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Deadline, Event, ExternalRoute, Mission

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


def leaves_at(campaign: Campaign) -> dt.datetime:
    """When it leaves next: at its time; a lane signed under way when that is not taken back."""
    now = timezone.now()
    if campaign.status == S.SENDING:
        return now + dt.timedelta(seconds=settings.UNDO_WINDOW)
    return max(campaign.send_at or now, now)


def last_leaves_at(campaign: Campaign, first: dt.datetime, spread: int) -> dt.datetime:
    """When the last of what begins to leave then does, nights aside; `spread`: minutes."""
    trial = trial_of(campaign)
    if trial and not trial.chosen:
        hours = dt.timedelta(hours=trial.hours)
        first = max(first, trial.ends_at) if trial.ends_at else first + hours
    return first + dt.timedelta(minutes=spread)


def refuse_too_late(campaign: Campaign, first: dt.datetime, spread: int) -> None:
    """Refuse a time by which what it calls to is over; what is over already is the checks' word."""
    over = over_at(campaign)
    if over is None or over <= timezone.now() or over > last_leaves_at(campaign, first, spread):
        return
    if over > first + dt.timedelta(minutes=spread):
        raise Refused(
            _(
                "Who waits for the choice of a subject would be written to when it is over. "
                "Choose an earlier time or fewer hours."
            )
        )
    if campaign.event:
        raise Refused(_("The event is over by then. Choose an earlier time."))
    raise Refused(
        _("Every deadline is over by then. Choose an earlier time, or set a later deadline.")
    )


def hold_back(campaign: Campaign) -> bool:
    """A campaign that is due becomes a draft again if its record stands against it: whether it did.

    Reminders are looked after by their call's deadline (`reminders.tend`).
    """
    if Reminder.objects.filter(campaign=campaign).exists():
        return False
    why = [found.sentence for found in findings(campaign) if found.level == Level.BLOCK]
    # Whoever takes the schedule back or moves it at this moment was first.
    mine = Campaign.objects.filter(pk=campaign.pk, status=S.SCHEDULED, send_at=campaign.send_at)
    with transaction.atomic():
        if not why or not mine.update(status=S.DRAFT, send_at=None, reason_paused=why[0][:300]):
            return False
        audit.record(by=None, verb="held back", row=campaign, detail={"why": why[0]})
        telling.held_back(campaign, why[0])
    return True


def stop() -> None:
    """Pause what is being sent of a record that was archived or cancelled meanwhile, or is over.

    What has no lane left that could send ends by itself. Whoever goes on while it is has read why,
    and is not stopped again until it was put right.
    """
    sending = Campaign.objects.filter(status=S.SENDING)
    ended = (Release.Status.DONE, Release.Status.DECLINED, Release.Status.LAPSED)
    open_lanes = Release.objects.filter(campaign=OuterRef("pk")).exclude(status__in=ended)
    late = sending.filter(OVER, Exists(open_lanes))
    for campaign in late.exclude(forgiven__has_key=OVERTAKEN):
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
    leaves = leaves_at(campaign)
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
        yield from _deadlines(record, leaves)
    elif record.ends_at <= timezone.now():
        yield Finding(Level.BLOCK, _("The event is over."), "record")
    elif record.ends_at <= leaves:
        yield Finding(
            Level.BLOCK, _("The event is over by then. Choose an earlier time."), "schedule"
        )


def _deadlines(mission: Mission, leaves: dt.datetime) -> Iterator[Finding]:
    """Against the moment at which the mail leaves."""
    own = mission.deadlines.filter(audience=Deadline.Audience.MEMBERS)
    all_at, now = list(own.values_list("at", flat=True)), timezone.now()
    if not all_at:
        yield Finding(
            Level.WARN,
            _("The mission has no deadline for companies; the mail will name none."),
            "record",
        )
    elif max(all_at) <= now:
        yield Finding(
            Level.BLOCK,
            _("Every deadline is over, so nobody could apply. Set a later one on its page."),
            "record",
        )
    elif max(all_at) <= leaves:
        yield Finding(
            Level.BLOCK,
            _("Every deadline is over by then. Choose an earlier time, or set a later deadline."),
            "record",
        )
    elif min(all_at) > leaves:
        yield Finding(Level.OK, _("All deadlines lie ahead."))
    route = ExternalRoute.objects.filter(mission=mission, at__lte=leaves).first()
    if route:
        yield Finding(
            Level.WARN,
            _(
                "The deadline of the other call, by %(organiser)s, is over when the mail leaves. "
                "Set a later one on the mission’s page."
            )
            % {"organiser": route.organiser},
            "record",
        )
