"""A campaign's steps in the browser: after the breaker, behind the canary, once more."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import breaker, campaigns, quiet
from campaigns.models import Attempt, Campaign, Deferral, Delivery, DomainPace
from crm.actions import clusters, missions
from tests import world as worlds
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def call(world: World) -> Campaign:
    world.person(email="ours@slow.example")
    world.person(world.biom, email="theirs@hidden.example")
    return world.call()


def page(client: Client, campaign: Campaign, step: str = "") -> str:
    return client.get(f"/campaigns/{campaign.ref}/{step}").content.decode()


def post(client: Client, campaign: Campaign, step: str, **data: object) -> str:
    answer = client.post(f"/campaigns/{campaign.ref}/{step}/", data, follow=True)
    return answer.content.decode()


def test_after_the_breaker_the_page_says_why_and_resuming_asks(
    call: Campaign, as_coordinator: Client
) -> None:
    breaker.trip(call, "Ten mails in a row went wrong.")

    shown = page(as_coordinator, call)
    assert "paused itself" in shown
    assert shown.count(f"/campaigns/{call.ref}/resume/") == 1
    assert "Tick this once the cause is mended." in post(as_coordinator, call, "resume")
    call.refresh_from_db()
    assert call.status == Campaign.Status.PAUSED

    post(as_coordinator, call, "resume", mended="on")
    call.refresh_from_db()
    assert call.status == Campaign.Status.SENDING


def test_what_a_person_paused_is_resumed_by_one_press(
    world: World, call: Campaign, as_coordinator: Client
) -> None:
    campaigns.pause(campaign=call, by=world.users["coordinator"], reason="Paused by Coordinator.")

    shown = page(as_coordinator, call)
    assert "Paused by Coordinator." in shown
    assert "paused itself" not in shown
    assert "It goes on." in post(as_coordinator, call, "resume")


def test_what_would_stop_it_today_is_read_before_the_rest_leaves(
    world: World, call: Campaign, as_coordinator: Client
) -> None:
    campaigns.pause(campaign=call, by=world.users["coordinator"], reason="Paused by Coordinator.")
    missions.archive(mission=world.mission, by=world.users["coordinator"])

    asked = post(as_coordinator, call, "resume")
    assert "is archived or cancelled" in asked
    assert "Mend it, or tick that the rest leaves all the same." in asked
    call.refresh_from_db()
    assert call.status == Campaign.Status.PAUSED

    assert "It goes on." in post(as_coordinator, call, "resume", all_the_same="on")


def test_the_canary_says_when_the_rest_follows_and_may_be_cut_short(
    call: Campaign, as_coordinator: Client, as_contact: Client
) -> None:
    Campaign.objects.filter(pk=call.pk).update(
        canary=True, canary_ends_at=timezone.now() + dt.timedelta(minutes=5)
    )
    call.batches.update(canary=True, sent=200)

    shown = page(as_coordinator, call)
    assert "the rest follows at" in shown
    assert "Go on now" in shown
    assert "Go on now" not in page(as_contact, call)
    assert "The rest follows now." in post(as_coordinator, call, "go-on")
    assert "Nothing waits for the first mails" in post(as_coordinator, call, "go-on")


def test_slow_destinations_are_named_to_who_may_read_their_addresses(
    call: Campaign, as_admin: Client, as_coordinator: Client
) -> None:
    for domain in ("slow.example", "hidden.example", "other.example"):
        DomainPace.objects.create(domain=domain, rate=0.5, why="421 4.7.0 too fast")
    for delivery in Delivery.objects.all():
        Deferral.objects.create(
            delivery=delivery, campaign=call, not_before=timezone.now(), reason="slow"
        )

    everything, shared = page(as_admin, call), page(as_coordinator, call)

    assert "hidden.example" in everything
    assert "421 4.7.0 too fast" in everything
    assert "other.example" not in everything
    assert "hidden.example" not in shared
    assert "2 destinations" in shared


def test_the_ledger_says_that_it_balances_or_does_not(
    call: Campaign, as_coordinator: Client, as_contact: Client
) -> None:
    assert "does not balance" not in page(as_coordinator, call)

    call.releases.filter(cluster__slug="biom").update(expected=7)

    assert "does not balance" in page(as_coordinator, call)
    assert "does not balance" not in page(as_contact, call)


def test_finished_with_undecided_reads_so_and_leads_to_the_desk(
    call: Campaign, as_coordinator: Client
) -> None:
    delivery = Delivery.objects.first()
    assert delivery
    Delivery.objects.update(state=Delivery.State.ACCEPTED)
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.UNKNOWN, generation=1)
    Attempt.objects.create(delivery=delivery, generation=1, phase="dot", text="", outcome="unknown")
    Campaign.objects.update(status="finished", finished_at=timezone.now())

    assert "finished, 1 undecided" in page(as_coordinator, call)
    assert f"/campaigns/desk/?campaign={call.ref}" in page(as_coordinator, call)
    assert "finished, 1 undecided" in as_coordinator.get("/campaigns/").content.decode()


def test_the_failed_are_offered_by_reason_and_tried_again(
    call: Campaign, as_coordinator: Client
) -> None:
    Delivery.objects.update(state=Delivery.State.FAILED, reply="550 5.7.1 blocked")
    Campaign.objects.update(status="finished", finished_at=timezone.now())

    assert "refused for what we are or send (5.7): 2 mails" in page(as_coordinator, call, "retry/")
    assert "Tick at least one reason." in post(as_coordinator, call, "retry")
    assert "2 mails are tried again." in post(as_coordinator, call, "retry", reasons="refused")
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.PENDING}


def test_where_nothing_failed_there_is_nothing_to_try(
    call: Campaign, as_coordinator: Client
) -> None:
    assert "Nothing to try again" in page(as_coordinator, call, "retry/")


def test_mails_are_spread_over_the_hours_that_were_wished(
    world: World, as_coordinator: Client
) -> None:
    world.person()
    draft = world.call(start=False)
    for wrong in ("0", "73", "a day"):
        refused = post(as_coordinator, draft, "schedule", when="now", spread=wrong)
        assert "One field needs your attention" in refused

    post(as_coordinator, draft, "schedule", when="now", spread="6")

    draft.refresh_from_db()
    assert (draft.status, draft.spread_minutes) == (Campaign.Status.SCHEDULED, 360)
    assert draft.heeds_quiet
    assert "leave evenly over 6 hours." in page(as_coordinator, draft)
    assert 'value="6"' in page(as_coordinator, draft, "schedule/")


def test_a_lane_says_until_when_its_region_sleeps(
    world: World, call: Campaign, as_coordinator: Client
) -> None:
    until = timezone.now() + dt.timedelta(hours=2)
    call.releases.filter(cluster=world.biom).update(sleeps_until=until)

    said = f"Bavaria sleeps until {quiet.said(until, world.biom.timezone)}."
    assert said in page(as_coordinator, call)
    lane = world.lane(call, world.biom)
    assert said in page(as_coordinator, call, f"lanes/{lane.pk}/")
    assert said not in page(as_coordinator, call, f"lanes/{world.lane(call, world.biocat).pk}/")

    call.releases.update(sleeps_until=timezone.now() - dt.timedelta(minutes=1))
    assert "sleeps until" not in page(as_coordinator, call)


def test_quiet_hours_are_told_before_scheduling_and_stop_nothing(
    world: World, as_coordinator: Client
) -> None:
    world.person(world.biom)
    clusters.edit(
        cluster=world.biom, by=None, version=1, quiet_from=dt.time(0), quiet_until=dt.time(23, 59)
    )
    draft = world.call(start=False)

    assert "BioM sleeps then: its mails wait until" in page(as_coordinator, draft, "check/")
