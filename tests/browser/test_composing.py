"""Writing a text: every kind of block, with a picture and a paste, with and without JavaScript."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

from campaigns.models import Campaign
from tests.browser.conftest import Open
from tests.browser.pictures import keep
from tests.world import World


def hall() -> FilePayload:
    """A picture in which one sees whether it is drawn whole."""
    image = Image.new("RGB", (1600, 700), "#dfe7ea")
    draw = ImageDraw.Draw(image)
    for n in range(8):
        draw.rectangle((60 + n * 190, 200, 190 + n * 190, 700), fill="#2a673a")
    draw.polygon([(20, 200), (800, 30), (1580, 200)], fill="#833f51")
    written = io.BytesIO()
    image.save(written, "JPEG")
    return {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def add_one_of_each(page: Page, *, description: str, caption: str, address: str) -> None:
    """A picture, a quote and a button, below what is there."""
    picture = added(page, "Picture")
    picture.get_by_label("File").set_input_files(hall())
    picture.get_by_label("Description").fill(description)
    picture.get_by_label("Caption").fill(caption)
    quote = added(page, "Quote")
    quote.get_by_label("What was said").fill("It *opened doors* that mails never did.")
    quote.get_by_label("Who said it").fill("Ona Vidal, Biocat")
    button = added(page, "Button")
    button.get_by_label("Words on the button").fill("Book the hotel")
    button.get_by_label("Address it opens").fill(address)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_text_gets_a_picture_a_quote_and_a_button(
    world: World, sit_down: Callable[..., Page], javascript: bool
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator", javascript=javascript, width=1280 if javascript else 360)
    page.goto(f"/campaigns/{campaign.ref}/text/en/")

    add_one_of_each(
        page,
        description="The exhibition hall in Osaka, seen from the river",
        caption="Where we meet",
        address="http://hotel.example",
    )
    save(page)
    expect(page.get_by_text("Write a whole address that begins with https://")).to_be_visible()
    expect(page.locator("img.picture")).to_have_count(1)  # nothing that was brought is lost
    keep(page, f"composing-{'1280' if javascript else '360-without-javascript'}")
    page.get_by_label("Address it opens").last.fill("https://hotel.example/osaka")
    save(page)

    expect(page.get_by_text("The text in English is saved")).to_be_visible()
    kinds = [block["kind"] for block in campaign.texts.get(language="en").blocks]
    assert kinds[-3:] == ["image", "quote", "button"]
    page.goto(f"/campaigns/{campaign.ref}/preview/?language=en")
    mail = page.frame_locator("iframe.mail")
    shown = mail.get_by_role("img", name="The exhibition hall in Osaka")
    expect(shown).to_be_visible()
    if javascript:
        assert shown.evaluate("image => image.complete && image.naturalWidth") == 1200
    expect(mail.get_by_role("link", name="Book the hotel")).to_be_visible()


def added(page: Page, kind: str) -> Locator:
    """A new block at the end; the page is drawn anew with it."""
    blocks = page.locator("form fieldset.card")
    there = blocks.count()
    page.get_by_label("Add a block at the end").select_option(kind)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(blocks).to_have_count(there + 1)
    return blocks.last


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the text").last.click()


PASTE = """([html, words]) => {
  const at = document.querySelector("#text-2");
  at.focus();
  at.setSelectionRange(at.value.length, at.value.length);
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", words);
  at.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
}"""


def test_what_is_pasted_keeps_its_links_and_lists(
    world: World, sit_down: Callable[..., Page]
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{campaign.ref}/text/en/")
    text = page.locator("#text-2")
    before = text.input_value()

    page.evaluate(PASTE, ["<b> Bring</b><ul><li>a <a href='https://v.example'>visa</a></ul>", "x"])

    expect(text).to_have_value(f"{before}*Bring*\n\n- a [visa](https://v.example)")
    page.evaluate(PASTE, ["<p>word </p>" * 60_000, " plain words"])
    expect(text).to_have_value(f"{before}*Bring*\n\n- a [visa](https://v.example) plain words")


def test_too_long_a_text_is_answered_and_not_lost(
    world: World, sit_down: Callable[..., Page]
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator")
    page.goto(f"/campaigns/{campaign.ref}/text/en/")
    page.locator("#text-2").evaluate("(at) => { at.value = 'word '.repeat(600_000) }")

    save(page)

    expect(page.get_by_role("heading", name="This is more than fits")).to_be_visible()
    keep(page, "composing-too-much")
    page.go_back()
    assert page.locator("#text-2").input_value().startswith("word word")


TOO_WIDE = """[...document.querySelectorAll("main *, .card *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
)
def test_pages_and_mail_with_every_kind(
    world: World, sit_down: Callable[..., Page], open_browser: Open, width: int, scheme: str
) -> None:
    campaign = world.call(release=False, start=False)
    page = sit_down("coordinator", width=width, scheme=scheme)
    write(page, campaign)
    page.goto(f"/campaigns/{campaign.ref}/text/en/")
    keep(page, f"composing-all-{width}-{scheme}")
    assert page.evaluate(TOO_WIDE) == []

    page.goto(f"/campaigns/{campaign.ref}/preview/body/?language=en")
    expect(page.get_by_role("img", name="The hall")).to_be_visible()
    keep(page, f"composing-mail-{width}-{scheme}")
    assert page.evaluate(TOO_WIDE) == []


def write(page: Page, campaign: Campaign) -> None:
    page.goto(f"/campaigns/{campaign.ref}/text/en/")
    page.locator("#text-2").fill(
        "Join *twelve companies* and [see the fair](https://fair.example/a_b).\n\n"
        "Bring:\n- a _short_ film\n- {name|your} badge and whatever else you show to people who "
        "never heard of your work\n\n1. Apply\n2. Pack"
    )
    add_one_of_each(
        page,
        description="The hall",
        caption="Where we meet in October",
        address="https://hotel.example/osaka",
    )
    save(page)
    expect(page.get_by_text("The text in English is saved")).to_be_visible()
