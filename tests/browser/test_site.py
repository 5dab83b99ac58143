"""The public site of an alliance in a browser: written, published, found; open and fast."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Post
from crm.actions import alliances
from tests.browser.conftest import Open
from tests.browser.pictures import keep
from tests.browser.test_pages import Examiner
from tests.kit.pictures import picture
from tests.kit.posts import published, written
from tests.world import World

SITE = "/public/en/alliances/bioxclusters-plus/"

# What a page costs whoever opens it, as the audits of search engines ask: each says what is wrong.
AUDIT = """() => {
  const told = name => document.querySelector(`meta[name="${name}"]`)?.content.trim() ?? "";
  const first = performance.getEntriesByType("navigation")[0];
  const loaded = performance.getEntriesByType("resource");
  const painted = performance.getEntriesByType("paint").map(entry => entry.startTime);
  const own = document.querySelector('link[rel="canonical"]')?.href ?? "";
  const others = [...document.querySelectorAll('link[rel="alternate"][hreflang]')];
  const lang = document.documentElement.lang;
  const small = [...document.querySelectorAll("a, button, input, select")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && getComputedStyle(element).display !== "inline" && box.height < 24;
  });
  const wrong = [
    [document.title.length < 10 || document.title.length > 120, `title: ${document.title}`],
    [told("description").length < 10 || told("description").length > 160, "description"],
    [told("viewport") !== "width=device-width, initial-scale=1", "viewport"],
    [!lang, "lang"], [document.doctype === null, "doctype"], [!own, "canonical"],
    [!others.some(link => link.hreflang === lang) && own.includes(`/${lang}/`), "hreflang"],
    [document.querySelectorAll("h1").length !== 1, "one h1"],
    [[...document.images].some(image => !image.hasAttribute("alt")), "alt"],
    [[...document.links].some(link => !link.textContent.trim()), "links without words"],
    [document.querySelectorAll('script:not([type="application/ld+json"])').length, "scripts"],
    [loaded.some(entry => new URL(entry.name).origin !== location.origin), "foreign hosts"],
    [loaded.filter(entry => entry.renderBlockingStatus === "blocking").length > 5, "blocking"],
    [loaded.reduce((sum, entry) => sum + entry.decodedBodySize, 0) > 30 * 1024, "weight of files"],
    [first.decodedBodySize > 40 * 1024, "weight of the page"],
    [Math.max(...painted) > 2500, `painted after ${painted}`],
    [document.querySelectorAll("*").length > 800, "too many elements"],
    [document.cookie, "a cookie"],
    [small.length, `too small to touch: ${small[0]?.outerHTML.slice(0, 80)}`],
  ];
  return wrong.filter(([is]) => is).map(([, what]) => what);
}"""
# How far things jump while a page loads, and when its largest part stands.
WATCH = """
  window.jumped = 0; window.largest = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => jumped += entry.value))
    .observe({type: "layout-shift", buffered: true});
  new PerformanceObserver(list => list.getEntries().forEach(entry => largest = entry.startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
"""


@pytest.fixture
def post(world: World) -> Post:
    alliances.edit(
        alliance=world.alliance,
        by=None,
        version=1,
        boilerplate={"en": "Four regions of life sciences that open doors for each other."},
    )
    return published(world.alliance, world.topic, "en", "fr", record=world.mission)


def pages_of(post: Post) -> list[str]:
    own = f"posts/{post.slug}/"
    more = ("", "about/", "responsible/", "posts/", "posts/?q=nothing+fits", own)
    return [
        *(f"{SITE}{at}" for at in more),
        f"/public/fr/alliances/bioxclusters-plus/{own}",
        f"/public/de/alliances/bioxclusters-plus/{own}",
        "/public/en/missions/japan-next/",
        "/public/en/events/matchmaking-next/",
    ]


def test_a_post_is_written_published_found_and_withdrawn(
    world: World, sit_down: Callable[..., Page], open_browser: Open
) -> None:
    page = sit_down("coordinator")
    page.get_by_role("link", name="Posts", exact=True).click()
    page.get_by_role("link", name="New post").first.click()
    page.get_by_label("Title").fill("Doors open in Osaka")
    page.get_by_label("report").check()
    page.get_by_role("button", name="Write it").click()
    page.get_by_label("Summary").fill("Two companies signed.")
    page.locator("[name=text]").fill("They *signed* in Osaka.")
    page.get_by_label("A picture").set_input_files(
        {"name": "hall.png", "mimeType": "image/png", "buffer": picture(size=(1600, 900))}
    )
    page.get_by_label("What it shows").fill("A hall full of people")
    page.get_by_role("button", name="See how it looks").click()
    expect(page.get_by_role("strong")).to_have_text("signed")
    expect(page.get_by_role("img", name="A hall full of people")).to_be_visible()
    page.get_by_label("Ready to be read").check()
    keep(page, "post-say")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("stands on the site.")).to_be_visible()
    keep(page, "post-show")

    visitor = open_browser(javascript=False)
    visitor.goto(SITE)
    visitor.get_by_role("link", name="All news").click()
    visitor.get_by_role("searchbox").fill("osakka")
    visitor.get_by_role("button", name="Search").click()
    visitor.get_by_role("link", name="Doors open in Osaka").click()
    expect(visitor.get_by_text("They signed in Osaka.")).to_be_visible()
    expect(visitor.get_by_role("img", name="A hall full of people")).to_be_visible()
    keep(visitor, "site-post-with-picture")
    visitor.get_by_role("link", name="Follow by e-mail").click()
    expect(visitor.get_by_role("heading", name="Follow")).to_be_visible()

    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw").click()
    visitor.go_back()
    assert visitor.reload().status == 404


def test_the_site_is_read_by_keyboard(post: Post, open_browser: Open) -> None:
    page = open_browser()
    page.goto(SITE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "News"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="News", level=1)).to_be_visible()


def test_the_pages_are_for_everybody(
    world: World, post: Post, sit_down: Callable[..., Page], open_browser: Open
) -> None:
    visitor = Examiner(open_browser())
    for address in pages_of(post):
        visitor.look_at(address)
        keep(visitor.page, f"site{address.replace('/', '-').replace('?', '-')}")
    draft = written(world.alliance, world.topic, texts={"en": ("Next", "Lead.", "Text.")})
    writer = Examiner(sit_down("coordinator"))
    for address in (
        "/posts/",
        "/posts/new/",
        f"/posts/{post.pk}/",
        f"/posts/{post.pk}/edit/",
        f"/posts/{post.pk}/texts/fr/",
        f"/posts/{post.pk}/withdraw/",
        f"/posts/{post.pk}/tell/",
        f"/posts/{draft.pk}/publish/",
    ):
        writer.look_at(address)
        keep(writer.page, f"posts{address.replace('/', '-')}")

    assert visitor.wrong + writer.wrong == []


def test_the_pages_are_fast_and_found(post: Post, open_browser: Open) -> None:
    page = open_browser(width=360)
    page.context.add_init_script(WATCH)
    wrong: dict[str, Any] = {}
    for address in pages_of(post):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found = page.evaluate(AUDIT)
        if page.evaluate("jumped") > 0.1:
            found.append("jumps")
        if page.evaluate("largest") > 2500:
            found.append("slow")
        if found:
            wrong[address] = found

    assert wrong == {}
