"""Reminders of a call, planned for some days before a deadline.

Each is a follow-up with a text and signatures of its own, scheduled from the beginning. It moves
with its deadline, and is called off where there is nothing to remind of any more; whom it goes to
is asked when it leaves, as of every follow-up.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.actions import (
    campaigns,
    contents,
    faults,
    following_up,
    linking,
    quiet,
    releases,
    revisions,
)
from campaigns.mail.dates import ends_at
from campaigns.models import Campaign, ContentRevision, Fault, Release, Reminder
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Alliance, Deadline, Event, Mission, User

S = Campaign.Status
Why = Reminder.Why
OPEN = "open"  # of a mission as of an event


def plan(
    *,
    call: Campaign,
    by: User,
    deadline: Deadline | None,
    days: Collection[int],
    hour: dt.time,
) -> list[Reminder]:
    """A reminder for each of these numbers of days before a deadline; of an event: its beginning.

    All or, where one is refused, none.
    """
    with transaction.atomic():
        Alliance.objects.select_for_update().get(campaigns=call)
        call.refresh_from_db()
        _check_open(call)
        made = []
        for number in sorted({*days}, reverse=True):
            reminder = Reminder(call=call, deadline=deadline, days=number, hour=hour)
            reminder.campaign = following_up.copy(call, by=by, rule=Campaign.FollowRule.UNANSWERED)
            campaigns.leave_as(call, Campaign.objects.filter(pk=reminder.campaign.pk))
            at = _checked(reminder)
            reminder.save()
            _set_time(reminder, at)
            _call_it_a_reminder(reminder.campaign, by)
            _schedule(reminder.campaign, by)
            audit.record(
                by=by, verb="planned", row=reminder.campaign,
                detail={"follows": call.ref, "days": number, "at": at.isoformat()},
            )  # fmt: skip
            made.append(reminder)
    return made


def change(
    *, reminder: Reminder, by: User, deadline: Deadline | None, days: int, hour: dt.time
) -> None:
    """Let a reminder leave at another time; its text and its signatures stay.

    Unless it names what is over by then: it takes over what the record says, as one that moved.
    One that was set aside in a copy of the database leaves again by itself from now on.
    """
    with transaction.atomic():
        held = _held(reminder)
        _check_open(held.call)
        held.deadline, held.days, held.hour = deadline, days, hour
        at = _checked(held)
        held.save(update_fields=["deadline", "days", "hour"])
        _set_time(held, at)
        # Nobody moved one that was set aside meanwhile.
        is_old = held.is_set_aside or _names_what_is_over(held.campaign, at)
        if is_old and linking.differences(held.campaign):
            linking.take_over(campaign=held.campaign, by=by)
        _schedule(held.campaign, by)
        audit.record(
            by=by, verb="planned anew", row=held.campaign,
            detail={"days": days, "at": at.isoformat()},
        )  # fmt: skip


def remove(*, reminder: Reminder, by: User) -> None:
    """Take a reminder out of the plan; its campaign is cancelled."""
    with transaction.atomic():
        held = _held(reminder)
        campaigns.cancel(campaign=held.campaign, by=by)
        held.delete()


def _check_open(call: Campaign) -> None:
    if call.follows_id:
        raise Refused(
            _("This campaign itself follows another. Plan reminders on the page of that one.")
        )
    if call.status == S.CANCELLED:
        raise IllegalTransition(_("This campaign was cancelled. Make a new one."))
    record = _record(call)
    campaigns.refuse_unfit(record)
    if record.status != OPEN:
        raise Refused(_("“%(record)s” is over; there is nothing to remind of.") % {"record": call})


def _record(call: Campaign) -> Mission | Event:
    """What has the deadlines. Raises Refused for what is about neither."""
    if call.record is None:
        raise Refused(_("This campaign is about no mission or event, so it has no deadline."))
    return call.record


def _checked(reminder: Reminder) -> dt.datetime:
    """When a reminder would leave; refused where it could not."""
    call, deadline = reminder.call, reminder.deadline
    if call.mission_id and (deadline is None or deadline.mission_id != call.mission_id):
        raise Refused(_("Choose a deadline of this mission."))
    at = reminder.leaves_at
    names = {"n": reminder.days}
    if at is None or at <= timezone.now():
        raise Refused(
            _("%(n)s days before the deadline is over already. Choose fewer days.") % names
        )
    same = call.reminders.waiting().filter(deadline=deadline, days=reminder.days)
    if same.exclude(pk=reminder.pk).exists():
        raise Refused(
            _("There is a reminder %(n)s days before this deadline already. Change that one.")
            % names
        )
    return at


def _names_what_is_over(campaign: Campaign, at: dt.datetime) -> bool:
    return any(ends_at(date) <= at for dates in contents.dates_of(campaign) for date in dates)


def _held(reminder: Reminder) -> Reminder:
    """The reminder as it is now, with its campaign; refused once that has begun or ended."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=reminder.campaign_id)
    found = Reminder.objects.with_what_it_hangs_on().get(pk=reminder.pk)
    if found.called_off or campaign.status not in Campaign.UNSTARTED:
        raise IllegalTransition(
            _("This reminder is %(status)s; its day does not change any more.")
            % {"status": campaign.get_status_display()}
        )
    return found


