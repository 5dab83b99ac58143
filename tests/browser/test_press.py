"""A press release in a browser, from the list of campaigns to the journalist's inbox."""

import datetime as dt
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default as modern

from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from campaigns.models import Campaign
from crm.actions import alliances
from tests.browser.conftest import send_due
from tests.browser.pictures import keep
from tests.browser.test_pages import Examiner
from tests.kit import press
from tests.kit.mailserver import MailServer
from tests.world import World

PDF = {"name": "photo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


def test_a_coordinator_sends_a_release_under_embargo_to_the_journalists_of_a_region(
    world: World, mail_server: MailServer, sit_down: Callable[..., Page], settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    press.press_desk(world.biocat)
    press.journalist(world, language="en", email="desk@gazette.example")
    alliances.edit(
        alliance=world.alliance,
        by=None,
        version=world.alliance.version,
        boilerplate={"en": "Two clusters, one alliance."},
    )
    day = timezone.localdate() + dt.timedelta(days=30)

    page = sit_down("coordinator")
    page.goto("/campaigns/")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("A press release, for journalists").check()
    page.get_by_label("Title").fill("Sixty companies go to Japan")
    keep(page, "campaigns-create")
    page.get_by_role("button", name="Make the draft").click()

    page.locator("textarea[name^=text-]").fill("*Osaka.* They meet their partners.")
    page.get_by_label("This language is ready").check()
    keep(page, "texts-edit-press")
    page.get_by_role("button", name="Save the text").last.click()
    expect(page.get_by_role("status").first).to_contain_text("is saved")
    campaign = Campaign.objects.get()

    page.goto(f"/campaigns/{campaign.ref}/")
    page.get_by_role("link", name="Enclose a file").click()
    page.get_by_label("File").set_input_files(PDF)  # type: ignore[arg-type]
    page.get_by_role("textbox", name="English").fill("The delegation, may be printed")
    keep(page, "enclosures-create")
    page.get_by_role("button", name="Enclose").click()
    page.get_by_role("link", name="Change Embargo").click()
    page.get_by_label("Not to be published before").fill(f"{day}T10:00")
    page.get_by_label("On the clocks of").fill("Asia/Tokyo")
    keep(page, "embargoes-edit")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("(Tokyo time)")).to_be_visible()
    keep(page, "campaigns-show-press")

    page.get_by_role("button", name="Release all lanes").click()
    page.get_by_role("link", name="Schedule").click()
    page.get_by_label("Now").check()
    page.get_by_role("button", name="Schedule").click()
    send_due()

    ((to, raw),) = mail_server.arrived
    assert to == "desk@gazette.example"
    body = message_from_bytes(raw, policy=modern).get_body(("plain",))
    words = " ".join(body.get_content().split())
    for part in (
        "10:00 (Tokyo time)",
        "They meet their partners.",
        "The delegation, may be printed",
        "Two clusters, one alliance.",
        "PRESS CONTACT Apolline Ternand",
    ):
        assert part in words


def test_its_pages_are_accessible_and_narrow_enough(
    world: World, mail_server: MailServer, sit_down: Callable[..., Page]
) -> None:
    press.journalist(world)
    campaign = press.written(world, Campaign.Kind.PRESS)

    examiner = Examiner(sit_down("coordinator"))
    examiner.look_at("/campaigns/")
    examiner.look_at("/campaigns/new/")
    for path in ("", "text/en/", "embargo/", "files/", "subjects/", "subjects/drop/", "preview/"):
        examiner.look_at(f"/campaigns/{campaign.ref}/{path}")
    examiner.look_at(f"/campaigns/{campaign.ref}/lanes/{world.lane(campaign, world.biocat).pk}/")

    assert examiner.wrong == []
