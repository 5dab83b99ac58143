"""The mail beside its text, while that is written."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from campaigns.models import Campaign
from tests.browser.pictures import keep
from tests.browser.test_composing import TOO_WIDE, hall, save
from tests.world import World


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def mail(page: Page) -> FrameLocator:
    """The frame that is seen; while a new one is drawn, it lies beneath."""
    return page.frame_locator(".sheet > iframe >> nth=-1")


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (1680, "light"), (360, "dark")]
)
def test_the_mail_follows_what_is_typed(
    draft: Campaign, sit_down: Callable[..., Page], width: int, scheme: str
) -> None:
    page = sit_down("coordinator", width=width, scheme=scheme)
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    page.locator("#text-2").fill("Words that nobody saved. They are *bold*.")
    sheet = page.locator(".sheet")
    sheet.scroll_into_view_if_needed()  # on a phone it is below the text

    expect(mail(page).get_by_text("Words that nobody saved.")).to_be_visible()
    page.keyboard.type(" And more.")
    sheet.scroll_into_view_if_needed()
    expect(mail(page).get_by_text("And more.")).to_be_visible()
    expect(page.locator("#text-2")).to_be_focused()
    expect(page.locator(".sheet > iframe")).to_have_count(1)
    expect(page.get_by_text("not saved yet.")).to_have_count(1)  # it is kept all the same
    keep(page, f"live-{width}-{scheme}")
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_label("computer").check()
    frame = page.locator(".sheet > iframe")
    inner = frame.element_handle().content_frame()
    assert inner
    assert inner.evaluate("innerWidth") >= 638
    keep(page, f"live-wide-{width}-{scheme}")
    assert page.evaluate(TOO_WIDE) == []


def test_the_mail_is_shown_where_somebody_writes_and_the_page_stays(
    draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    page.get_by_label("Add a block at the end").select_option("text")
    page.get_by_role("button", name="Add", exact=True).click()
    last = page.locator("form > fieldset").last.locator("textarea")
    last.fill("The very last words")
    steps = page.evaluate("history.length")
    before = page.evaluate("scrollY")

    expect(mail(page).get_by_text("The very last words")).to_be_in_viewport()

    assert page.evaluate("scrollY") == before
    last.fill("The very last words of all")
    expect(mail(page).get_by_text("of all")).to_be_in_viewport()
    assert page.evaluate("history.length") == steps  # Back still leads back


def test_the_mail_follows_a_block_that_is_moved_and_another_reader(
    draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    page.locator("#text-2").press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    title = mail(page).locator("h1")
    expect(title).to_have_count(0)  # the heading is not the first any more
    page.locator("#readers-2").select_option("outside,public")
    expect(mail(page).get_by_text("Join the delegation.", exact=True)).to_have_count(0)

    page.get_by_label("reader").select_option("public")

    expect(mail(page).get_by_text("Join the delegation.", exact=True)).to_be_visible()


def test_a_chosen_file_waits_for_the_saving(draft: Campaign, sit_down: Callable[..., Page]) -> None:
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    page.get_by_label("Add a block at the end").select_option("image")
    page.get_by_role("button", name="Add", exact=True).click()
    picture = page.locator("form > fieldset").last
    picture.get_by_label("File").set_input_files(hall())
    picture.get_by_label("Description").fill("The hall")
    with page.expect_request("**/preview/") as sent:
        picture.get_by_label("Caption").fill("In October")
    assert len(sent.value.post_data_buffer or b"") < 20_000

    save(page)

    expect(page.get_by_text("The text in English is saved")).to_be_visible()
    expect(mail(page).get_by_role("img", name="The hall")).to_have_count(1)


def test_without_javascript_a_button_shows_what_stands_in_the_form(
    draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    page = sit_down("coordinator", javascript=False)
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    expect(mail(page).get_by_text("Join the delegation.", exact=True)).to_be_visible()
    page.locator("#text-2").fill("Words that nobody saved")

    page.get_by_role("button", name="Show what stands here").click()

    expect(mail(page).get_by_text("Words that nobody saved")).to_be_visible()
    expect(page.locator("#text-2")).to_have_value("Words that nobody saved")


HOLD_DRAWING = """
  const later = window.setTimeout;
  window.setTimeout = (act, pause, ...rest) => {
    if (pause !== 600) return later(act, pause, ...rest);
    window.draw = act;
  };
"""


def test_saving_wins_over_a_drawing_that_is_due_at_the_same_moment(
    draft: Campaign, sit_down: Callable[..., Page]
) -> None:
    """Browsers send a form one way at a time: the later one ends the one before."""
    page = sit_down("coordinator")
    page.add_init_script(HOLD_DRAWING)
    page.goto(f"/campaigns/{draft.ref}/text/en/")
    page.locator("#text-2").fill("Written a moment ago.")
    page.locator(".sheet").scroll_into_view_if_needed()

    page.get_by_role("button", name="Save the text").last.evaluate(
        "button => { button.click(); window.draw(); }"
    )

    expect(page.get_by_text("The text in English is saved")).to_be_visible()
