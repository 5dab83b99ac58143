"""Somebody changes what comes to them, and where, on a telephone, by keyboard, without a script."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from campaigns.actions import address_changes, own_pages
from campaigns.forms import follows as forms
from campaigns.mail import links
from crm.models import Person, Suppression
from tests.browser.conftest import Open, send_due
from tests.browser.pictures import keep
from tests.browser.test_following import reach
from tests.browser.test_pages import Examiner
from tests.kit.mailserver import MailServer
from tests.world import World

OLD, NEW = "ada@old.example", "ada@new.example"


@pytest.fixture
def reader(world: World) -> Person:
    return world.person(email=OLD, language="fr")


def link(server: MailServer, email: str, path: str) -> str:
    mails = [raw.decode().replace("=\r\n", "") for to, raw in server.arrived if to == email]
    found = re.findall(rf"https?://[^\s<>\"]+{path}[^\s<>\"]+", " ".join(mails))
    return str(found[-1])


def test_from_the_foot_of_a_mail_to_another_address_and_out(
    world: World, reader: Person, mail_server: MailServer, open_browser: Open, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    world.call()
    send_due()
    page = open_browser(width=360, javascript=False)

    page.goto(link(mail_server, OLD, "/public/mine/"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("body")).not_to_contain_text("old.example")
    keep(page, "own-pages-send")
    press(page, "form button")
    expect(page.get_by_role("status")).to_be_visible()
    keep(page, "own-pages-asked")
    own_pages.write_due()
    send_due()

    page.goto(link(mail_server, OLD, "/public/preferences/"))
    keep(page, "preferences-show")
    press(page, "a[href$='/address/']")
    reach(page, "input[name=email]")
    page.keyboard.type(NEW)
    keep(page, "address-changes-ask")
    press(page, "form button")
    expect(page.get_by_role("status")).to_be_visible()
    address_changes.write_due()
    send_due()
    for email in (OLD, NEW):
        page.goto(link(mail_server, email, "/public/move/"))
        keep(page, f"address-changes-answer-{email}")
        press(page, "form button")
        expect(page.get_by_role("status")).to_be_visible()
    assert Person.objects.get(pk=reader.pk).email == NEW

    page.goto(link(mail_server, OLD, "/public/unsubscribe/"))
    keep(page, "public-unsubscribe")
    page.get_by_role("radio").last.check()
    press(page, "form button")
    expect(page.get_by_role("heading", name="Vous êtes désabonné(e)")).to_be_visible()
    left = Suppression.objects.filter(scope="all").values_list("address__email", flat=True)
    assert {*left} == {NEW, OLD}


def press(page: Page, control: str) -> None:
    reach(page, control)
    page.keyboard.press("Enter")


def test_the_pages_are_sound(
    world: World, reader: Person, open_browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "QUICKEST", -1)
    assert reader.primary
    address = reader.primary.address
    own = links.own_page_token(links.OwnPage(address.pk, "de"))
    change = address_changes.ask(address=address, email=NEW, language="en", network="")
    leaving = links.Leaving(address.pk, world.call().pk, reader.cluster_id, "de")
    examiner = Examiner(open_browser())
    page = links.preferences(address.pk, "en")
    for n, path in enumerate(
        (
            "/public/en/mine/",
            "/public/de/mine/asked/",
            links.own_page(own),
            links.untracked(own),
            links.objection(links.leaving_token(leaving)),
            page,
            f"{page}address/",
            address_changes.answering(change, links.Side.OLD),
            address_changes.answering(change, links.Side.NEW),
        )
    ):
        examiner.look_at(path)
        keep(examiner.page, f"own-page-{n}")
    assert examiner.wrong == []


def test_the_form_for_other_sites_is_sound(world: World, sit_down: "Open") -> None:
    examiner = Examiner(sit_down("coordinator"))
    for path in ("", "follow-form/", "edit/"):
        examiner.look_at(f"/network/alliances/bioxclusters-plus/{path}")
        keep(examiner.page, f"alliance-{path.strip('/') or 'show'}")
    assert examiner.wrong == []
