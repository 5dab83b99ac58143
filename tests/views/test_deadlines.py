"""Until when the regions decide: set by the coordinator, seen by each region on its lane."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import releases
from campaigns.models import Campaign, Release
from crm.forms.times import in_zone, on_the_wall
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.buttons import press
from tests.world import World

S = Release.Status
ZONE = "Europe/Paris"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person()
    world.person(world.biom)
    return world.call(release=False, start=False)


def wall(**ahead: float) -> str:
    at = on_the_wall(timezone.now() + dt.timedelta(**ahead), ZONE)
    return at.strftime("%Y-%m-%dT%H:%M")


def save(client: Client, campaign: Campaign, **values: str) -> str:
    data = {"at": "", "zone": ZONE, "at_deadline": "wait", **values}
    answer = client.post(f"/campaigns/{campaign.ref}/dates/", data, follow=True)
    return str(answer.content.decode())


def page(client: Client, campaign: Campaign, step: str = "") -> str:
    return str(client.get(f"/campaigns/{campaign.ref}/{step}").content.decode())


def test_a_coordinator_sets_one_date_for_all_and_the_page_says_what_follows(
    world: World, as_coordinator: Client, as_contact: Client, draft: Campaign
) -> None:
    assert "Set a date" in page(as_coordinator, draft)
    at = wall(days=3)

    shown = save(as_coordinator, draft, at=at, at_deadline="release")

    moment = in_zone(dt.datetime.fromisoformat(at), ZONE)
    assert set(draft.releases.values_list("by_at", flat=True)) == {moment}
    assert "The dates are set." in shown
    assert "Change the dates" in shown
    lane = world.lane(draft, world.biocat)
    own = page(as_contact, draft, f"lanes/{lane.pk}/")
    assert "it is released as it is." in own
    assert "(Europe/Paris)" in own
    assert "/dates/" not in page(as_contact, draft)


def test_a_lane_has_a_date_of_its_own(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biom)
    save(as_coordinator, draft, at=wall(days=3), **{f"lane_{lane.pk}": wall(days=5)})

    lane.refresh_from_db()
    other = world.lane(draft, world.biocat)
    assert lane.by_at
    assert other.by_at
    assert (lane.by_at - other.by_at).days == 2
    again = page(as_coordinator, draft, "dates/")
    assert "<details open>" in again
    assert again.count(on_the_wall(lane.by_at, ZONE).strftime("%Y-%m-%dT%H:%M")) == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"at": "2020-01-01T10:00"}, "This lies in the past"),
        ({"at": "soon"}, "Write a day and an hour"),
        ({"at_deadline": "release"}, "Write until when the regions may decide."),
        ({"at_deadline": "burn"}, "Select a valid choice"),
        ({"at": "2090-01-01T10:00", "zone": "Moon/Base"}, "is not a time zone"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(
    as_coordinator: Client, draft: Campaign, values: dict[str, str], sentence: str
) -> None:
    assert sentence in save(as_coordinator, draft, **values)
    assert not draft.releases.exclude(by_at=None).exists()


def test_a_date_is_taken_away_again(as_coordinator: Client, draft: Campaign) -> None:
    save(as_coordinator, draft, at=wall(days=3), at_deadline="lapse")

    save(as_coordinator, draft)

    draft.refresh_from_db()
    assert draft.at_deadline == Campaign.AtDeadline.WAIT
    assert not draft.releases.exclude(by_at=None).exists()


def test_too_late_is_said(world: World, as_coordinator: Client, draft: Campaign) -> None:
    Campaign.objects.filter(pk=draft.pk).update(status=Campaign.Status.CANCELLED)

    assert "This campaign is cancelled" in save(as_coordinator, draft, at=wall(days=3))
    assert "/dates/" not in page(as_coordinator, draft)


def test_many_mails_that_leave_without_a_word_ask_for_the_password(
    world: World, draft: Campaign, client: Client, settings: Settings
) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = settings.SEND_CONFIRM = 0
    user = world.users["coordinator"]
    user.set_password("a quiet morning in Lyon")
    user.save()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    data = {"at": wall(days=3), "zone": ZONE, "at_deadline": "release"}
    address = f"/campaigns/{draft.ref}/dates/"

    asked = client.post(address, data)
    waits = client.post(address, {**data, "at_deadline": "wait"})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert waits["Location"] == f"/campaigns/{draft.ref}/"


def test_who_lets_lanes_release_themselves_has_a_second_factor(
    as_coordinator: Client, draft: Campaign, settings: Settings
) -> None:
    settings.SEND_SECOND_FACTOR = True

    shown = save(as_coordinator, draft, at=wall(days=3), at_deadline="release")

    assert "second factor" in shown
    draft.refresh_from_db()
    assert draft.at_deadline == Campaign.AtDeadline.WAIT


def test_only_the_coordinator_sets_dates_and_reminds(
    world: World,
    as_contact: Client,
    as_other_contact: Client,
    as_stranger: Client,
    client: Client,
    draft: Campaign,
) -> None:
    lane = world.lane(draft, world.biocat)
    reader = signed_in(world.users["reader"])
    for step in ("dates/", f"lanes/{lane.pk}/remind/"):
        address = f"/campaigns/{draft.ref}/{step}"
        for other in (as_contact, as_other_contact, as_stranger, reader):
            assert other.post(address, {"at": wall(days=3)}).status_code == 404
        assert client.post(address)["Location"].startswith("/accounts/login/")
    assert not draft.releases.exclude(by_at=None).exists()


def test_a_coordinator_reminds_a_region_from_its_lane(
    world: World, as_coordinator: Client, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    own = f"/campaigns/{draft.ref}/lanes/{lane.pk}/"

    press(as_coordinator, own, f"{own}remind/")
    first = as_coordinator.get(own).content.decode()
    press(as_coordinator, own, f"{own}remind/")
    second = as_coordinator.get(own).content.decode()

    assert "One reminder is on its way." in first
    assert "less than an hour ago" in second
    assert "remind/" not in as_contact.get(own).content.decode()
    assert as_coordinator.get(f"{own}remind/").status_code == 405
    releases.release(release=lane, by=None)
    assert "remind/" not in as_coordinator.get(own).content.decode()


def test_a_lane_says_why_it_was_not_released_by_its_date(
    world: World, as_contact: Client, as_other_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    Release.objects.filter(pk=lane.pk).update(stopped_by="No language is ready.")

    shown = "Not released by its date: No language is ready."
    assert shown in page(as_contact, draft)
    assert shown in page(as_contact, draft, f"lanes/{lane.pk}/")
    assert shown not in page(as_other_contact, draft)
