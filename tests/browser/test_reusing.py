"""What was written is used again, and the words beside the HTML are written by hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Campaign, Snippet
from tests.browser.pictures import keep
from tests.browser.test_pages import Examiner
from tests.world import World


def text_of(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.ref}/text/en/"


def keep_for_other_texts(page: Page, name: str, *blocks: str) -> None:
    """From the page of a text: some blocks, or without any all of it."""
    page.get_by_role("link", name="Keep for other texts").click()
    if blocks:
        for block in blocks:
            page.get_by_label(block).check()
    else:
        page.get_by_label("The whole text, as a template").check()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(f"“{name}")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_blocks_are_kept_and_put_into_another_text(
    world: World, sit_down: Callable[..., Page], javascript: bool
) -> None:
    call = world.call(release=False, start=False)
    invitation = world.invitation(release=False, start=False)
    page = sit_down("coordinator", javascript=javascript, width=1280 if javascript else 360)
    page.goto(text_of(call))
    keep_for_other_texts(page, "Our opening", "1. Heading", "3. Text")

    page.goto(text_of(invitation))
    page.get_by_label("Insert a snippet").select_option("Our opening")
    page.get_by_label("Where", exact=True).select_option("after 2. Introduction of the region")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save the text").last.click()
    expect(page.get_by_text("The text in English is saved")).to_be_visible()

    blocks = invitation.texts.get(language="en").blocks
    assert [block["kind"] for block in blocks[:4]] == ["heading", "introduction", "heading", "text"]
    assert [block["text"] for block in blocks[2:4]] == ["Japan mission", "Join the delegation."]
    assert len({block["id"] for block in blocks}) == len(blocks)


def test_a_template_is_chosen_where_a_campaign_begins(
    world: World, sit_down: Callable[..., Page]
) -> None:
    call = world.call(release=False, start=False)
    page = sit_down("coordinator")
    page.goto(text_of(call))
    page.get_by_label("Subject").fill("Japan mission: who comes along?")
    page.get_by_role("button", name="Save the text").last.click()
    keep_for_other_texts(page, "Our calls")
    Campaign.objects.filter(pk=call.pk).update(status=Campaign.Status.CANCELLED)

    page.goto(f"/missions/{world.mission.slug}/announce/")
    page.get_by_label("Text").select_option("Our calls")
    page.get_by_role("button", name="Draft the call").click()

    expect(page.get_by_text("Japan mission: who comes along?").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_text_part_is_written_goes_out_of_date_and_is_derived_again(
    world: World, sit_down: Callable[..., Page], javascript: bool
) -> None:
    call = world.call(release=False, start=False)
    page = sit_down("coordinator", javascript=javascript, width=1280 if javascript else 360)
    page.goto(text_of(call))
    expect(page.get_by_role("link", name="Write it by hand")).to_be_hidden()
    page.get_by_text("derived from the blocks").click()
    page.get_by_role("link", name="Write it by hand").click()
    words = page.get_by_label("Text part")
    expect(words).to_have_value("JAPAN MISSION\n\n" + words.input_value().split("\n\n", 1)[1])
    words.fill("Dear {given_name|colleague},\n\ncome to Japan.\n\n{contact}")
    page.get_by_role("button", name="Save the text part").click()
    expect(page.get_by_text("The text part is saved.")).to_be_visible()

    page.get_by_label("Text", exact=True).last.fill("Come along.")
    page.get_by_role("button", name="Save the text").last.click()

    expect(page.get_by_text("may be out of date", exact=True)).to_be_visible()
    expect(page.locator("ins", has_text="Come along.")).to_be_visible()
    page.get_by_role("button", name="Derive it again").click()
    expect(page.get_by_text("derived from the blocks")).to_be_visible()
    assert call.texts.get(language="en").plain == ""


def test_their_pages_are_for_everybody(world: World, sit_down: Callable[..., Page]) -> None:
    call = world.call(release=False, start=False)
    page = sit_down("coordinator")
    page.goto(text_of(call))
    keep_for_other_texts(page, "Our opening", "1. Heading", "3. Text", "9. Documents")
    page.goto(text_of(call))
    keep_for_other_texts(page, "Our calls")
    call.texts.filter(language="en").update(plain="By hand", plain_from="JAPAN MISSION\n\nOld.")
    snippet, template = Snippet.objects.order_by("pk")
    paths = {
        "list": "/campaigns/snippets/",
        "snippet": f"/campaigns/snippets/{snippet.pk}/",
        "template": f"/campaigns/snippets/{template.pk}/",
        "keep": f"{text_of(call)}keep-blocks/",
        "editor": text_of(call),
        "text-part": f"{text_of(call)}text-part/",
        "announce": f"/missions/{world.mission.slug}/announce/",
    }
    examiner = Examiner(page)
    for name, path in paths.items():
        examiner.look_at(path)
        for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            keep(page, f"reusing-{name}-{width}-{scheme}")
    assert not examiner.wrong
