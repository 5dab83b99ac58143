"""A text is kept while it is written, and two people write it at once without losing a word."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.pictures import keep
from tests.browser.test_composing import TOO_WIDE, save
from tests.world import World


def test_two_people_write_one_text(world: World, sit_down: Callable[..., Page]) -> None:
    campaign = world.call(release=False, start=False)
    ona, ben = sit_down("coordinator"), sit_down("admin", width=360, scheme="dark")
    for page in (ona, ben):
        page.goto(f"/campaigns/{campaign.ref}/text/en/")

    ben.locator("#text-0").fill("A heading of Ben's")
    ben.locator("#text-2").fill("A lead of Ben's")
    save(ben)
    expect(ben.get_by_text("The text in English is saved")).to_be_visible()
    ona.get_by_label("Preview line").fill("A line of Ona's")
    ona.locator("#text-2").fill("A lead of Ona's")
    expect(ona.get_by_text("Somebody else saved this text meanwhile")).to_be_visible()
    save(ona)

    expect(ona.get_by_text("changed the same words")).to_be_visible()
    expect(ona.locator("#text-2")).to_have_value("A lead of Ona's")
    expect(ona.get_by_text("A lead of Ben's", exact=True)).to_be_visible()
    keep(ona, "two-writers-1280")
    ona.locator("#text-2").fill("A lead of Ona's and Ben's")
    save(ona)
    expect(ona.get_by_text("The text in English is saved")).to_be_visible()
    text = campaign.texts.get(language="en")
    assert text.preheader == "A line of Ona's"
    assert [text.blocks[n]["text"] for n in (0, 2)] == [
        "A heading of Ben's",
        "A lead of Ona's and Ben's",
    ]
    ben.get_by_role("link", name="Versions").click()
    expect(ben.get_by_text("kept beside what somebody else had saved")).to_be_visible()
    assert ben.evaluate(TOO_WIDE) == []
    keep(ben, "versions-360-dark")
    ona.get_by_role("link", name="Versions").click()
    keep(ona, "versions-1280")


@pytest.mark.parametrize("crash", ["closed", "later"])
def test_what_was_written_is_there_after_a_crash(
    world: World, sit_down: Callable[..., Page], crash: str
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator")
    path = f"/campaigns/{campaign.ref}/text/en/"
    page.goto(path)
    page.locator("#text-2").fill("Words that nobody saved")
    if crash == "later":
        expect(page.get_by_text("not saved yet.")).to_be_visible()
        keep(page, "kept-1280")
    other = page.context.new_page()
    page.close(run_before_unload=False)
    other.goto("/")

    other.goto(path)

    other.get_by_role("link", name="Go on with it").click()
    expect(other.locator("#text-2")).to_have_value("Words that nobody saved")
    save(other)
    expect(other.get_by_text("The text in English is saved")).to_be_visible()
    expect(other.get_by_text("Go on with it")).to_have_count(0)
    assert campaign.texts.get(language="en").blocks[2]["text"] == "Words that nobody saved"


def test_more_than_a_beacon_takes_is_kept_while_its_writer_is_asked(
    world: World, sit_down: Callable[..., Page]
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{campaign.ref}/text/en/")
    for block in (2, 0):
        page.locator(f"#text-{block}").fill("Many words. " * 4000)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.close(run_before_unload=True)

    expect(page.get_by_text("not saved yet.")).to_be_visible()
    assert asked == ["beforeunload"]


def test_whoever_leaves_a_text_part_they_wrote_is_asked(
    world: World, sit_down: Callable[..., Page]
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{campaign.ref}/text/en/text-part/")
    page.get_by_label("Text part").fill("Words nobody saved")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.close(run_before_unload=True)
    expect(page.get_by_label("Text part")).to_have_value("Words nobody saved")
    assert asked == ["beforeunload"]

    page.get_by_role("button", name="Save the text part").click()
    expect(page.get_by_text("The text part is saved.")).to_be_visible()
    assert asked == ["beforeunload"]
