"""Every mail of a press release under embargo, and of an announcement."""

import datetime as dt

import pytest
from django.utils import timezone

from campaigns.actions import campaigns as steps
from campaigns.actions import embargoes, enclosures, freezing, rehearsals, releases
from campaigns.models import Campaign
from crm.actions import alliances
from tests.kit import press
from tests.mail.conftest import HOSTILE, Received, post
from tests.mail.support import troubles
from tests.world import World

pytestmark = pytest.mark.django_db


def sent(world: World, campaign: Campaign) -> list[Received]:
    by = world.users["coordinator"]
    releases.release_all(campaign=campaign, by=by)
    steps.schedule(campaign=campaign, by=by, send_at=timezone.now(), heeds_quiet=False)
    freezing.start_due()
    campaign.refresh_from_db()
    return post(campaign)


@pytest.fixture(scope="module")
def release(world: World) -> list[Received]:
    press.press_desk(world.biocat)
    alliances.edit(
        alliance=world.alliance,
        by=None,
        version=world.alliance.version,
        boilerplate={"en": "Two clusters & <b>companies</b>.", "fr": "Deux pôles."},
    )
    world.alliance.refresh_from_db()
    for cluster in (world.biocat, world.biom):
        for language in ("en", "fr", None):
            press.journalist(cluster=cluster, world=world, language=language)
    for name in HOSTILE:
        press.journalist(world, given=name[:100], family=name[:100], language="en")
    campaign = press.written(world, Campaign.Kind.PRESS)
    enclosures.enclose(
        campaign=campaign,
        titles={"en": "A photo “of” <all>", "fr": "Une photo"},
        file=("photo.pdf", b"%PDF-1.4\n%%EOF\n"),
        by=None,
    )
    until = timezone.now() + dt.timedelta(days=20)
    embargoes.lay(campaign=campaign, by=None, until=until, zone="Asia/Tokyo")
    campaign.refresh_from_db()
    found = rehearsals.hold(campaign)
    assert found
    assert not any(lane.problems for lane in found.values())
    return sent(world, campaign)


def test_everybody_gets_the_release_in_their_language(release: list[Received]) -> None:
    assert len(release) == 6 + len(HOSTILE)
    for mail in release:
        assert f"Said in {mail.delivery.language}." in mail.words
        assert mail.delivery.variant == "public"
        assert not mail.delivery.campaign.uncompiled


def test_both_parts_say_the_embargo_the_files_and_who_speaks(release: list[Received]) -> None:
    says = {
        "en": ("Not to be published before", "Two clusters & <b>companies</b>.", "Press contact"),
        "fr": ("Tokyo", "Deux pôles.", ""),
    }
    for mail in release:
        for words in says[mail.delivery.language]:
            assert words.lower() in mail.words.lower()
            assert words.lower() in mail.page.text.lower()
        assert "/public/files/" in mail.text
        assert any("/public/files/" in link for link in mail.page.links)


def test_a_journalist_answers_the_press_desk_of_their_region(
    world: World, release: list[Received]
) -> None:
    for mail in release:
        lane = mail.delivery.release
        assert lane
        assert lane.cluster
        desk = "Apolline Ternand" if lane.cluster == world.biocat else "Desk of BioM"
        assert desk in mail.words
        assert desk in mail.page.text


def test_no_mail_program_drops_anything_of_it(release: list[Received]) -> None:
    for mail in release[:2]:
        assert not troubles(mail.html)
