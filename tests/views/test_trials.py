"""Two subjects on their pages: laid out, looked at with what is not known, chosen."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import campaigns, feedback, releases, sending, sweeping, trials
from campaigns.models import Campaign, Delivery, Trial
from tests import world as worlds
from tests.kit.mailserver import MailServer
from tests.world import World

SECOND = {"subjects_en": "Osaka wants you", "subjects_fr": "Osaka vous attend"}


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World, settings: Settings) -> Campaign:
    settings.UNDO_WINDOW = 0
    for _n in range(20):
        world.person(language="en")
    return world.call(release=False, start=False)


@pytest.fixture
def sent(world: World, draft: Campaign, mail_server: MailServer) -> Campaign:
    """The samples have left, and the others wait."""
    trials.lay(
        campaign=draft,
        by=None,
        subjects={"en": "Osaka wants you", "fr": "Osaka vous attend"},
        share=40,
        hours=24,
        policy="better",
    )
    by = world.users["coordinator"]
    releases.release_all(campaign=draft, by=by)
    campaigns.schedule(campaign=draft, by=by, send_at=timezone.now(), heeds_quiet=False)
    sweeping.tick()
    draft.refresh_from_db()
    sending.work(draft)
    assert "The hours begin when the last mail of the sample has left." in cards_of(world, draft)
    sweeping.tick()
    return draft


def cards_of(world: World, campaign: Campaign) -> str:
    browser = Client()
    browser.force_login(world.users["coordinator"])
    return content(browser, campaign)


def content(client: Client, campaign: Campaign, page: str = "") -> str:
    response = client.get(f"/campaigns/{campaign.ref}/{page}")
    assert response.status_code == 200, page
    return str(response.content.decode())


def test_a_second_subject_is_laid_out_and_shown_to_who_signs(
    world: World, as_coordinator: Client, as_contact: Client, draft: Campaign
) -> None:
    assert "Japan mission" in content(as_coordinator, draft, "subjects/")

    as_coordinator.post(
        f"/campaigns/{draft.ref}/subjects/",
        {**SECOND, "share": 10, "hours": 12, "policy": "a"},
    )

    trial = Trial.objects.get()
    assert trial.subjects == {"en": "Osaka wants you", "fr": "Osaka vous attend"}
    assert (trial.share, trial.hours, trial.policy) == (10, 12, "a")
    assert "Two subjects are tried: 10 %" in content(as_coordinator, draft)
    assert "Osaka wants you" in content(as_contact, draft)
    lane = world.lane(draft, world.biocat)
    assert "Osaka wants you" in content(as_contact, draft, f"lanes/{lane.pk}/?language=en")

    assert "Osaka wants you" in content(as_coordinator, draft, "preview/?language=en")

    as_coordinator.post(f"/campaigns/{draft.ref}/subjects/drop/")
    assert not Trial.objects.exists()
    assert "Two subjects are tried" not in content(as_coordinator, draft)


def test_nobody_waits_for_a_choice_of_what_was_cancelled(
    world: World, as_coordinator: Client, sent: Campaign
) -> None:
    assert "All others wait until one is chosen" in content(as_coordinator, sent)

    campaigns.cancel(campaign=sent, by=world.users["coordinator"])

    assert "All others wait until one is chosen" not in content(as_coordinator, sent)


def test_what_is_wrong_is_said_beside_its_field(as_coordinator: Client, draft: Campaign) -> None:
    response = as_coordinator.post(
        f"/campaigns/{draft.ref}/subjects/", {"share": 90, "hours": 0, "policy": "coin"}
    )

    page = response.content.decode()
    assert "less than or equal to 40" in page
    assert "greater than or equal to 1" in page
    assert "at least one language" in page
    assert not Trial.objects.exists()


def test_the_samples_are_shown_with_what_they_cannot_tell(
    as_coordinator: Client, sent: Campaign
) -> None:
    page = content(as_coordinator, sent, "subjects/")

    assert "cannot be told apart" in page
    assert "the others wait until" in page
    assert "All others wait until one is chosen" in content(as_coordinator, sent)


def test_a_difference_that_is_no_chance_is_said_with_its_bounds(
    as_coordinator: Client, sent: Campaign
) -> None:
    mails = Delivery.objects.filter(campaign=sent, subject=Delivery.Subject.DRAWN_SECOND)
    for mail in mails.select_related("person", "campaign"):
        feedback.answered(delivery=mail, value="interested")

    assert "+100.0 points more than the first" in content(as_coordinator, sent, "subjects/")


def test_the_coordinator_chooses_and_the_report_tells_both(
    as_coordinator: Client, as_contact: Client, sent: Campaign
) -> None:
    url = f"/campaigns/{sent.ref}/subjects/choose/"
    assert as_contact.post(url, {"subject": "b"}).status_code == 404

    page = as_coordinator.post(url, {"subject": "b"}, follow=True).content.decode()

    assert "The others follow now" in page
    assert "chosen: the second subject" in page
    sweeping.tick()
    sending.work(sent)
    report = content(as_coordinator, sent, "report/")
    assert "Subject by subject" in report
    assert "the first subject, by the draw" in report
    assert "the second subject, which was chosen" in report
    again = as_coordinator.post(url, {"subject": "a"}, follow=True).content.decode()
    assert "was chosen before" in again
    assert Trial.objects.get().chosen == "b"
