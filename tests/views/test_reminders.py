"""Reminders on the page of their call, and on the lane's page where they are signed."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    fencing,
    freezing,
    probes,
    rehearsals,
    releases,
    reminders,
    sending,
    sweeping,
)
from campaigns.models import Campaign, Installation, Release, Reminder
from tests import world as worlds
from tests.kit import press
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def page(client: Client, campaign: Campaign, step: str = "") -> str:
    return client.get(f"/campaigns/{campaign.ref}/{step}").content.decode()


def planned(world: World, call: Campaign, *days: int) -> list[Reminder]:
    return reminders.plan(
        call=call,
        by=world.users["coordinator"],
        deadline=world.mission.deadlines.get(),
        days=days,
        hour=dt.time(9),
    )


def test_a_coordinator_plans_three_changes_one_and_takes_one_out(
    world: World, as_coordinator: Client
) -> None:
    call = world.call(release=False, start=False)
    to = f"/campaigns/{call.ref}/reminders/"
    assert "None planned." in page(as_coordinator, call)
    assert 'value="14, 7, 2"' in as_coordinator.get(to).content.decode()

    form = {"deadline": world.mission.deadlines.get().pk, "days": "14, 7, 2", "hour": "09:00"}
    shown = as_coordinator.post(to, form, follow=True).content.decode()
    assert "3 reminders are planned." in shown
    assert shown.count("Goes on") == 3
    assert "to those without an answer by then" in shown
    assert "0 of 3 lanes are signed." in shown

    listed = as_coordinator.get("/campaigns/").content.decode()
    assert [listed.count(f"{days} days before the deadline") for days in (14, 7, 2)] == [1, 1, 1]

    first, second, third = Reminder.objects.order_by("-days")
    changed = {**form, "days": "5", "hour": "14:30"}
    shown = as_coordinator.post(
        f"/campaigns/reminders/{second.pk}/", changed, follow=True
    ).content.decode()
    assert "5 days before" in shown
    assert (
        "already"
        in as_coordinator.post(f"/campaigns/reminders/{third.pk}/", changed).content.decode()
    )

    asked = as_coordinator.get(f"/campaigns/reminders/{first.pk}/remove/").content.decode()
    assert "14 days before" in asked
    shown = as_coordinator.post(
        f"/campaigns/reminders/{first.pk}/remove/", follow=True
    ).content.decode()
    assert "The reminder is taken out." in shown
    assert "14 days before" not in shown


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("soon", "Write numbers with commas"),
        ("0, 7", "Write numbers from 1 to 365."),
        ("1,2,3,4,5,6,7", "At most 6 reminders"),
        ("90", "is over already"),
    ],
)
def test_what_cannot_be_planned_says_why(
    world: World, as_coordinator: Client, days: str, sentence: str
) -> None:
    call = world.call(release=False, start=False)
    form = {"deadline": world.mission.deadlines.get().pk, "days": days, "hour": "09:00"}

    answer = as_coordinator.post(f"/campaigns/{call.ref}/reminders/", form)

    assert sentence in answer.content.decode()
    assert not Reminder.objects.exists()


def test_without_a_deadline_ahead_the_way_leads_to_the_mission(
    world: World, as_coordinator: Client
) -> None:
    call = world.call(release=False, start=False)
    world.mission.deadlines.all().delete()

    shown = page(as_coordinator, call, "reminders/")

    assert "There is no deadline for companies ahead." in shown
    assert f"/missions/{world.mission.slug}/" in shown


def test_the_calls_page_says_how_many_would_get_it_today(
    world: World, as_coordinator: Client, as_contact: Client, mail_server: MailServer
) -> None:
    world.person()
    world.person(world.biom)
    call = world.call()
    sending.work(call)
    sweeping.tidy()
    planned(world, call, 7)

    assert "to those without an answer; today 2." in page(as_coordinator, call)
    seen = page(as_contact, call)
    assert "7 days before" in seen
    assert "today" not in seen.split('id="reminders"')[1]
    assert "Plan reminders" not in seen


def test_a_region_reads_how_many_of_its_own_were_reminded(
    world: World,
    as_coordinator: Client,
    as_contact: Client,
    as_other_contact: Client,
    mail_server: MailServer,
) -> None:
    for cluster in (world.biocat, world.biocat, world.biom):
        world.person(cluster)
    call = world.call()
    sending.work(call)
    sweeping.tidy()
    (reminder,) = planned(world, call, 7)
    releases.release_all(campaign=reminder.campaign, by=world.users["coordinator"])
    Campaign.objects.filter(pk=reminder.campaign_id).update(send_at=timezone.now())
    freezing.start_due()
    reminder.campaign.refresh_from_db()
    sending.work(reminder.campaign)
    sweeping.tidy()

    for client, mails in ((as_coordinator, 3), (as_contact, 2), (as_other_contact, 1)):
        assert f": {mails} mails." in page(client, call)


def test_what_is_about_nothing_with_a_deadline_offers_no_reminders(
    world: World, as_coordinator: Client
) -> None:
    campaign = press.written(world, Campaign.Kind.PRESS)

    assert "Plan reminders" not in page(as_coordinator, campaign)


def test_a_reminders_own_page_says_that_its_time_hangs_on_the_deadline(
    world: World, as_coordinator: Client
) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = planned(world, call, 7)

    shown = page(as_coordinator, reminder.campaign)

    assert "7 days before the deadline: it moves when that does." in shown
    assert "Change its day" in shown
    assert "Take back" not in shown
    assert "Plan reminders" not in shown
    assert "Reminder: " in page(as_coordinator, reminder.campaign, "otherwise/")


def test_before_the_call_left_the_page_says_that_its_readers_are_not_known_yet(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    world.person()
    call = world.call(release=False, start=False)
    (reminder,) = planned(world, call, 7)

    shown = page(as_coordinator, reminder.campaign)
    assert "The call has not left. This goes to those of its readers" in shown
    assert "1 of 1 get it" in shown
    lane = world.lane(reminder.campaign, world.biocat)
    assert "The call has not left." in page(as_coordinator, lane.campaign, f"lanes/{lane.pk}/")

    releases.release_all(campaign=call, by=world.users["coordinator"])
    Campaign.objects.filter(pk=call.pk).update(started_at=timezone.now())
    assert "It goes to those who have not answered by then" in page(
        as_coordinator, reminder.campaign
    )


def test_one_that_a_copy_of_the_database_set_aside_says_so_and_how_it_leaves(
    world: World, as_coordinator: Client
) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = planned(world, call, 7)
    releases.release_all(campaign=reminder.campaign, by=world.users["coordinator"])
    Installation.objects.update(fenced_at=timezone.now(), fenced_why="An older copy.")
    fencing.confirm(by=None)

    assert "It leaves once its day is saved anew." in page(as_coordinator, call)
    shown = page(as_coordinator, reminder.campaign)
    assert "Change its day" in shown
    assert f"/campaigns/{reminder.campaign.ref}/schedule/" not in shown

    form = {"deadline": world.mission.deadlines.get().pk, "days": "7", "hour": "09:00"}
    as_coordinator.post(f"/campaigns/reminders/{reminder.pk}/", form)
    assert "It leaves once its day is saved anew." not in page(as_coordinator, call)
    reminder.campaign.refresh_from_db()
    assert reminder.campaign.status == Campaign.Status.SCHEDULED


def test_a_region_signs_its_lane_with_the_reminders(world: World, as_contact: Client) -> None:
    call = world.call(release=False, start=False)
    (reminder,) = planned(world, call, 7)
    lane = world.lane(call, world.biocat)
    shown = page(as_contact, call, f"lanes/{lane.pk}/")
    assert "Release it with its reminders" in shown
    assert f"/campaigns/{reminder.campaign.ref}/otherwise/" in shown

    form = as_contact.get(f"/campaigns/{call.ref}/lanes/{lane.pk}/").context
    answer = as_contact.post(
        f"/campaigns/{call.ref}/lanes/{lane.pk}/release/",
        {"seen": form["seen"], "reminders": form["reminders_seen"]},
        follow=True,
    )

    assert "is released, with its reminders." in answer.content.decode()
    signed = Release.objects.filter(status=Release.Status.RELEASED)
    assert {each.campaign for each in signed} == {call, reminder.campaign}
    assert {each.cluster for each in signed} == {world.biocat}


def test_a_call_is_signed_and_its_reminders_as_soon_as_they_were_looked_over(
    world: World, as_contact: Client, settings: Settings
) -> None:
    """The page stays as it was, and one comes back to it in a moment."""
    settings.LOOK_PATIENCE = 120
    call = world.call(release=False, start=False)
    (reminder,) = planned(world, call, 7)
    lane = world.lane(call, world.biocat)
    here = f"/campaigns/{call.ref}/lanes/{lane.pk}/"
    form = as_contact.get(here).context

    answer = as_contact.post(
        f"{here}release/",
        {"seen": form["seen"], "reminders": form["reminders_seen"]},
        follow=True,
    ).content.decode()

    assert "The call is signed, but a reminder is not: The last checks are not done" in answer
    assert "Try again in a moment." in answer
    assert "Release its reminders" in answer
    rehearsals.work_due()
    probes.work_due()
    answer = as_contact.post(
        f"{here}release/", {"reminders": form["reminders_seen"]}, follow=True
    ).content.decode()
    assert "The reminders of the lane of Biocat are released." in answer
    assert "Release its reminders" not in answer
    signed = Release.objects.filter(status=Release.Status.RELEASED)
    assert {each.campaign for each in signed} == {call, reminder.campaign}


def test_who_looks_a_call_over_has_its_reminders_looked_over_too(
    world: World, as_contact: Client, mail_server: MailServer, settings: Settings
) -> None:
    settings.LOOK_PATIENCE = 120
    call = world.call(release=False, start=False)
    planned(world, call, 7)
    lane = world.lane(call, world.biocat)
    here = f"/campaigns/{call.ref}/lanes/{lane.pk}/"
    form = as_contact.get(here).context

    as_contact.get(f"/campaigns/{call.ref}/check/")
    rehearsals.work_due()
    probes.work_due()
    answer = as_contact.post(
        f"{here}release/",
        {"seen": form["seen"], "reminders": form["reminders_seen"]},
        follow=True,
    ).content.decode()

    assert "is released, with its reminders." in answer


def test_a_lane_that_is_signed_says_until_when_it_can_be_held(
    world: World, as_contact: Client, as_coordinator: Client
) -> None:
    call = world.call(release=False, start=False)
    lane = world.lane(call, world.biocat)
    releases.hold(release=lane, by=world.users["contact_biocat"], note="")
    call = world.call()
    here = f"/campaigns/{call.ref}/lanes/{lane.pk}/"
    seen = as_contact.get(here).context["seen"]

    answer = as_contact.post(f"{here}release/", {"seen": seen}, follow=True).content.decode()

    freezing.start_due()
    assert "until then it can be held." in answer
    assert "until then it can be held." in page(as_coordinator, call)
    lane.refresh_from_db()
    assert (lane.status, lane.frozen_at) == (Release.Status.RELEASED, None)
