"""Reminders of a call: planned beforehand, moved with the deadline, sent once, or called off."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    campaigns,
    contents,
    fencing,
    following_up,
    freezing,
    ledger,
    linking,
    overview,
    releases,
    reminders,
    sweeping,
)
from campaigns.models import Campaign, Installation, Release, Reminder
from crm.actions import answers, clusters, events, missions
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Deadline, Person
from tests.kit.mailserver import MailServer
from tests.kit.sent import four_readers, send, sent_call
from tests.world import World

S, Why, Lane = Campaign.Status, Reminder.Why, Release.Status
NINE = dt.time(9)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.fixture
def readers(world: World) -> dict[str, Person]:
    return four_readers(world)


def deadline_of(world: World) -> Deadline:
    """The last one."""
    return world.mission.deadlines.latest("at")


def plan(world: World, call: Campaign, *days: int, **more: Any) -> list[Reminder]:
    values: dict[str, Any] = {"deadline": deadline_of(world), "hour": NINE, **more}
    return reminders.plan(call=call, by=world.users["coordinator"], days=days, **values)


def sign(world: World, reminder: Reminder) -> None:
    releases.release_all(campaign=reminder.campaign, by=world.users["coordinator"])


def come(reminder: Reminder) -> None:
    """The database's clock cannot be moved, so the deadline and the hour are."""
    reminder.refresh_from_db()
    zone = ZoneInfo(reminder.campaign.timezone)
    wall = timezone.localtime(timezone.now() - dt.timedelta(minutes=1), zone)
    Reminder.objects.filter(pk=reminder.pk).update(hour=wall.time())
    Deadline.objects.update(at=wall + reminder.days * DAY)
    fresh = Reminder.objects.with_what_it_hangs_on().get(pk=reminder.pk)
    Campaign.objects.filter(pk=fresh.campaign_id).update(send_at=fresh.leaves_at)


def now(reminder: Reminder) -> Reminder:
    return Reminder.objects.with_what_it_hangs_on().get(pk=reminder.pk)


def restore() -> None:
    """An older copy of the database was restored, and somebody goes on with it."""
    Installation.objects.update(fenced_at=timezone.now(), fenced_why="An older copy.")
    fencing.confirm(by=None)


def move_deadline(world: World, by: dt.timedelta) -> None:
    deadline = deadline_of(world)
    missions.set_deadline(
        mission=world.mission,
        by=None,
        deadline=deadline,
        things=deadline.things,
        at=deadline.at + by,
        timezone=deadline.timezone,
    )


@pytest.fixture
def sent(world: World, readers: dict[str, Person], mail_server: MailServer) -> Campaign:
    return sent_call(world, readers, mail_server)


# --- planned


def test_each_leaves_so_many_days_before_the_deadline(world: World) -> None:
    call = world.call(release=False, start=False)

    first, second = plan(world, call, 2, 14)

    due = timezone.localtime(deadline_of(world).at, ZoneInfo("Europe/Paris"))
    for reminder, days in ((first, 14), (second, 2)):
        leaves = timezone.localtime(reminder.campaign.send_at, ZoneInfo("Europe/Paris"))
        assert leaves.date() == due.date() - days * DAY
        assert leaves.time() == NINE
        assert reminder.campaign.status == S.SCHEDULED
        assert set(reminder.campaign.releases.values_list("status", flat=True)) == {Lane.WAITING}
        assert reminder.campaign.releases.first().by_at == reminder.campaign.send_at


def test_it_says_what_the_call_says_and_that_it_reminds(world: World) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = plan(world, call, 7)

    found = {
        (row.language, row.part): row.lines for row in following_up.differences(reminder.campaign)
    }

    assert {part for _language, part in found} == {"subject"}
    assert found["en", "subject"] == [[("new", "Reminder:"), ("same", "Japan mission: apply now")]]
    assert reminder.campaign.texts.get(language="fr").subject.startswith("Rappel")


