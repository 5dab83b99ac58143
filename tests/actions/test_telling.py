"""Whoever scheduled a campaign gets a letter when it stops by itself, in their language."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import breaker, campaigns, overtaken, releases, sweeping
from campaigns.models import Campaign, Letter
from crm.actions import missions
from crm.models import User
from tests.world import World

S = Campaign.Status


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.fixture
def call(world: World) -> Campaign:
    world.person()
    return world.call(release=False, start=False)


def schedule(world: World, call: Campaign) -> None:
    by = world.users["coordinator"]
    releases.release_all(campaign=call, by=by)
    campaigns.schedule(campaign=call, by=by, send_at=timezone.now())


def cancel(world: World) -> None:
    world.mission.refresh_from_db()
    missions.edit(mission=world.mission, by=None, version=world.mission.version, status="cancelled")


def told() -> list[tuple[str, EmailMessage]]:
    rows = Letter.objects.select_related("delivery__address").order_by("pk")
    parsed = [
        email.message_from_bytes(bytes(row.mail), policy=email.policy.default) for row in rows
    ]
    return [
        (str(row.delivery.address.email), mail)
        for row, mail in zip(rows, parsed, strict=True)
        if isinstance(mail, EmailMessage)
    ]


def text(mail: EmailMessage) -> str:
    return " ".join(str(mail.get_content()).split())


def test_a_call_that_is_due_and_held_back_is_told(world: World, call: Campaign) -> None:
    schedule(world, call)
    cancel(world)

    sweeping.tick()
    sweeping.tick()

    call.refresh_from_db()
    assert call.status == S.DRAFT
    ((to, mail),) = told()
    assert to == world.users["coordinator"].email
    assert mail["Subject"].startswith("Not sent: “")
    assert "archived or cancelled" in text(mail)
    assert f"/campaigns/{call.ref}/" in text(mail)


def test_a_campaign_that_is_paused_under_way_is_told_once(world: World, call: Campaign) -> None:
    schedule(world, call)
    sweeping.tick()
    call.refresh_from_db()
    assert call.status == S.SENDING

    assert breaker.trip(call, "The mail server refuses our mail: “5.7.1 no”.")
    assert not breaker.trip(call, "The mail server refuses our mail: “5.7.1 no”.")

    ((_to, mail),) = told()
    assert mail["Subject"].startswith("Paused: “")
    assert "5.7.1 no" in text(mail)


def test_it_is_told_in_the_language_of_its_reader(world: World, call: Campaign) -> None:
    User.objects.filter(pk=world.users["coordinator"].pk).update(language="de")
    schedule(world, call)
    cancel(world)

    assert overtaken.hold_back(Campaign.objects.get(pk=call.pk))

    ((_to, mail),) = told()
    assert mail["Subject"].startswith("Nicht versendet: „")
    assert "wieder ein Entwurf" in text(mail)


def test_whoever_left_the_house_gets_no_letter_and_it_stops_all_the_same(
    world: World, call: Campaign
) -> None:
    schedule(world, call)
    User.objects.filter(pk=world.users["coordinator"].pk).update(is_active=False)
    cancel(world)

    sweeping.tick()

    call.refresh_from_db()
    assert call.status == S.DRAFT
    assert told() == []
