"""Mails as their readers see them: on a small phone, a phone and a computer, in the light, in the
dark and with pictures off, in every language; and read out.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from axe_core_python.sync_playwright import Axe
from django.db import connection, transaction
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route
from pytest_django import DjangoDbBlocker

from campaigns.actions import campaigns, contents, images, previews, releases
from campaigns.actions.sizes import LARGEST
from campaigns.demo.load import load
from campaigns.models import Campaign, Delivery, Installation
from crm.models import Event, Mission, User
from crm.rules.texts import LANGUAGES
from tests.browser import pictures
from tests.browser.test_pages import RULES
from tests.kit.pictures import picture

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
WIDTHS = (320, 375, 800)
MEMBER, PUBLIC = Delivery.Variant.MEMBER, Delivery.Variant.PUBLIC
VARIANTS = {"call": (MEMBER, PUBLIC), "invitation": (MEMBER,)}
PICTURED = "de"  # its words are the longest: it is kept at every width
LONG = "Biopharmazeutischeinnovationsgesellschaftswettbewerbsbedingungen"


class Look(NamedTuple):
    name: str
    scheme: str
    images: bool


LOOKS = (Look("light", "light", True), Look("dark", "dark", True), Look("off", "light", False))


@pytest.fixture(scope="module")
def drafts(
    chromium: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Campaign]]:
    """The demo's call and invitation, with every kind of block that a person can add.

    After Chromium is there, for beside its event loop Django has another connection.
    """
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]
    kept = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        WITNESS_DIR=tmp_path_factory.mktemp("witness"),
        EMAIL_URL="",
    )
    with kept, django_db_blocker.unblock(), whole:
        Installation.objects.get_or_create(pk=1)
        load(TODAY)
        coordinator = User.objects.get(email="coordinator@lyonbiopole.example")
        call = campaigns.announce(mission=Mission.objects.get(slug="japan-next"), by=coordinator)
        coming = Event.objects.exclude(status=Event.Status.DRAFT).order_by("starts_at").last()
        assert coming
        invitation = campaigns.invite(event=coming, by=coordinator)
        for campaign in (call, invitation):
            _thicken(campaign, coordinator)
        yield {"call": call, "invitation": invitation}
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        connection.close()  # the one beside the loop, which nobody else closes


def _thicken(campaign: Campaign, by: User) -> None:
    assert campaign.alliance
    kept = images.add(alliance=campaign.alliance, name="hall.png", content=picture(), by=by)
    more = [
        {"kind": "quote", "text": "We came home with two partners.", "who": "Ona Vidal, Lyon"},
        {
            "kind": "image",
            "image": kept.name,
            "alt": "The hall in Osaka, seen from the entrance, with the stands of all regions",
            "caption": "Where the delegation will meet its partners",
        },
        {
            "kind": "text",
            "text": f"*What to bring*\n\n- {LONG} _or_ one page\n- [a plan](https://h.example/a)"
            "\n\n1. Apply\n2. Wait for a word",
        },
        {"kind": "button", "label": "See the hall", "url": "https://hall.example/plan"},
        {"kind": "divider"},
    ]
    for text in campaign.texts.all():
        blocks = [*text.blocks[:-1], *more, text.blocks[-1]]
        contents.edit(
            campaign=campaign,
            language=text.language,
            subject=text.subject,
            preheader=text.preheader,
            blocks=blocks,
            ready=True,
        )
    for lane in campaign.releases.exclude(cluster=None):
        said = dict.fromkeys(LANGUAGES, "Dear {given_name|all}, ask me.\n\nPau")
        releases.introduce(release=lane, by=by, texts=said)


@pytest.fixture(scope="module")
def mails(drafts: dict[str, Campaign]) -> dict[str, str]:
    """Each kind of mail in each language, by a name for its pictures."""
    found = {}
    for kind, campaign in drafts.items():
        texts = previews.texts_of(campaign)
        for language in texts:
            for variant in VARIANTS[kind]:
                lanes = campaign.releases.in_order()
                lane = lanes.filter(cluster__isnull=variant == PUBLIC).first()
                assert lane
                reader = previews.made_up(lane)
                reader = previews.Reader(lane, reader.person, language, variant)
                found[f"{kind}-{variant}-{language}"] = previews.compose(reader, texts).html
    return found


@pytest.fixture
def reading(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_context().new_page()
    yield page
    page.context.close()


def test_there_are_mails_in_every_language(mails: dict[str, str]) -> None:
    assert len(mails) == 3 * len(LANGUAGES)


def test_a_mail_is_small_enough_to_be_shown_whole(mails: dict[str, str]) -> None:
    sizes = {name: len(html.encode()) for name, html in mails.items()}

    assert max(sizes.values()) < LARGEST


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_can_be_read_everywhere(
    reading: Page, mails: dict[str, str], look: Look, language: str
) -> None:
    """No sideways scroll, nothing cut off, accessible; pictures of it are kept to be looked at."""
    wrong = []
    shown = picture()

    def answer(route: Route) -> None:
        if look.images and "/public/images/" in route.request.url:
            route.fulfill(body=shown, content_type="image/png")
        else:
            route.abort()

    reading.route("http*://**/*", answer)
    reading.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]
    for name, html in mails.items():
        if not name.endswith(language):
            continue
        for width in WIDTHS:
            reading.set_viewport_size({"width": width, "height": 900})
            reading.set_content(html)
            if reading.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{name} is wider than {width} px")
            wrong += [f"{name}, {width} px: “{cut}” is cut off" for cut in _cut_off(reading)]
            if width == WIDTHS[0] or language == PICTURED:
                pictures.keep(reading, f"mails/{name}-{look.name}-{width}")
        for found in Axe().run(reading, options=RULES)["violations"]:
            wrong.append(f"{name}: {found['id']}: {found['nodes'][0]['html'][:200]}")

    assert wrong == []


# What a reader sees of an element; the height of its lines is the style sheet's alone.
SEEN = """() => [...document.body.querySelectorAll("*")]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(each => {
        const style = getComputedStyle(each), sides = ["Top", "Right", "Bottom", "Left"];
        const names = ["color", "backgroundColor", "fontFamily", "fontSize", "fontWeight",
            "textAlign", "textDecorationLine", "letterSpacing", "borderTopLeftRadius",
            ...sides.flatMap(side => [`padding${side}`, `margin${side}`,
                `border${side}Width`, `border${side}Color`])];
        return [each.localName + " " + each.textContent.trim().slice(0, 40),
            Object.fromEntries(names.map(name => [name, style[name]]))];
    })"""


def test_a_mail_looks_the_same_where_style_sheets_are_dropped(
    reading: Page, mails: dict[str, str]
) -> None:
    reading.route("http*://**/*", lambda route: route.abort())
    reading.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    for name, html in mails.items():
        if not name.endswith(PICTURED):
            continue
        reading.set_content(html)
        whole = reading.evaluate(SEEN)
        reading.evaluate("document.querySelectorAll('style').forEach(sheet => sheet.remove())")
        pictures.keep(reading, f"mails/{name}-bare-{WIDTHS[-1]}")

        assert len(whole) > 30
        assert reading.evaluate(SEEN) == whole


def _cut_off(page: Page) -> list[str]:
    """The words of what is wider than its place, where a page would hide it without scrolling."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("td, th, p, h1, h2, h3, a, li")]
            .filter(each => each.getBoundingClientRect().right > innerWidth + 1
                && each.getBoundingClientRect().width > 0)
            .map(each => each.textContent.trim().slice(0, 40))"""
    )
    return found
