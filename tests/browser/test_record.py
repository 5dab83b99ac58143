"""A record page by keyboard alone: a note, a tag and a custom field, and all on the timeline."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.actions import custom_fields, people
from crm.models import Note, Person, Tag
from tests.browser.pictures import keep
from tests.world import World


def go_to(page: Page, name: str) -> None:
    """Move the focus forward until it stands on what has this name, in the page's own part."""
    for _step in range(120):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.closest('nav') ? '' : (e.labels && e.labels[0] || e).innerText || '' }"
        )
        if name in named:
            return
    raise AssertionError(f"the keyboard does not reach “{name}”")


def follow(page: Page, name: str) -> None:
    """Open the link or press the button of this name."""
    go_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_contact_writes_a_note_puts_a_tag_and_answers_a_question_by_keyboard(
    sit_down: Callable[..., Page], world: World
) -> None:
    company = world.organisation(world.biocat, legal_name="Pirineus Biotech SL")
    person = world.person(
        world.biocat, given="Núria", family="Serra", organisation=company, job="CEO"
    )
    page = sit_down("contact_biocat")
    page.goto("/vocabulary/")
    follow(page, "Add custom field")
    go_to(page, "Name")
    page.keyboard.type("T-shirt size")
    go_to(page, "Kind")
    page.keyboard.type("one of")
    go_to(page, "Choices")
    page.keyboard.type("S\nM\nL")
    follow(page, "Add custom field")
    expect(page.get_by_role("row", name="T-shirt size")).to_be_visible()
    keep(page, "record-vocabulary")

    page.goto(f"/people/{person.pk}/")
    go_to(page, "New note")
    page.keyboard.type("Met at the fair. Calls back in May.")
    follow(page, "Keep the note")
    expect(page.get_by_text("The note is kept.")).to_be_visible()

    follow(page, "Edit")
    go_to(page, "Tags")
    page.keyboard.type("Fair 2026, Board")
    go_to(page, "T-shirt size")
    page.keyboard.type("M")
    follow(page, "Save")

    expect(page.get_by_role("heading", name="Núria Serra")).to_be_visible()
    expect(page.get_by_role("link", name="Fair 2026")).to_be_visible()
    timeline = page.locator("#timeline")
    expect(timeline).to_contain_text("Met at the fair. Calls back in May.")
    expect(timeline).to_contain_text("Board, Fair 2026")
    expect(timeline).to_contain_text("T-shirt size")
    keep(page, "record-person")

    go_to(page, "Notes and files")
    page.keyboard.press("Enter")
    expect(timeline).to_contain_text("Met at the fair.")
    expect(timeline).not_to_contain_text("T-shirt size")
    expect(page.get_by_role("link", name="Notes and files")).to_be_focused()
    assert "show=notes" in page.url
    assert Person.objects.get(pk=person.pk).custom
    assert Note.objects.get().by == world.users["contact_biocat"]
    assert {tag.name for tag in Tag.objects.all()} == {"Fair 2026", "Board"}

    page.goto(f"/organisations/{company.pk}/")
    keep(page, "record-organisation")


def test_known_tags_are_offered_while_one_types(
    sit_down: Callable[..., Page], world: World
) -> None:
    person = world.person(world.biocat)
    Tag.objects.create(cluster=world.biocat, name="Fair 2026", folded="fair 2026")
    Tag.objects.create(cluster=world.biom, name="Fair of BioM", folded="fair of biom")
    page = sit_down("contact_biocat", width=360, scheme="dark")
    page.goto(f"/people/{person.pk}/edit/")
    page.get_by_label("Tags").press_sequentially("Board, fa")

    offer = page.locator("datalist option[value='Board, Fair 2026']")
    expect(offer).to_have_count(1)
    expect(page.locator("datalist option")).to_have_count(1)
    keep(page, "record-edit-phone")
    page.goto(f"/people/{person.pk}/")
    keep(page, "record-person-phone")


def test_a_file_of_a_wrong_kind_is_refused_and_a_right_one_is_downloaded(
    sit_down: Callable[..., Page], world: World
) -> None:
    person = world.person(world.biocat)
    size = custom_fields.create(
        cluster=world.biocat, noun="person", name="Size", kind="number", by=None
    )
    people.edit(person=person, by=None, version=1, custom={size: 12})
    page = sit_down("contact_biocat", javascript=False)
    page.goto(f"/people/{person.pk}/")
    page.get_by_role("link", name="Attach a file").click()
    page.get_by_label("File").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("alert")).to_contain_text("of a kind that is not kept")
    page.get_by_label("File").set_input_files(
        {"name": "offer.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    )
    page.get_by_role("button", name="Attach").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="offer.pdf", exact=True).click()
    assert download.value.suggested_filename == "offer.pdf"
    keep(page, "record-files")
