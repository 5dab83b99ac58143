"""A coordinator puts an audience together, on a wide screen and on a phone without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Audience, Campaign
from tests.browser.pictures import keep
from tests.world import World


@pytest.fixture
def draft(world: World) -> Campaign:
    for language in ("de", "fr", "it"):
        world.person(language=language, family=f"Reader{language}")
    return world.call(release=False, start=False)


def opened(page: Page, campaign: Campaign) -> None:
    page.goto(f"/campaigns/{campaign.ref}/audience/")
    page.get_by_role("link", name="Put an audience together").click()
    page.goto(f"{page.url}?anew=1")


def add(page: Page, question: str, group: str) -> None:
    box = page.get_by_role("group", name=group, exact=True)
    box.get_by_label("What is asked").last.select_option(question)
    box.get_by_role("button", name="Add condition").last.click()
    expect(box.get_by_role("group", name=question, exact=True)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_conditions_are_put_together_and_written_to(
    world: World, draft: Campaign, sit_down: Callable[..., Page], javascript: bool
) -> None:
    page = sit_down("coordinator", javascript=javascript, width=1280 if javascript else 360)
    opened(page, draft)

    add(page, "Kind", "People of whom")  # may wait for its value
    add(page, "Language", "People of whom")
    page.get_by_label("German").check()
    page.get_by_label("French").check()
    if javascript:
        expect(page.locator("#found").get_by_role("link", name="Readerde")).to_be_visible()
        expect(page.get_by_text("A condition has no value yet")).to_have_count(0)
    page.get_by_role("button", name="Take “Kind” away").click()
    expect(page.get_by_role("group", name="Kind", exact=True)).to_have_count(0)
    add(page, "Kept by", "But not those of whom")
    without = page.get_by_role("group", name="But not those of whom", exact=True)
    without.get_by_label("BioM").check()
    if not javascript:
        page.get_by_role("button", name=re.compile("^Count")).last.click()
    found = page.locator("#found")
    expect(found).to_contain_text("Language: French, German; without: Kept by: BioM")
    expect(found.get_by_role("link", name="Readerde")).to_be_visible()
    expect(found.get_by_role("link", name="Readerit")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep(page, f"audience-{'1280' if javascript else '360-without-javascript'}")
    page.get_by_label("Name", exact=False).last.fill("Germans and French")
    page.get_by_role("button", name="Write to these").click()

    expect(page.get_by_text("It is for these people now")).to_be_visible()
    draft.refresh_from_db()
    assert draft.audience
    assert draft.audience.name == "Germans and French"
    assert draft.audience.exclude


def test_what_was_saved_is_used_again(
    world: World, draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    page = sit_down("coordinator", scheme="dark")
    opened(page, draft)

    add(page, "Language", "People of whom")
    page.get_by_role("button", name="Save it to use it again").click()
    expect(page.get_by_text("Choose or write a value")).to_be_visible()
    page.get_by_label("Italian").check()
    page.get_by_label("Name", exact=False).last.fill("Italians")
    page.get_by_role("button", name="Save it to use it again").click()
    expect(page.get_by_text("“Italians” is saved.")).to_be_visible()
    page.goto(f"/campaigns/{draft.ref}/audience/build/?anew=1")
    page.get_by_role("link", name="Italians").click()

    expect(page.get_by_label("Italian")).to_be_checked()
    expect(page.locator("#found").get_by_role("link", name="Readerit")).to_be_visible()
    keep(page, "audience-dark")
    assert Audience.objects.get(name="Italians").user == world.users["coordinator"]
