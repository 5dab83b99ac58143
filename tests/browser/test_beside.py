"""Two languages side by side: what changed, what is missing, and changing over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.actions import contents
from campaigns.models import Campaign
from tests.browser.pictures import keep
from tests.browser.test_composing import TOO_WIDE
from tests.world import World


@pytest.fixture
def draft(world: World) -> Campaign:
    """A call whose English text went on after the French one was written."""
    campaign = world.call(release=False, start=False)
    text = campaign.texts.get(language="en")
    blocks = [dict(block) for block in text.blocks]
    blocks[2]["text"] = "Join the delegation to Osaka in October. Ten places are left."
    more = {"kind": "button", "label": "See the fair", "url": "https://fair.example/"}
    contents.edit(
        campaign=campaign,
        language="en",
        subject=text.subject,
        preheader=text.preheader,
        blocks=[*blocks[:3], more, *blocks[3:]],
        ready=True,
        by=world.users["admin"],
    )
    return campaign


@pytest.mark.parametrize(
    ("width", "scheme", "javascript"),
    [(1280, "light", True), (1280, "dark", True), (360, "dark", True), (360, "light", False)],
)
def test_a_language_is_brought_up_to_another(
    draft: Campaign, sit_down: Callable[..., Page], width: int, scheme: str, javascript: bool
) -> None:
    page = sit_down("coordinator", width=width, scheme=scheme, javascript=javascript)
    page.goto(f"/campaigns/{draft.ref}/text/fr/")
    page.locator("#text-2").fill("Rejoignez la délégation à Osaka. Il reste dix places.")

    page.get_by_role("group", name="Beside the text").get_by_role("button", name="English").click()

    expect(page.locator("#text-2")).to_have_value(
        "Rejoignez la délégation à Osaka. Il reste dix places."
    )
    text = page.locator("#block-2")
    expect(text.get_by_text("changed since")).to_be_visible()
    text.get_by_text("What changed").click()
    expect(text.locator("ins").first).to_be_visible()
    own, other = (text.locator(each).bounding_box() for each in ("textarea", ".beside"))
    assert own
    assert other
    if width == 1280:
        assert other["x"] > own["x"] + own["width"]
    else:
        assert other["y"] > own["y"] + own["height"]
    keep(page, f"beside-{width}-{scheme}")
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_role("button", name="Add it here").click()
    button = page.locator("#block-3")
    expect(button.get_by_label("Address it opens")).to_have_value("https://fair.example/")
    button.get_by_label("Words on the button").fill("Voir le salon")
    page.get_by_label("Preview line").press("Enter")  # saves, as the button does
    expect(page.get_by_text("The text in French is saved")).to_be_visible()
    expect(page.get_by_text("changed since")).to_have_count(0)
    expect(page.get_by_text("missing here")).to_have_count(0)
    english, french = (draft.texts.get(language=code).blocks for code in ("en", "fr"))
    assert [block["id"] for block in french] == [block["id"] for block in english]
    page.get_by_role("button", name="Write in English").click()
    expect(page.locator("#text-0")).to_have_value("Japan mission")
    expect(page.locator("#block-3 .beside")).to_contain_text("Voir le salon")