@pytest.mark.parametrize("days", [61, 365])
def test_a_day_that_is_over_is_refused(world: World, days: int) -> None:
    call = world.call(release=False, start=False)

    with pytest.raises(Refused, match="is over already"):
        plan(world, call, 7, days)

    assert not Reminder.objects.exists()
    assert Campaign.objects.count() == 1


def test_the_same_day_twice_and_other_missions_deadlines_are_refused(world: World) -> None:
    call = world.call(release=False, start=False)
    plan(world, call, 7)

    with pytest.raises(Refused, match="already"):
        plan(world, call, 7)
    with pytest.raises(Refused, match="deadline of this mission"):
        plan(world, call, 3, deadline=None)


def test_a_call_that_is_cancelled_or_follows_another_has_none(world: World, sent: Campaign) -> None:
    (reminder,) = plan(world, sent, 7)
    with pytest.raises(Refused, match="itself follows another"):
        plan(world, reminder.campaign, 3)

    invitation = world.invitation(release=False, start=False)
    campaigns.cancel(campaign=invitation, by=world.users["coordinator"])
    with pytest.raises(IllegalTransition, match="cancelled"):
        plan(world, invitation, 3, deadline=None)


def test_its_time_is_changed_in_its_plan_alone(world: World, sent: Campaign) -> None:
    by = world.users["coordinator"]
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    with pytest.raises(IllegalTransition, match="reminder"):
        campaigns.schedule(campaign=reminder.campaign, by=by, send_at=timezone.now())
    with pytest.raises(IllegalTransition, match="reminder"):
        campaigns.unschedule(campaign=reminder.campaign, by=by)

    reminders.change(
        reminder=reminder, by=by, deadline=deadline_of(world), days=3, hour=dt.time(14)
    )

    held = now(reminder)
    assert held.campaign.send_at == held.leaves_at
    assert timezone.localtime(held.leaves_at, ZoneInfo("Europe/Paris")).hour == 14
    assert set(held.campaign.releases.values_list("status", flat=True)) == {Lane.RELEASED}


def test_it_leaves_as_fast_and_as_quietly_as_its_call(world: World) -> None:
    call = world.call(release=True, start=False)
    by = world.users["coordinator"]
    at = timezone.now() + DAY
    campaigns.schedule(campaign=call, by=by, send_at=at, pace=40, spread=120, heeds_quiet=False)
    (reminder,) = plan(world, call, 7)
    assert _ways(reminder) == (40, 120, False)

    campaigns.schedule(campaign=call, by=by, send_at=at, pace=None, spread=60)

    assert _ways(reminder) == (None, 60, True)


def _ways(reminder: Reminder) -> tuple[int | None, int, bool]:
    campaign = now(reminder).campaign
    return campaign.pace, campaign.spread_minutes, campaign.heeds_quiet


def test_before_the_call_left_it_is_counted_for_who_would_get_that_today(
    world: World, readers: dict[str, Person]
) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = plan(world, call, 7)
    answers.give(person=readers["answers"], mission=world.mission, value="declined")

    assert overview.read(reminder.campaign).total.expected == len(readers) - 1


def test_it_never_leaves_before_its_call_whatever_was_missed(
    world: World, readers: dict[str, Person], mail_server: MailServer
) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = plan(world, call, 7)
    sign(world, reminder)
    come(reminder)

    freezing.start_due()  # without the look at its deadline, which calls it off

    assert now(reminder).campaign.status == S.SCHEDULED


# --- sent


def test_exactly_who_got_it_and_did_not_answer_is_reminded_and_once(
    world: World, sent: Campaign, readers: dict[str, Person], mail_server: MailServer
) -> None:
    world.person()  # came later, and was never asked
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    come(reminder)

    send(reminder.campaign)
    send(reminder.campaign)

    wanted = [str(readers[name].email) for name in ("silent", "bavarian")]
    assert mail_server.readers == sorted(wanted)
    assert reminder.campaign.status == S.FINISHED
    assert ledger.read(reminder.campaign).balances


