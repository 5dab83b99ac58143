"""Blocks of a text change places: by dragging, by keys, by buttons, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions import snippets
from campaigns.models import Campaign
from tests.browser.pictures import keep
from tests.browser.test_composing import TOO_WIDE, save
from tests.world import World


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def kinds(draft: Campaign) -> list[str]:
    return [block["kind"] for block in draft.texts.get(language="en").blocks]


def order(page: Page) -> list[str]:
    found: list[str] = page.locator("form > fieldset h2").evaluate_all(
        "all => all.map(one => one.lastChild.textContent.trim())"
    )
    return found


def take(page: Page, block: str) -> None:
    """The pointer takes a block by its number."""
    page.locator(f"{block} .grip").hover()
    page.mouse.down()


def carry(page: Page, block: str) -> None:
    """What the pointer has taken is carried to where another block is."""
    box = page.locator(f"{block} .grip").bounding_box()
    assert box
    page.mouse.move(box["x"] + 9, box["y"] + 9, steps=6)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_block_is_dragged_where_it_belongs(
    draft: Campaign, sit_down: Callable[..., Page], width: int
) -> None:
    page = sit_down("coordinator", width=width, scheme="dark" if width == 360 else "light")
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    before = kinds(draft)
    page.locator("#text-2").fill("Words that nobody has saved yet")

    take(page, "#block-2")
    carry(page, "#block-0")
    keep(page, f"arranging-{width}")
    assert page.evaluate(TOO_WIDE) == []
    page.mouse.up()

    expect(page.get_by_text("Text is block 1 of")).to_have_count(1)
    expect(page.locator("#block-0 legend")).to_have_text("2. Heading")
    expect(page.get_by_text("not saved yet.")).to_be_visible()  # it is kept, as all that is written
    assert kinds(draft) == before
    save(page)
    expect(page.get_by_text("The text in English is saved")).to_be_visible()
    assert kinds(draft) == [before[2], *before[:2], *before[3:]]
    assert draft.texts.get(language="en").blocks[0]["text"] == "Words that nobody has saved yet"


def test_a_drag_that_is_given_up_leaves_all_as_it_was(
    draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    before = order(page)

    take(page, "#block-1")
    carry(page, "#block-4")
    assert order(page) != before
    page.keyboard.press("Escape")
    page.mouse.up()

    assert order(page) == before
    expect(page.locator("[data-moved]")).to_be_empty()


def test_keys_move_a_block_and_the_writer_goes_on_where_they_were(
    draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    before = order(page)
    page.locator("#text-2").press("End")

    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")  # it is the first already
    page.keyboard.type("!")

    assert order(page) == [before[2], *before[:2], *before[3:]]
    expect(page.get_by_role("status").filter(has_text="Text is block 1 of")).to_have_count(1)
    expect(page.locator("#text-2")).to_be_focused()
    assert page.locator("#text-2").input_value().endswith("!")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("status").filter(has_text="Text is block 2 of")).to_have_count(1)


def test_a_snippet_goes_behind_the_block_that_is_named(
    world: World, draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    ids = [draft.texts.get(language="en").blocks[0]["id"]]
    ona = world.users["coordinator"]
    snippets.keep(campaign=draft, by=ona, name="Our opening", blocks=ids)
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{draft.ref}/text/en/")

    page.locator("#text-2").press("Alt+ArrowUp")

    named = page.locator("#place option").all_inner_texts()[2:]
    assert named == [f"after {n}. {name}" for n, name in enumerate(order(page), start=1)]
    page.get_by_label("Where", exact=True).select_option("after 2. Text")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.locator("form > fieldset h2").nth(2)).to_contain_text("Heading")
    assert order(page)[:4] == ["Heading", "Text", "Heading", "Introduction of the region"]


@pytest.mark.parametrize("javascript", [True, False])
def test_buttons_move_a_block(
    draft: Campaign, sit_down: Callable[..., Page], javascript: bool
) -> None:
    page = sit_down("coordinator", javascript=javascript)
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    before = order(page)
    up = page.locator("form > fieldset").nth(1).get_by_role("button", name="Up")

    up.click()

    expect(page.locator("form > fieldset h2").first).to_contain_text(before[1])
    assert order(page) == [before[1], before[0], *before[2:]]
    first = page.locator("form > fieldset").first
    expect(first.get_by_role("button", name="Up")).to_be_hidden()
    if javascript:
        expect(first.get_by_role("button", name="Down")).to_be_focused()
    else:
        expect(page.get_by_text("Not saved yet")).to_be_visible()
    save(page)
    expect(page.get_by_text("The text in English is saved")).to_be_visible()
    assert order(page) == [before[1], before[0], *before[2:]]
