"""What a campaign's page says before it leaves, and what stops it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import contents, releases
from campaigns.models import Campaign
from crm.actions import missions
from tests import world as worlds
from tests.kit.buttons import press
from tests.kit.mailserver import MailServer
from tests.views.test_campaigns import content, url
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


def stays_a_draft(browser: Client, campaign: Campaign, sentence: str) -> None:
    """The page says why, and a schedule sent all the same is refused with it."""
    press(browser, url(campaign), url(campaign, "release-all/"))

    page = content(browser, url(campaign, "check/"))
    answer = browser.post(url(campaign, "schedule/"), {"when": "now", "zone": "UTC"})

    campaign.refresh_from_db()
    assert sentence in page
    assert "stops it" in page
    assert sentence in answer.content.decode()
    assert campaign.status == Campaign.Status.DRAFT


def test_the_checks_say_that_the_mail_server_cannot_be_reached(
    as_coordinator: Client, draft: Campaign, settings: object
) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"  # type: ignore[attr-defined]

    page = content(as_coordinator, url(draft, "check/"))

    assert "cannot be reached" in page
    assert "could not check" in page
    assert "Every recipient has a legal basis: 2 of 2." in page


def test_the_checks_name_languages_that_readers_want(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    world.person(language="de")
    world.person(language="pt")

    page = content(as_coordinator, url(draft, "check/"))

    assert "1 reader wishes for German" in page
    assert "Portuguese (1)" in page


def test_only_readers_who_would_get_it_wish_for_a_language(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    """Not those who may not be written to, nor those of a region that takes no part."""
    world.person(language="de")
    world.person(language="de", basis="")
    world.person(world.biom, language="es")
    world.follower(language="de")
    lane = world.lane(draft, world.biom)
    releases.decline(release=lane, by=world.users["contact_biom"], note="")

    page = content(as_coordinator, url(draft, "check/"))

    assert "2 readers wish for German" in page
    assert "for Spanish" not in page


def test_a_mission_whose_deadlines_are_over_calls_nobody(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    world.mission.deadlines.update(at=timezone.now() - dt.timedelta(minutes=1))

    stays_a_draft(as_coordinator, draft, "Every deadline is over, so nobody could apply.")


def test_a_text_that_names_only_past_dates_stops_it_though_its_record_names_a_later_one(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    """The record was mended; the mail would still say what the draft took over."""
    world.mission.deadlines.update(at=timezone.now() - dt.timedelta(minutes=1))
    linked = draft.linked.all()
    for row in linked:
        row.dates[0]["starts"] = (timezone.now() - dt.timedelta(minutes=1)).isoformat()
        row.save()
    world.mission.deadlines.update(at=timezone.now() + dt.timedelta(days=20))

    stays_a_draft(as_coordinator, draft, "The text names only dates that are over.")


def test_a_region_that_declines_keeps_no_other_waiting(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    world.biom.languages = ["de"]
    world.biom.save()
    world.alliance.languages = ["fr"]
    world.alliance.save()
    draft.texts.filter(language="fr").delete()
    world.person(world.biom, language="de")
    for lane in draft.releases.filter(cluster=world.biom):
        releases.decline(release=lane, by=world.users["contact_biom"], note="Not us")

    press(as_coordinator, url(draft), url(draft, "release-all/"))
    page = content(as_coordinator, url(draft, "check/"))
    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert "BioM: 2 readers can read none of the ready texts" in page
    assert "stops it" not in page
    assert draft.status == Campaign.Status.SCHEDULED


def test_one_deadline_of_several_that_is_over_is_only_said(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    missions.set_deadline(
        mission=world.mission,
        by=None,
        things={"en": "Early application"},
        at=timezone.now() - dt.timedelta(minutes=1),
        timezone="Europe/Paris",
    )

    page = content(as_coordinator, url(draft, "check/"))

    assert "One deadline is over and is left out of the mail." in page
    assert "stops it" not in page


def test_readers_who_can_read_none_of_the_texts_stop_it(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    """Readers of Biocat get Catalan, Spanish or English, then the alliance's English or French."""
    world.person(world.biom, language="it")
    english = draft.texts.get(language="en")
    contents.edit(
        campaign=draft,
        language="it",
        subject="Giappone",
        preheader="",
        blocks=english.blocks,
        ready=True,
    )
    draft.texts.exclude(language="it").delete()

    stays_a_draft(as_coordinator, draft, "Biocat: 1 reader can read none of the ready texts")


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("Japan for {{ person.given }}", "which readers would see"),
        ("Japan {% if member %}", "which readers would see"),
        ("Japan \u202egnp.exe", "turns the direction"),
    ],
)
def test_a_subject_that_readers_would_wonder_at_is_warned_of(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer, subject: str, sentence: str
) -> None:
    draft.texts.filter(language="en").update(subject=subject)

    page = content(as_coordinator, url(draft, "check/"))

    assert sentence in page
    assert "Every merge field is known" not in page


def test_an_audience_of_nobody_stops_it(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    empty = world.call(release=False, start=False)

    stays_a_draft(as_coordinator, empty, "Nobody would get this mail.")


def test_a_text_that_is_not_ready_stops_no_other(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    draft.texts.filter(language="fr").update(ready=False, subject="Partez, {firstname}")
    press(as_coordinator, url(draft), url(draft, "release-all/"))

    page = content(as_coordinator, url(draft, "check/"))
    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert "{firstname}, which is not a merge field" in page
    assert draft.status == Campaign.Status.SCHEDULED
    draft.texts.filter(language="en").update(subject="Go, {firstname}")
    assert "stops it" in content(as_coordinator, url(draft, "check/"))


def test_released_lanes_without_a_reader_start_nothing(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    """Or the text and the audience were fixed, and nobody had a mail."""
    lane = world.lane(draft, None)
    press(as_coordinator, url(draft, f"lanes/{lane.pk}/"), url(draft, f"lanes/{lane.pk}/release/"))

    answer = as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert "Nobody is in the lanes that are released so far" in answer.content.decode()
    assert draft.status == Campaign.Status.DRAFT