def _call_it_a_reminder(campaign: Campaign, by: User) -> None:
    """Its text says the same as the call's, and what the record says today of its time."""
    texts = list(campaign.texts.order_by("language"))
    for text in texts:
        with translation.override(text.language):
            subject = _("Reminder: %(subject)s") % {"subject": text.subject}
        text.subject = subject[:200]
        revisions.write(text, by=by, why=ContentRevision.Why.DRAFTED)
    linking.take(campaign, [text.language for text in texts], by=by)


def _set_time(reminder: Reminder, at: dt.datetime) -> None:
    """When it leaves, and by then the word of each region is wanted: who signs is told of it."""
    Campaign.objects.filter(pk=reminder.campaign_id).update(send_at=at)
    Release.objects.filter(campaign=reminder.campaign_id, freeze_began_at=None).update(
        by_at=at, passed_at=None, reminded_at=None
    )
    reminder.campaign.refresh_from_db()


def _schedule(campaign: Campaign, by: User) -> None:
    """It leaves by itself at its time; whoever had it leave so first started it."""
    Campaign.objects.filter(pk=campaign.pk, status=S.DRAFT).update(
        status=S.SCHEDULED, started_by=by
    )
    campaign.refresh_from_db()


# --- what the scheduler does


def tend() -> int:
    """Move reminders with their deadlines, and call off what has nothing to remind of any more.

    Before anything starts: what is left planned and is due may leave. One that was set aside in a
    copy of the database waits for a person. One at which nobody could look waits for that, and
    keeps no other waiting. Returns how many changed.
    """
    rows = list(Reminder.objects.open().with_what_it_hangs_on().order_by("pk"))
    if not rows:
        return 0
    now = quiet.clock()
    latest = _latest_due(rows, now)
    changed: list[int] = []
    for reminder in rows:

        def look(reminder: Reminder = reminder) -> None:
            changed.append(_tend(reminder, _against(reminder, now) or _overtaken(reminder, latest)))

        faults.take(Fault.Step.REMINDERS, look, reminder.campaign)
    return sum(changed)


def _tend(reminder: Reminder, why: Why | None) -> int:
    if reminder.campaign.status not in Campaign.UNSTARTED:
        return _let_end(reminder, why) if why else 0
    if why:
        return _call_off(reminder, why)
    if not reminder.is_set_aside and reminder.leaves_at != reminder.campaign.send_at:
        return _move(reminder)
    return 0


def _latest_due(rows: Iterable[Reminder], now: dt.datetime) -> dict[int, dt.datetime]:
    """Of each call, the time of its reminder that was due last."""
    due: dict[int, dt.datetime] = {}
    for reminder in rows:
        at = reminder.campaign.send_at
        if at and at <= now:
            due[reminder.call_id] = max(at, due.get(reminder.call_id, at))
    return due


