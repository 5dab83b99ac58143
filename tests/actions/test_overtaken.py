"""Campaigns that were overtaken: nobody is called to what is cancelled, archived or over."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    campaigns,
    checks,
    contents,
    freezing,
    linking,
    overtaken,
    overview,
    releases,
    reminders,
    retrying,
    sweeping,
    trials,
)
from campaigns.actions.findings import Level
from campaigns.models import Batch, Campaign, Delivery, Release, Trial
from crm.actions import events, missions
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Cluster, Deadline, Event, Mission
from tests.kit.mailserver import MailServer
from tests.kit.sent import send
from tests.world import World

S = Campaign.Status
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


def due(world: World, campaign: Campaign) -> Campaign:
    """Signed, and to leave at this moment."""
    by = world.users["coordinator"]
    releases.release_all(campaign=campaign, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())
    return campaign


@pytest.fixture
def call(world: World) -> Campaign:
    world.person()
    return due(world, world.call(release=False, start=False))


@pytest.fixture
def invitation(world: World) -> Campaign:
    world.person()
    return due(world, world.invitation(release=False, start=False))


def cancel(record: Mission | Event) -> None:
    record.refresh_from_db()
    if isinstance(record, Mission):
        missions.edit(mission=record, by=None, version=record.version, status="cancelled")
    else:
        events.edit(event=record, by=None, version=record.version, status="cancelled")


def why_held_back(campaign: Campaign) -> list[str]:
    entries = AuditEntry.objects.filter(noun="campaign", row_id=campaign.pk, verb="held back")
    return [entry.detail["why"] for entry in entries]


OVERTAKEN: dict[str, tuple[Callable[[World], object], str]] = {
    "cancelled": (lambda world: cancel(world.mission), "archived or cancelled"),
    "archived": (
        lambda world: missions.archive(mission=world.mission, by=None),
        "archived or cancelled",
    ),
    "too late": (
        lambda _world: Deadline.objects.update(at=timezone.now() - MINUTE),
        "Every deadline is over",
    ),
}


@pytest.mark.parametrize("what", OVERTAKEN)
def test_a_due_call_to_what_is_over_becomes_a_draft_again(
    world: World, call: Campaign, mail_server: MailServer, what: str
) -> None:
    happen, why = OVERTAKEN[what]
    happen(world)

    send(call)
    send(call)

    assert (call.status, call.send_at) == (S.DRAFT, None)
    (said,) = why_held_back(call)
    assert call.reason_paused == said
    assert why in said
    assert mail_server.readers == []
    assert not call.deliveries.exists()


def test_a_due_invitation_to_an_event_that_is_over_becomes_a_draft_again(
    world: World, invitation: Campaign, mail_server: MailServer
) -> None:
    Event.objects.update(starts_at=timezone.now() - DAY, ends_at=timezone.now() - MINUTE)

    send(invitation)

    assert (invitation.status, invitation.send_at) == (S.DRAFT, None)
    assert why_held_back(invitation) == ["The event is over."]
    assert mail_server.readers == []


def test_one_that_nothing_stands_against_leaves(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    send(call)

    assert call.status == S.FINISHED
    assert len(mail_server.readers) == 1
    assert why_held_back(call) == []


def test_what_is_not_due_yet_keeps_its_day(world: World) -> None:
    world.person()
    later = world.call(start=False)
    by = world.users["coordinator"]
    campaigns.schedule(campaign=later, by=by, send_at=timezone.now() + DAY)
    missions.archive(mission=world.mission, by=None)

    sweeping.tick()

    later.refresh_from_db()
    assert later.status == S.SCHEDULED


def test_after_it_was_mended_it_leaves_once_it_is_scheduled_anew(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    missions.archive(mission=world.mission, by=None)
    send(call)
    missions.restore(mission=world.mission, by=None)
    send(call)
    assert call.status == S.DRAFT

    send(due(world, call))

    assert (call.status, call.reason_paused) == (S.FINISHED, "")
    assert len(mail_server.readers) == 1


def test_one_that_is_held_back_keeps_no_other_waiting(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    invitation = due(world, world.invitation(release=False, start=False))
    missions.archive(mission=world.mission, by=None)

    send(invitation)

    call.refresh_from_db()
    assert call.status == S.DRAFT
    assert len(mail_server.readers) == 1


@pytest.mark.faults
def test_one_that_cannot_be_looked_at_waits_and_keeps_no_other_waiting(
    world: World, call: Campaign, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = due(world, world.invitation(release=False, start=False))
    look = overtaken.hold_back

    def fail(campaign: Campaign) -> bool:
        if campaign == call:
            raise ZeroDivisionError
        return look(campaign)

    monkeypatch.setattr(overtaken, "hold_back", fail)

    send(invitation)

    call.refresh_from_db()
    assert call.status == S.SCHEDULED
    assert invitation.status == S.FINISHED


def test_a_reminder_is_called_off_by_its_deadline_and_not_held_back(world: World) -> None:
    world.person()
    call = world.call(release=False, start=False)
    (reminder,) = reminders.plan(
        call=call,
        by=world.users["coordinator"],
        days=[7],
        deadline=world.mission.deadlines.get(),
        hour=dt.time(9),
    )
    missions.archive(mission=world.mission, by=None)

    sweeping.tick()

    reminder.refresh_from_db()
    assert reminder.campaign.status == S.CANCELLED
    assert why_held_back(reminder.campaign) == []


# --- under way


@pytest.mark.parametrize("what", ["cancelled", "archived"])
def test_what_is_being_sent_is_paused_and_says_why(
    world: World, call: Campaign, mail_server: MailServer, what: str
) -> None:
    freezing.start_due()
    OVERTAKEN[what][0](world)

    send(call)

    assert call.status == S.PAUSED
    assert call.reason_paused == "“Japan mission” was archived or cancelled."
    assert campaigns.paused_by(call) is None
    assert mail_server.readers == []


def test_whoever_moves_the_time_at_that_moment_keeps_it(world: World, call: Campaign) -> None:
    missions.archive(mission=world.mission, by=None)
    seen = Campaign.objects.get(pk=call.pk)
    later = timezone.now() + DAY
    campaigns.schedule(campaign=call, by=world.users["coordinator"], send_at=later)

    assert not overtaken.hold_back(seen)

    call.refresh_from_db()
    assert (call.status, call.send_at) == (S.SCHEDULED, later)


def test_an_invitation_that_is_being_sent_is_paused_too(
    world: World, invitation: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    cancel(world.event)

    send(invitation)

    assert invitation.status == S.PAUSED
    assert "Matchmaking" in invitation.reason_paused
    assert mail_server.readers == []


def test_whoever_goes_on_all_the_same_is_not_stopped_again(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    missions.archive(mission=world.mission, by=None)
    send(call)

    campaigns.resume(campaign=call, by=world.users["coordinator"])
    send(call)

    assert call.status == S.FINISHED
    assert len(mail_server.readers) == 1


def test_what_was_put_right_and_is_cancelled_again_is_paused_again(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    cancel(world.mission)
    sweeping.tick()
    world.mission.refresh_from_db()
    reopen: dict[str, Any] = {"version": world.mission.version, "status": "open"}
    missions.edit(mission=world.mission, by=None, **reopen)
    call.refresh_from_db()
    campaigns.resume(campaign=call, by=world.users["coordinator"])
    cancel(world.mission)

    send(call)

    assert call.status == S.PAUSED
    assert mail_server.readers == []


def test_what_is_let_go_on_is_paused_again_once_its_record_was_right_in_between(
    world: World, call: Campaign
) -> None:
    freezing.start_due()
    missions.archive(mission=world.mission, by=None)
    sweeping.tick()
    call.refresh_from_db()
    campaigns.resume(campaign=call, by=world.users["coordinator"])
    missions.restore(mission=world.mission, by=None)
    sweeping.tick()
    missions.archive(mission=world.mission, by=None)

    sweeping.tick()

    call.refresh_from_db()
    assert call.status == S.PAUSED


# --- over while it is being sent


def pass_by(world: World) -> None:
    """The last deadline of companies; that of clusters still lies ahead."""
    missions.set_deadline(
        mission=world.mission,
        by=None,
        at=timezone.now() + 9 * DAY,
        timezone="Europe/Paris",
        things={"en": "Name your desk"},
        audience="clusters",
    )
    own = Deadline.objects.filter(audience=Deadline.Audience.MEMBERS)
    own.update(at=timezone.now() - MINUTE)


def test_after_the_last_deadline_nothing_leaves_any_more(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    pass_by(world)

    send(call)

    assert call.status == S.PAUSED
    assert call.reason_paused == (
        "Every deadline of “Japan mission” is over, so nobody could apply."
    )
    assert mail_server.readers == []


def test_an_invitation_does_not_outlast_its_event(
    world: World, invitation: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    Event.objects.update(starts_at=timezone.now() - DAY, ends_at=timezone.now() - MINUTE)

    send(invitation)

    assert (invitation.status, invitation.reason_paused) == (S.PAUSED, "“Matchmaking” is over.")
    assert mail_server.readers == []


def test_the_rest_of_a_trial_does_not_outlast_the_deadline(
    world: World, mail_server: MailServer
) -> None:
    for _n in range(20):
        world.person()
    call = world.call(release=False, start=False)
    trials.lay(campaign=call, by=None, subjects={"en": "Osaka"}, share=10, hours=24, policy="a")
    send(due(world, call))
    sample = len(mail_server.readers)
    assert 0 < sample < 20
    Trial.objects.update(ends_at=timezone.now() - MINUTE)
    pass_by(world)

    send(call)

    assert call.status == S.PAUSED
    assert not Trial.objects.get().chosen
    assert len(mail_server.readers) == sample


def test_a_late_lane_does_not_leave_after_the_deadline(
    world: World, mail_server: MailServer
) -> None:
    world.person()
    world.person(world.biom)
    call = world.call(release=False, start=False)
    by = world.users["coordinator"]
    late = call.releases.get(cluster=world.biom)
    releases.release(release=call.releases.get(cluster=world.biocat), by=by)
    campaigns.schedule(campaign=call, by=by, send_at=timezone.now())
    send(call)
    releases.release(release=late, by=by)
    pass_by(world)

    send(call)

    late.refresh_from_db()
    assert (call.status, late.status) == (S.PAUSED, Release.Status.RELEASED)
    assert len(mail_server.readers) == 1


def test_what_slept_past_the_deadline_leaves_once_there_is_a_later_one(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    Release.objects.filter(status=Release.Status.SENDING).update(
        sleeps_until=timezone.now() - MINUTE
    )
    pass_by(world)
    send(call)
    assert call.status == S.PAUSED

    Deadline.objects.update(at=timezone.now() + DAY)
    campaigns.resume(campaign=call, by=world.users["coordinator"])
    send(call)

    assert call.status == S.FINISHED
    assert len(mail_server.readers) == 1


def test_whoever_lets_it_go_on_after_the_deadline_is_not_stopped_again(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    freezing.start_due()
    pass_by(world)
    send(call)

    campaigns.resume(campaign=call, by=world.users["coordinator"])
    send(call)

    assert call.status == S.FINISHED
    assert len(mail_server.readers) == 1


def test_nothing_is_tried_again_after_the_last_deadline(
    world: World, call: Campaign, mail_server: MailServer
) -> None:
    send(call)
    Delivery.objects.update(state=Delivery.State.EXPIRED)
    pass_by(world)
    by = world.users["coordinator"]

    with pytest.raises(IllegalTransition, match="So nothing of it is sent again"):
        retrying.retry(campaign=call, by=by, reasons=[retrying.Why.EXPIRED])
    assert not Batch.objects.filter(done_at=None).exists()

    Deadline.objects.update(at=timezone.now() + DAY)
    assert retrying.retry(campaign=call, by=by, reasons=[retrying.Why.EXPIRED]).again


# --- scheduled


def told(campaign: Campaign, level: Level) -> str:
    """What the checks say of it at this level."""
    fresh = Campaign.objects.get(pk=campaign.pk)
    found = checks.standing(overview.read(fresh))
    return " ".join(one.sentence for one in found if one.level == level)


def at(world: World, campaign: Campaign, when: dt.datetime, *, spread: int = 0) -> None:
    by = world.users["coordinator"]
    campaigns.schedule(campaign=campaign, by=by, send_at=when, spread=spread)


def test_a_time_by_which_every_deadline_is_over_is_refused(world: World) -> None:
    call = world.call(start=False)
    last = world.mission.deadlines.get().at

    with pytest.raises(Refused, match="Every deadline is over by then"):
        at(world, call, last + MINUTE)
    with pytest.raises(Refused, match="Every deadline is over by then"):
        at(world, call, last - MINUTE, spread=60)
    assert call.status == S.DRAFT

    at(world, call, last - 61 * MINUTE, spread=60)
    assert call.status == S.SCHEDULED


def test_the_hours_of_a_trial_are_over_before_the_deadline_is(world: World) -> None:
    call = world.call(start=False)
    last = world.mission.deadlines.get().at
    of_a_day: dict[str, Any] = {"subjects": {"en": "Osaka"}, "share": 10, "policy": "a"}
    trials.lay(campaign=call, by=None, hours=24, **of_a_day)
    releases.release_all(campaign=call, by=world.users["coordinator"])

    with pytest.raises(Refused, match="fewer hours"):
        at(world, call, last - 20 * HOUR)
    with pytest.raises(Refused, match="fewer hours"):
        at(world, call, last - 25 * HOUR, spread=90)
    at(world, call, last - 25 * HOUR)

    assert call.status == S.SCHEDULED
    with pytest.raises(Refused, match="fewer hours"):
        trials.lay(campaign=call, by=None, hours=48, **of_a_day)
    assert Trial.objects.get().hours == 24


def test_a_lane_that_would_leave_after_the_last_deadline_is_not_signed(
    world: World, settings: Settings, mail_server: MailServer
) -> None:
    world.person()
    world.person(world.biom)
    call = world.call(release=False, start=False)
    by = world.users["coordinator"]
    releases.release(release=call.releases.get(cluster=world.biocat), by=by)
    campaigns.schedule(campaign=call, by=by, send_at=timezone.now())
    send(call)
    late = call.releases.get(cluster=world.biom)
    Deadline.objects.update(at=timezone.now() + 5 * MINUTE)
    settings.UNDO_WINDOW = 600

    with pytest.raises(Refused, match="Every deadline is over by then"):
        releases.release(release=late, by=by, undo=True)


def due_at(world: World, when: dt.datetime) -> Deadline:
    """A further deadline of companies."""
    things = {"en": "Early application", "fr": "Candidature anticipée"}
    zone = "Europe/Paris"
    return missions.set_deadline(
        mission=world.mission, by=None, at=when, timezone=zone, things=things
    )


def test_deadlines_are_judged_at_the_time_at_which_the_mail_leaves(world: World) -> None:
    """Scheduled on Monday for Thursday, with a deadline on Wednesday."""
    world.person()
    due_at(world, timezone.now() + 2 * DAY)
    call = world.call(start=False)
    assert "All deadlines lie ahead." in told(call, Level.OK)

    at(world, call, timezone.now() + 3 * DAY)

    assert "All deadlines lie ahead." not in told(call, Level.OK)
    assert "names one deadline that is over when it leaves" in told(call, Level.WARN)
    linking.take_over(campaign=call, by=None)
    said = told(call, Level.WARN)
    assert "One deadline is over and is left out of the mail." in said
    assert "The mail names" not in said
    for text in contents.resolved(call):
        assert "Early application" not in str(text)
        assert "Candidature anticipée" not in str(text)
    assert [len(dates) for dates in contents.dates_of(call)] == [1, 1]


def test_a_late_lane_is_told_that_its_mail_names_a_deadline_that_is_over(
    world: World, mail_server: MailServer
) -> None:
    world.person()
    world.person(world.biom)
    first = due_at(world, timezone.now() + 2 * DAY)
    call = world.call(release=False, start=False)
    by = world.users["coordinator"]
    releases.release(release=call.releases.get(cluster=world.biocat), by=by)
    campaigns.schedule(campaign=call, by=by, send_at=timezone.now())
    send(call)

    Deadline.objects.filter(pk=first.pk).update(at=timezone.now() - MINUTE)

    said = told(call, Level.WARN)
    assert "The mail names one deadline that is over. Its text is already being sent" in said
    assert "is left out of the mail" not in said


def test_the_deadline_of_the_other_call_is_looked_at_too(world: World) -> None:
    call = world.call(start=False)
    over = timezone.now() + 40 * DAY  # ours is in sixty days, theirs in thirty
    assert "EU-Japan Centre" not in told(call, Level.WARN)

    at(world, call, over)

    assert "The deadline of the other call, by EU-Japan Centre, is over" in told(call, Level.WARN)


def test_an_event_that_is_over_by_then_stops_its_invitation(world: World) -> None:
    world.person()
    invitation = world.invitation(start=False)
    at(world, invitation, world.event.ends_at - DAY)
    Event.objects.update(ends_at=world.event.ends_at - 2 * DAY, starts_at=timezone.now() + DAY)

    assert "The event is over by then." in told(invitation, Level.BLOCK)


def test_a_region_that_sleeps_past_the_last_deadline_is_warned_of(world: World) -> None:
    """From Friday evening to Monday morning, with the deadline on Sunday."""
    friday = dt.datetime(2031, 1, 3, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    kept = {"quiet_from": dt.time(18), "quiet_until": dt.time(8), "quiet_days": [6, 7]}
    Cluster.objects.filter(pk=world.biom.pk).update(timezone="Europe/Berlin", **kept)
    world.person(world.biom)
    call = world.call(release=False, start=False)
    releases.release_all(campaign=call, by=world.users["coordinator"])
    Deadline.objects.update(at=friday + 2 * DAY)
    at(world, call, friday)

    assert "BioM sleeps until it is over" in told(call, Level.WARN)

    Deadline.objects.update(at=friday + 4 * DAY)
    assert "sleeps until it is over" not in told(call, Level.WARN)


def test_a_later_deadline_of_companies_counts_and_one_of_clusters_does_not(world: World) -> None:
    call = world.call(start=False)
    last = world.mission.deadlines.get().at
    more: dict[str, Any] = {
        "mission": world.mission,
        "by": None,
        "at": last + 5 * DAY,
        "timezone": "Europe/Paris",
    }
    missions.set_deadline(things={"en": "Name your desk"}, audience="clusters", **more)
    with pytest.raises(Refused, match="Every deadline"):
        at(world, call, last + DAY)

    missions.set_deadline(things={"en": "Apply late"}, **more)
    at(world, call, last + DAY)

    assert call.status == S.SCHEDULED


def test_a_time_by_which_the_event_is_over_is_refused(world: World) -> None:
    invitation = world.invitation(start=False)
    ends = world.event.ends_at

    with pytest.raises(Refused, match="The event is over by then"):
        at(world, invitation, ends)
    with pytest.raises(Refused, match="The event is over by then"):
        at(world, invitation, ends - MINUTE, spread=60)

    at(world, invitation, ends - DAY)
    assert invitation.status == S.SCHEDULED
