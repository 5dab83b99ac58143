"""A follower's whole way on a telephone, by keyboard and without a script, in each language.

Follow, confirm, get a post, choose one mail a week, get it, leave by one click, get nothing more.
"""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from urllib.parse import urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.actions import digests, follows
from campaigns.forms import follows as forms
from campaigns.models import Campaign, Delivery
from crm.models import Subscription, Topic
from crm.rules.texts import LANGUAGES
from tests.actions.test_digests import _topic, post, written
from tests.browser.conftest import Open, send_due
from tests.browser.pictures import keep
from tests.browser.test_following import reach
from tests.browser.test_pages import RULES, Examiner
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.fixture
def news(world: World) -> Topic:
    return _topic(world, "news", "news")


@pytest.mark.parametrize("language", LANGUAGES)
def test_following_by_keyboard_from_the_form_to_the_last_mail(
    world: World,
    news: Topic,
    mail_server: MailServer,
    open_browser: Open,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setattr(forms, "QUICKEST", -1)
    email = f"{language}@home.example"
    page, looked_at = open_browser(width=360, javascript=False), list[str]()

    ask(page, world, news, email, language)
    looked_at.append(page.url)
    follows.write_due()
    send_due()
    page.goto(link(mails(mail_server, email)[0], "/public/confirm/"))
    looked_at.append(page.url)
    reach(page, "form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(email)
    assert Subscription.objects.get().frequency == "each"

    written(world, post(world, news, "First", texts=titled(language, "First")))
    send_due()
    by_itself = mails(mail_server, email)[-1]
    assert by_itself["Content-Language"] == language
    assert f"First {language}" in by_itself["Subject"]

    reach(page, "a[href*='/public/preferences/']")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", language)
    looked_at.append(page.url)
    reach(page, "input[name=frequency]")
    for _press in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=frequency][value=weekly]")).to_be_checked()
    keep(page, f"digests-choose-{language}")
    reach(page, "button[value=choose]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert Subscription.objects.get().frequency == "weekly"

    tell_the_week(world, news, "Second", language)
    digest = mails(mail_server, email)[-1]
    said = words(digest)
    assert digest["Content-Language"] == language
    assert world.alliance.name in digest["Subject"]
    assert f"SECOND {language.upper()}" in said
    assert "FIRST" not in said
    assert len(mails(mail_server, email)) == 3

    way = re.match(r"<(https?://[^>]+)>", str(digest["List-Unsubscribe"]))
    assert way
    answer = Client(enforce_csrf_checks=True).post(
        urlsplit(way[1]).path, {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    tell_the_week(world, news, "Third", language)
    assert len(mails(mail_server, email)) == 3

    looked_at.append(way[1])
    sound(open_browser(), looked_at, digest)


def ask(page: Page, world: World, topic: Topic, email: str, language: str) -> None:
    """Fill in the form by keyboard."""
    page.goto(f"/public/{language}/follow/{world.alliance.slug}/")
    form = page.url
    reach(page, "input[name=email]")
    page.keyboard.type(email)
    reach(page, f"input[name=topics][value='{topic.pk}']")
    page.keyboard.press("Space")
    reach(page, "select[name=frequency]")
    keep(page, f"digests-ask-{language}")
    reach(page, "form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert page.url != form


def titled(language: str, title: str) -> dict[str, str]:
    return {language: f"{title} {language}"}


def tell_the_week(world: World, topic: Topic, title: str, language: str) -> None:
    """A post is published and announced, and the weekly digest is due."""
    written(world, post(world, topic, title, texts=titled(language, title)))
    send_due()
    digests.write(world.alliance, "weekly", timezone.now())
    send_due()
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)
    assert not waiting.exists()
    assert Campaign.objects.filter(title__startswith=title).exists()


def mails(server: MailServer, email: str) -> list[EmailMessage]:
    found = [message_from_bytes(raw, policy=modern) for to, raw in server.arrived if to == email]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def words(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text
    return str(text.get_content())


def link(mail: EmailMessage, part: str) -> str:
    found = re.search(rf"\S*{re.escape(part)}\S*", words(mail))
    assert found
    return found[0]


def sound(page: Page, addresses: list[str], mail: EmailMessage) -> None:
    """The pages, and the digest in a mail program, are usable for everybody."""
    examiner = Examiner(page)
    for address in addresses:
        examiner.look_at(address)
    assert examiner.wrong == []
    html = mail.get_body(("html",))
    assert html
    page.goto("about:blank")  # whose policy lets a mail bring its styles
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 360, "height": 900})
        page.set_content(html.get_content())
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found = Axe().run(page, options=RULES)["violations"]
        assert not found, found
        keep(page, f"digests-mail-{mail['Content-Language']}-{scheme}")
