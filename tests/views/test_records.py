"""What changed in a campaign's record: the alliance looks, the coordinator takes it over."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import releases
from campaigns.models import Campaign, Release
from crm.models import AuditEntry, Deadline
from tests import world as worlds
from tests.kit.buttons import press
from tests.kit.mailserver import MailServer
from tests.world import World

S = Release.Status


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person()
    return world.call(release=False, start=False)


def url(campaign: Campaign, page: str = "") -> str:
    return f"/campaigns/{campaign.ref}/{page}"


def move_the_deadline(world: World) -> str:
    """The new day, as an English mail says it."""
    day = timezone.now() + dt.timedelta(days=75)
    Deadline.objects.filter(mission=world.mission).update(at=day)
    return f"{timezone.localtime(day):%-d %B}"


def test_a_change_is_said_and_taken_over_on_one_click(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    day = move_the_deadline(world)

    checks = as_coordinator.get(url(draft, "check/")).content.decode()
    before = as_coordinator.get(url(draft, "preview/?language=en")).content.decode()
    page = as_coordinator.get(url(draft, "changes/")).content.decode()
    press(as_coordinator, url(draft, "changes/"), url(draft, "changes/take-over/"))

    assert "says something else since this text was written" in checks
    assert url(draft, "changes/") in checks
    assert day not in before
    assert "<del>" in page
    assert day in page.split("<ins>")[1]
    assert "3 lanes have signed the text as it is" in page
    assert day in as_coordinator.get(url(draft, "preview/?language=en")).content.decode()
    assert set(draft.releases.values_list("status", flat=True)) == {S.WAITING}
    assert AuditEntry.objects.filter(verb="took over", row_id=draft.pk).exists()


def test_a_contact_looks_and_takes_nothing_over(
    world: World, as_contact: Client, as_stranger: Client, draft: Campaign
) -> None:
    day = move_the_deadline(world)

    page = as_contact.get(url(draft, "changes/")).content.decode()

    assert day in page
    assert "take-over" not in page
    assert as_contact.post(url(draft, "changes/take-over/")).status_code == 404
    assert as_stranger.get(url(draft, "changes/")).status_code == 404


def test_what_changed_once_more_is_looked_at_first(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    move_the_deadline(world)

    answer = as_coordinator.post(url(draft, "changes/take-over/"), {"seen": "other"}, follow=True)

    assert "The record changed once more." in answer.content.decode()


def test_without_a_change_the_page_says_so(as_coordinator: Client, draft: Campaign) -> None:
    page = as_coordinator.get(url(draft, "changes/")).content.decode()

    assert "The text says what its record says." in page
    assert "take-over" not in page
