"""A call from the first word to the last mail: written once, signed by each region, read by all."""

import re
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from campaigns.models import Campaign, Release
from crm.models import Person
from tests.browser.conftest import send_due
from tests.browser.pictures import keep
from tests.kit import alliance_of_four
from tests.kit.alliance_of_four import AllianceOfFour
from tests.kit.compare import wrong_in
from tests.kit.mailserver import MailServer
from tests.kit.page import Page as HtmlPage

Seat = Callable[..., Page]
WRITTEN = {
    "English": (
        "Osaka calls, {given_name|colleague}",
        "Twelve firms go to *Osaka*.\n\n- write to {contact_point}\n"
        "- bring {organisation|a whole team}",
    ),
    "French": (
        "Osaka vous attend, {given_name|à bientôt}",
        "Douze entreprises vont à *Osaka*.\n\n- écrivez à {contact_point}\n"
        "- venez avec {organisation|toute une équipe}",
    ),
}


@pytest.fixture
def world(installation: None) -> AllianceOfFour:
    return alliance_of_four.build()


def test_a_call_in_two_languages_signed_by_four_regions(
    world: AllianceOfFour, mail_server: MailServer, sit_down: Seat, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    coordinator = sit_down("coordinator")
    campaign = draft_the_call(coordinator)
    for language, (subject, text) in WRITTEN.items():
        write_in(coordinator, language, subject=subject, text=text)
    keep(coordinator, "call-1-written")

    catalan = sit_down("contact_biocat", width=360)
    open_lane(catalan, campaign)
    introduce(
        catalan,
        English="Barcelona expects you, {given_name|friend}.",
        French="Barcelone vous attend, {name|chers amis}.",
    )
    sign(catalan, "Biocat")
    bavarian = sit_down("contact_biom")
    open_lane(bavarian, campaign)
    hold(bavarian, "Our board meets on Friday.")
    shown = {}
    for slug in ("biopmed", "lyonbiopole"):
        contact = sit_down(f"contact_{slug}")
        open_lane(contact, campaign)
        shown[slug] = what_the_lane_shows(contact)
        sign(contact, str(world.clusters[slug]))

    coordinator.goto(f"/campaigns/{campaign.ref}/")
    told = "7 readers), 1 text of “Osaka mission” stays in another language: “BIO Osaka Expo” (EN)"
    expect(coordinator.get_by_text(told)).to_be_visible()
    keep(coordinator, "call-2-lanes")
    coordinator.get_by_role("button", name="Release the one that waits").click()
    expect(coordinator.get_by_role("status")).to_contain_text("One lane is released")
    coordinator.get_by_role("link", name="Schedule").click()
    coordinator.get_by_label("Now").check()
    coordinator.get_by_role("button", name="Schedule").click()
    expect(coordinator.get_by_text("Leaves on")).to_be_visible()
    send_due()

    lanes = campaign.releases.exclude(cluster=world.clusters["biom"])
    agrees(campaign, mail_server, lanes)
    for slug, (reader, said) in shown.items():
        own = (one for one in world.readers if one.cluster == world.clusters[slug])
        (person,) = [one for one in own if one.full_name == reader]
        assert said == words_of_the_mail(mail_server, person)
    coordinator.goto(f"/campaigns/{campaign.ref}/")
    expect(coordinator.get_by_text("A late lane waits alone")).to_be_visible()
    keep(coordinator, "call-3-one-waits")

    bavarian.reload()
    sign(bavarian, "BioM")
    send_due()

    agrees(campaign, mail_server, campaign.releases.all())
    assert sorted(mail_server.readers) == sorted(reader.email for reader in world.readers)
    coordinator.reload()
    expect(coordinator.get_by_text("the ledger balances").first).to_be_visible()
    keep(coordinator, "call-4-all-sent")


def draft_the_call(page: Page) -> Campaign:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Missions").click()
    page.get_by_role("link", name="Osaka mission").click()
    page.get_by_role("link", name="Announce").click()
    page.get_by_role("button", name="Draft the call").click()
    expect(page.get_by_text("Nothing leaves before it is released and scheduled")).to_be_visible()
    return Campaign.objects.get(mission__isnull=False)


def write_in(page: Page, language: str, *, subject: str, text: str) -> None:
    """From the campaign's page, and back to it."""
    page.get_by_role("link", name=f"Edit {language[:2].lower()}", exact=True).click()
    page.get_by_label("Subject").fill(subject)
    page.locator("#text-2").fill(text)
    keep(page, f"call-text-{language}")
    page.get_by_role("button", name="Save the text").last.click()
    expect(page.locator(".messages")).to_contain_text(f"The text in {language} is saved")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").click()


def open_lane(page: Page, campaign: Campaign) -> None:
    """From the dashboard, where the lane waits for its contact; it is the only one to act on."""
    page.get_by_role("link", name=str(campaign)).first.click()
    expect(page.get_by_role("link", name="Look and release")).to_have_count(1)
    page.get_by_role("link", name="Look and release").click()
    expect(page.frame_locator("iframe.mail").locator("strong", has_text="Osaka")).to_be_attached()


def introduce(page: Page, **texts: str) -> None:
    page.get_by_role("link", name="Write an introduction").click()
    for language, text in texts.items():
        field = page.get_by_label(language)
        if not field.is_visible():
            page.locator("summary", has_text=language).click()
        field.fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The introduction of Biocat is saved")
    expect(page.frame_locator("iframe.mail").get_by_text("A word from Biocat")).to_be_visible()


def sign(page: Page, lane: str) -> None:
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("status")).to_contain_text(f"The lane of {lane} is released")


def hold(page: Page, why: str) -> None:
    page.get_by_role("link", name="Hold").click()
    page.get_by_role("textbox").fill(why)
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text(why)).to_be_visible()
    keep(page, "call-held")


def agrees(campaign: Campaign, mail_server: MailServer, lanes: Iterable[Release]) -> None:
    """All mails there are, and no other, each as the records say."""
    wrong = wrong_in(campaign, mail_server.arrived, lanes)
    assert not wrong, "\n".join(wrong)


def what_the_lane_shows(page: Page) -> tuple[str, str]:
    """Whose mail the page of a lane shows, and what it says."""
    to = page.get_by_text(re.compile(r"^To .+ · ")).inner_text()
    (frame,) = [frame for frame in page.frames if "/preview/body/" in frame.url]
    frame.wait_for_load_state()
    return to.removeprefix("To ").split(" · ")[0], HtmlPage(frame.content()).text


def words_of_the_mail(mail_server: MailServer, reader: Person) -> str:
    part = mail_server.mail_to(reader.email).get_body(("html",))
    assert part
    return HtmlPage(part.get_content()).text
