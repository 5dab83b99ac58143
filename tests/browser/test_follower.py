"""Somebody without a login: the public page, its languages, and leaving by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from campaigns.actions.ledger import read
from crm.models import Suppression
from tests.browser.conftest import Open, send_due
from tests.browser.pictures import keep
from tests.kit.mailserver import MailServer
from tests.world import World


def test_a_follower_gets_the_public_version_and_reads_on_in_another_language(
    world: World, mail_server: MailServer, open_browser: Open
) -> None:
    follower = world.follower()
    campaign = world.call()
    send_due()
    assert read(campaign).balances
    text = mail_server.mail_to(follower.email).get_body(("plain",))
    assert text
    said = text.get_content()
    assert "/public/answers/" not in said

    page = open_browser(width=360, scheme="dark", javascript=False)
    page.goto(link(said, "/public/en/missions/"))
    expect(page.get_by_role("heading", name="Japan mission")).to_be_visible()
    keep(page, "follower-mission")
    page.get_by_role("link", name="Français").click()

    expect(page.get_by_role("heading", name="Mission au Japon")).to_be_visible()
    expect(page.get_by_text("Arrivée à Osaka")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_unsubscribing_needs_neither_a_mouse_nor_javascript(
    world: World, mail_server: MailServer, open_browser: Open
) -> None:
    follower = world.follower()
    world.call()
    send_due()
    text = mail_server.mail_to(follower.email).get_body(("plain",))
    assert text

    page = open_browser(javascript=False)
    page.goto(link(text.get_content(), "/public/unsubscribe/"))
    assert not Suppression.objects.exists()
    tab_to(page, "Only this: Mission calls")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Everything from Biocat")).to_be_checked()
    keep(page, "follower-unsubscribe")
    tab_to(page, "Unsubscribe")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    left = Suppression.objects.get()
    assert (left.scope, left.cluster) == (Suppression.Scope.CLUSTER, world.biocat)


def link(text: str, part: str) -> str:
    found = re.search(rf"\S*{re.escape(part)}\S*", text)
    assert found, f"no link with {part} in the text part"
    return found[0]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    wanted = page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name))
    for _press in range(20):
        page.keyboard.press("Tab")
        if page.locator(":focus").and_(wanted).count():
            return
    raise AssertionError(f"Tab never reached “{name}”")