def _against(reminder: Reminder, now: dt.datetime) -> Why | None:
    """Why nothing of it may leave any more."""
    call, campaign, due_at = reminder.call, reminder.campaign, reminder.due_at
    at = reminder.leaves_at
    found = {
        Why.CALL: call.status == S.CANCELLED,
        Why.GONE: due_at is None,
        Why.RECORD: bool(_record(call).archived_at) or _record(call).status != OPEN,
        Why.OVER: due_at is not None and due_at <= now,
        Why.LATE: call.started_at is None and at is not None and at <= now,
        Why.PASSED: at is not None and at <= now and at != campaign.send_at,
    }
    if campaign.status != S.SCHEDULED:  # a deadline that moved changes nothing of it
        found[Why.PASSED] = False
    return next((why for why, holds in found.items() if holds), None)


def _overtaken(reminder: Reminder, latest: dict[int, dt.datetime]) -> Why | None:
    """Whoever gets the next one shall not get this one beside it."""
    at, last = reminder.campaign.send_at, latest.get(reminder.call_id)
    return Why.OVERTAKEN if at and last and at < last else None


def _call_off(reminder: Reminder, why: Why) -> int:
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=reminder.campaign_id)
        if campaign.status not in Campaign.UNSTARTED:
            return 0
        campaigns.cancel(campaign=campaign, by=None)
        Reminder.objects.filter(pk=reminder.pk).update(called_off=why)
        audit.record(by=None, verb="called off", row=campaign, detail={"why": why.value})
    return 1


def _let_end(reminder: Reminder, why: Why) -> int:
    """Of one under way: lanes that nobody signed get no other chance, and what sleeps stays."""
    campaign = reminder.campaign
    lanes = campaign.releases.filter(freeze_began_at=None).exclude(
        status__in=(Release.Status.DECLINED, Release.Status.LAPSED)
    )
    changed = lanes.update(status=Release.Status.LAPSED)
    under_way = campaign.releases.filter(status=Release.Status.SENDING).exists()
    if why != Why.OVERTAKEN and (under_way or campaign.status == S.PAUSED):
        campaigns.cancel(campaign=campaign, by=None)
        changed += 1
    return min(changed, 1)


def _move(reminder: Reminder) -> int:
    """Follow the deadline. The text would name the old one: it takes over what the record says.

    Whoever signed it did not sign that, and is asked again.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=reminder.campaign_id)
        at = reminder.leaves_at
        if at is None or campaign.status not in Campaign.UNSTARTED:
            return 0
        _set_time(reminder, at)
        campaign.refresh_from_db()
        if linking.differences(campaign):
            linking.take_over(campaign=campaign, by=None)
        audit.record(
            by=None, verb="moved with its deadline", row=campaign, detail={"at": at.isoformat()}
        )
    return 1


# --- signing them together with the call


def lanes_with(release: Release) -> list[Release]:
    """The lanes of a call's reminders that wait for the same region's word."""
    lanes = Release.objects.filter(
        campaign__reminder__in=Reminder.objects.waiting().filter(call=release.campaign_id),
        cluster=release.cluster_id,
        status=Release.Status.WAITING,
    )
    rows = lanes.select_related("campaign__reminder", "cluster", *releases.LOOKED_AT)
    rows = rows.prefetch_related("campaign__texts", "campaign__linked")
    return list(rows.order_by("campaign__send_at", "pk"))


def seen_with(lanes: Iterable[Release]) -> str:
    """A mark of what a signer of these reminders looks at."""
    return releases.seen_in_each({lane.campaign: [lane] for lane in lanes})


def release_with(*, release: Release, by: User, seen: str, undo: bool = False) -> int:
    """Sign the reminders of a call's lane, which was signed before; `seen` as of `seen_with`.

    Each for itself: what stands against one keeps no other. Returns how many; Refused where one is.
    """
    lanes = lanes_with(release)
    if seen_with(lanes) != seen:
        raise Stale(
            _(
                "The call is signed. A reminder changed since you opened it: "
                "look at it and sign it by itself."
            )
        )
    refused = ""
    for lane in lanes:
        try:
            releases.release(release=lane, by=by, undo=undo)
        except Refused as refusal:
            refused = refused or str(refusal)
    if refused:
        raise Refused(_("The call is signed, but a reminder is not: %(why)s") % {"why": refused})
    return len(lanes)
