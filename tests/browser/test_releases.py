"""Lanes in a browser: each region signs its own."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests.browser.conftest import send_due
from tests.browser.pictures import keep
from tests.kit.mailserver import MailServer
from tests.world import World


def look_and_release(page: Page) -> None:
    """On the page of one's own lane, below the button, stands the mail as its readers get it."""
    mail = page.frame_locator("iframe.mail")
    expect(mail.get_by_text("Join the delegation.", exact=True)).to_be_visible()
    keep(page, "releases-lane")
    page.get_by_role("button", name="Release").click()


def test_a_contact_does_not_find_a_campaign_of_another_alliance(
    world: World, sit_down: Callable[..., Page]
) -> None:
    campaign = world.call(release=False, start=False)

    page = sit_down("contact_biowin")
    page.goto(f"/campaigns/{campaign.ref}/")

    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_contact_takes_two_out_and_signs_and_the_coordinator_sets_a_date(
    world: World, mail_server: MailServer, sit_down: Callable[..., Page], settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    stays = world.person(world.biom, given="Ada", family="Weber")
    for given in ("Max", "Eva"):
        world.person(world.biom, given=given, family="Klein")
    campaign = world.call(release=False, start=False)

    coordinator = sit_down("coordinator")
    coordinator.goto(f"/campaigns/{campaign.ref}/")
    coordinator.get_by_role("link", name="Set a date").click()
    coordinator.get_by_label("Until").first.fill("2090-05-04T18:00")
    coordinator.get_by_label("is released").check()
    keep(coordinator, "deadlines-edit")
    coordinator.get_by_role("button", name="Save").click()
    expect(coordinator.get_by_role("status")).to_contain_text("The dates are set")

    contact = sit_down("contact_biom", width=360)
    contact.goto(f"/campaigns/{campaign.ref}/")
    expect(contact.get_by_text("Without a word until")).to_be_visible()
    contact.get_by_role("link", name="Look and release").click()
    contact.get_by_role("link", name="Take people out").click()
    for box in contact.get_by_role("checkbox", name="Klein").all():
        box.check()
    contact.get_by_label("Why").fill("We call them")
    keep(contact, "trims-list")
    contact.get_by_role("button", name="Take out").click()
    expect(contact.get_by_role("status")).to_contain_text("2 people are taken out")
    expect(contact.get_by_text("We call them").first).to_be_visible()
    contact.get_by_role("link", name="BioM", exact=True).or_(
        contact.get_by_role("link", name="Japan")
    ).first.click()
    look_and_release(contact)
    expect(contact.get_by_text("The same people as at the signature")).to_be_visible()

    coordinator.goto(f"/campaigns/{campaign.ref}/schedule/")
    coordinator.get_by_label("Now").check()
    coordinator.get_by_role("button", name="Schedule").click()
    send_due()
    assert mail_server.readers == [stays.email]
