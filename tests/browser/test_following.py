"""Somebody begins to follow on a telephone, by keyboard and without a script, in each language."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions import follows
from campaigns.forms import follows as forms
from crm.models import Person, Subscription
from crm.rules.texts import LANGUAGES
from tests.browser.conftest import Open, send_due
from tests.browser.pictures import keep
from tests.browser.test_pages import Examiner
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.mark.parametrize("language", LANGUAGES)
def test_following_by_keyboard(
    world: World,
    mail_server: MailServer,
    open_browser: Open,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setattr(forms, "QUICKEST", -1)
    email = f"{language}@home.example"
    page = open_browser(width=360, javascript=False)
    page.goto(f"/public/{language}/follow/{world.alliance.slug}/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    reach(page, "input[name=email]")
    page.keyboard.type(email)
    reach(page, "input[name=topics]")
    page.keyboard.press("Space")
    keep(page, f"follows-ask-{language}")
    reach(page, "form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    keep(page, f"follows-asked-{language}")
    assert not Person.objects.exists()

    follows.write_due()
    send_due()
    text = mail_server.mail_to(email).get_body(("plain",))
    assert text
    found = re.search(r"\S+/public/confirm/\S+", text.get_content())
    assert found
    page.goto(found[0])
    expect(page.locator("html")).to_have_attribute("lang", language)
    keep(page, f"follows-confirm-{language}")
    assert not Person.objects.exists()
    reach(page, "form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(email)
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def reach(page: Page, control: str) -> None:
    """Press Tab until the control has the focus."""
    for _press in range(25):
        page.keyboard.press("Tab")
        if page.locator(":focus").and_(page.locator(control)).count():
            return
    raise AssertionError(f"Tab never reached {control}")


def test_the_pages_are_sound(
    world: World, mail_server: MailServer, open_browser: Callable[..., Page]
) -> None:
    follow = follows.ask(
        alliance=world.alliance, email="ada@home.example", topics=[world.topic],
        cluster=world.biocat, language="en", wording="words", network="",
    )  # fmt: skip
    examiner = Examiner(open_browser())
    address = f"/public/en/follow/{world.alliance.slug}/"
    for path in (address, f"{address}asked/", follows.confirming(follow)):
        examiner.look_at(path)
    assert examiner.wrong == []