def test_who_answers_after_it_was_planned_and_signed_is_left_alone(
    world: World, readers: dict[str, Person], mail_server: MailServer
) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = plan(world, call, 7)  # before the call left
    sign(world, reminder)
    releases.release_all(campaign=call, by=world.users["coordinator"])
    campaigns.schedule(campaign=call, by=world.users["coordinator"], send_at=timezone.now())
    send(call)
    answers.give(person=readers["silent"], mission=world.mission, value="declined")
    mail_server.arrived.clear()
    come(reminder)

    send(reminder.campaign)

    assert mail_server.readers == sorted(
        str(readers[name].email) for name in ("answers", "bavarian")
    )


def test_a_lane_that_is_not_signed_gets_none_not_even_after_the_deadline(
    world: World, sent: Campaign, readers: dict[str, Person], mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    releases.release(
        release=world.lane(reminder.campaign, world.biom), by=world.users["contact_biom"]
    )
    come(reminder)
    send(reminder.campaign)
    assert mail_server.readers == [readers["bavarian"].email]
    assert reminder.campaign.status == S.SENDING

    Deadline.objects.update(at=timezone.now() - DAY)
    send(reminder.campaign)

    assert reminder.campaign.status == S.FINISHED
    assert world.lane(reminder.campaign, world.biocat).status == Lane.LAPSED
    assert mail_server.readers == [readers["bavarian"].email]


def test_in_the_quiet_hours_of_a_region_it_sleeps(
    world: World, sent: Campaign, readers: dict[str, Person], mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    today = timezone.localtime(timezone.now(), ZoneInfo(world.biom.timezone)).isoweekday()
    clusters.edit(cluster=world.biom, by=None, version=1, quiet_days=[today])
    come(reminder)

    send(reminder.campaign)

    assert mail_server.readers == [readers["silent"].email]
    assert world.lane(reminder.campaign, world.biom).sleeps_until is not None

    Deadline.objects.update(at=timezone.now())  # what sleeps until then never leaves
    send(reminder.campaign)

    assert reminder.campaign.status == S.CANCELLED
    assert mail_server.readers == [readers["silent"].email]
    assert ledger.read(reminder.campaign).balances


def test_while_the_call_is_paused_it_waits(
    world: World, sent: Campaign, mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    come(reminder)
    Campaign.objects.filter(pk=sent.pk).update(status=S.PAUSED)

    sweeping.tick()
    assert now(reminder).campaign.status == S.SCHEDULED

    Campaign.objects.filter(pk=sent.pk).update(status=S.FINISHED)
    send(reminder.campaign)
    assert len(mail_server.readers) == 2


# --- moved


def test_it_moves_with_the_deadline_and_names_the_new_one(world: World, sent: Campaign) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    before = reminder.campaign.send_at
    assert before

    move_deadline(world, 10 * DAY)
    sweeping.tick()

    held = now(reminder)
    assert held.campaign.send_at == held.leaves_at
    assert held.leaves_at
    assert (held.leaves_at.date() - before.date()).days == 10
    (told,) = held.campaign.linked.filter(language="en")
    assert told.dates[0]["starts"][:10] == deadline_of(world).at.date().isoformat()
    lanes = held.campaign.releases.values_list("status", "asked_again", "by_at")
    assert set(lanes) == {(Lane.WAITING, Release.Why.RECORD.value, held.leaves_at)}


def test_nothing_happens_while_nothing_moves(world: World, sent: Campaign) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)

    assert reminders.tend() == 0
    assert set(reminder.campaign.releases.values_list("status", flat=True)) == {Lane.RELEASED}


def test_a_deadline_that_moves_after_it_was_sent_sends_nothing_again(
    world: World, sent: Campaign, mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    come(reminder)
    send(reminder.campaign)
    mail_server.arrived.clear()

    move_deadline(world, 30 * DAY)
    send(reminder.campaign)

    assert mail_server.readers == []
    assert now(reminder).campaign.status == S.FINISHED


def test_a_deadline_that_comes_nearer_sends_nothing_by_surprise(
    world: World, sent: Campaign, mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)

    move_deadline(world, -57 * DAY)
    send(reminder.campaign)

    assert mail_server.readers == []
    assert now(reminder).called_off == Why.PASSED


# --- called off


@pytest.mark.parametrize("why", ["gone", "over", "call", "record", "late"])
def test_it_is_called_off_where_there_is_nothing_to_remind_of(
    world: World, readers: dict[str, Person], mail_server: MailServer, why: str
) -> None:
    call = world.call(release=False, start=False)
    by = world.users["coordinator"]
    (reminder,) = plan(world, call, 7)
    sign(world, reminder)
    match why:
        case "gone":
            missions.remove_deadline(deadline=deadline_of(world), by=by)
        case "over":
            Deadline.objects.update(at=timezone.now())
        case "call":
            campaigns.cancel(campaign=call, by=by)
        case "record":
            missions.archive(mission=world.mission, by=by)
        case "late":
            come(reminder)

    send(reminder.campaign)

    assert now(reminder).called_off == why
    assert reminder.campaign.status == S.CANCELLED
    assert mail_server.readers == []


def test_one_that_nobody_signed_gives_way_to_the_next(
    world: World, sent: Campaign, mail_server: MailServer
) -> None:
    first, second = plan(world, sent, 14, 7)
    sign(world, second)
    come(second)
    Campaign.objects.filter(pk=first.campaign_id).update(send_at=now(first).leaves_at)

    send(second.campaign)
    send(first.campaign)

    assert now(first).called_off == Why.OVERTAKEN
    assert len(mail_server.readers) == 2


def test_one_that_a_copy_of_the_database_set_aside_leaves_once_its_day_is_saved_anew(
    world: World, sent: Campaign, readers: dict[str, Person], mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    restore()

    sweeping.tick()
    assert now(reminder).campaign.status == S.DRAFT
    assert now(reminder).campaign.send_at is None
    move_deadline(world, DAY)
    by = world.users["coordinator"]
    deadline = deadline_of(world)
    reminders.change(reminder=reminder, by=by, deadline=deadline, days=7, hour=NINE)
    assert now(reminder).campaign.status == S.SCHEDULED
    assert now(reminder).campaign.send_at == now(reminder).leaves_at
    assert not linking.differences(now(reminder).campaign)  # it names the new day

    sign(world, reminder)
    come(reminder)
    send(reminder.campaign)

    wanted = [str(readers[name].email) for name in ("silent", "bavarian")]
    assert mail_server.readers == sorted(wanted)


def test_one_that_nobody_saves_anew_is_called_off_when_its_deadline_is_over(
    world: World, sent: Campaign, mail_server: MailServer
) -> None:
    (reminder,) = plan(world, sent, 7)
    sign(world, reminder)
    restore()
    Deadline.objects.update(at=timezone.now() + DAY)  # its day is over
    sweeping.tick()
    assert now(reminder).called_off == ""

    Deadline.objects.update(at=timezone.now() - DAY)
    sweeping.tick()

    assert now(reminder).called_off == Why.OVER
    assert mail_server.arrived == []


def test_it_is_taken_out_of_the_plan_until_it_begins(world: World, sent: Campaign) -> None:
    by = world.users["coordinator"]
    first, second = plan(world, sent, 14, 7)

    reminders.remove(reminder=first, by=by)

    assert Reminder.objects.get() == second
    assert Campaign.objects.get(pk=first.campaign_id).status == S.CANCELLED
    sign(world, second)
    come(second)
    send(second.campaign)
    with pytest.raises(IllegalTransition, match="finished"):
        reminders.remove(reminder=second, by=by)


def test_an_invitations_reminders_count_from_the_beginning(world: World) -> None:
    invitation = world.invitation(release=False, start=False)
    (reminder,) = plan(world, invitation, 7, deadline=None)

    events.edit(
        event=world.event,
        by=None,
        version=world.event.version,
        starts_at=world.event.starts_at + 3 * DAY,
        ends_at=world.event.ends_at + 3 * DAY,
    )
    reminders.tend()

    held = now(reminder)
    assert held.campaign.send_at == held.leaves_at
    assert held.due_at == world.event.starts_at + 3 * DAY


# --- signed together with the call


def test_a_region_signs_the_reminders_together_with_its_lane(world: World) -> None:
    call = world.call(release=False, start=False)
    first, second = plan(world, call, 14, 7)
    lane, by = world.lane(call, world.biom), world.users["contact_biom"]
    seen = reminders.seen_with(reminders.lanes_with(lane))
    releases.release(release=lane, by=by)

    assert reminders.release_with(release=lane, by=by, seen=seen) == 2

    for reminder in (first, second):
        signed = reminder.campaign.releases.filter(status=Lane.RELEASED)
        assert [row.cluster for row in signed] == [world.biom]


def test_however_many_there_are_they_are_looked_at_with_the_same_questions(
    world: World, django_assert_num_queries: Any
) -> None:
    call = world.call(release=False, start=False)
    lane = world.lane(call, world.biom)
    marks = []
    for days in ([7], [14, 3, 2]):
        plan(world, call, *days)
        with django_assert_num_queries(6):
            lanes = reminders.lanes_with(lane)
            marks.append(reminders.seen_with(lanes))
        for each, mark in zip(lanes, marks[-1].split("-"), strict=True):
            assert releases.seen_in(Campaign.objects.get(pk=each.campaign_id), [each]) == mark

    assert marks[0] in marks[1]


def test_what_changed_since_it_was_looked_at_is_not_signed(world: World) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = plan(world, call, 7)
    lane, by = world.lane(call, world.biom), world.users["contact_biom"]
    seen = reminders.seen_with(reminders.lanes_with(lane))
    text = reminder.campaign.texts.get(language="en")
    contents.edit(
        campaign=reminder.campaign, language="en", subject="Last call", preheader="",
        blocks=text.blocks, ready=True,
    )  # fmt: skip

    with pytest.raises(Stale, match="A reminder changed"):
        reminders.release_with(release=lane, by=by, seen=seen)

    assert not reminder.campaign.releases.filter(status=Lane.RELEASED).exists()


# --- of several deadlines


def with_an_early_one(world: World, days: int) -> Deadline:
    return missions.set_deadline(
        mission=world.mission,
        by=None,
        things={"en": "Early application", "fr": "Candidature anticipée"},
        at=timezone.now() + days * DAY,
        timezone="Europe/Paris",
    )


def names_the_early_one(reminder: Reminder) -> bool:
    return "Early application" in str(contents.resolved(reminder.campaign))


def test_a_reminder_names_no_deadline_that_is_over_when_it_leaves(world: World) -> None:
    last = deadline_of(world)
    with_an_early_one(world, 30)
    call = world.call(start=False)

    before, after = plan(world, call, 40, 7, deadline=last)

    assert names_the_early_one(before)
    assert not names_the_early_one(after)
    for dates in contents.dates_of(after.campaign):
        assert [dt.datetime.fromisoformat(date["starts"]) for date in dates] == [last.at]
    assert not linking.differences(after.campaign)


def test_one_that_is_moved_behind_a_deadline_no_longer_names_it(world: World) -> None:
    last = deadline_of(world)
    with_an_early_one(world, 30)
    (reminder,) = plan(world, world.call(start=False), 40, deadline=last)
    sign(world, reminder)

    reminders.change(
        reminder=reminder, by=world.users["coordinator"], deadline=last, days=7, hour=NINE
    )

    reminder.refresh_from_db()
    assert not names_the_early_one(reminder)
    assert not reminder.campaign.releases.filter(status=Lane.RELEASED).exists()
