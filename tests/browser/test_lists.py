"""A contact works through the list: by keys, in place, and many at once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.models import Person, Tag
from tests.browser.pictures import keep
from tests.world import World


def people(world: World) -> None:
    for family in ("Alba", "Bosch", "Costa"):
        world.person(given="Marta", family=family, language="ca", job="CEO", phone="+34 1")
    Tag.objects.create(cluster=world.biocat, name="VIP", folded="vip")


def test_keys_move_choose_and_open(sit_down: Callable[..., Page], world: World) -> None:
    people(world)
    page = sit_down("contact_biocat")
    page.goto("/people/")

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert keys.evaluate("dialog => dialog.offsetWidth") > 300
    keep(page, "lists-keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="Choose Marta Bosch")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Marta Alba")).to_be_visible()


def test_a_cell_is_written_where_it_stands(sit_down: Callable[..., Page], world: World) -> None:
    people(world)
    page = sit_down("contact_biocat")
    page.goto("/people/?columns=phone,job,language")
    row = page.get_by_role("row", name="Marta Alba")
    phone = row.locator("td[data-label=Phone]")

    phone.get_by_role("link", name="Edit").click()
    phone.get_by_label("Phone").fill("+34 93 222")
    keep(page, "lists-cell")
    phone.get_by_role("button", name="Save").click()
    expect(phone).to_contain_text("+34 93 222")
    assert Person.objects.get(family="Alba").phone == "+34 93 222"

    phone.get_by_role("link", name="Edit").click()
    phone.get_by_label("Phone").fill("+34 0")
    Person.objects.filter(family="Alba").update(version=9)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("alert")).to_contain_text("Somebody else changed")


def test_a_name_is_written_in_its_own_row(sit_down: Callable[..., Page], world: World) -> None:
    people(world)
    page = sit_down("contact_biocat")
    page.goto("/people/")
    row = page.locator("tbody tr").nth(1)

    row.get_by_role("link", name="Edit").first.click()
    expect(row.get_by_label("Given name")).to_be_focused()
    row.get_by_label("Given name").press("Escape")
    expect(row.get_by_role("rowheader")).to_have_text(re.compile(r"^\s*Marta Bosch"))
    row.get_by_role("link", name="Edit").first.click()
    row.get_by_label("Given name").fill("Maria")
    row.get_by_label("Given name").press("Enter")

    expect(row.get_by_role("rowheader")).to_have_text(re.compile(r"^\s*Maria Bosch"))
    expect(page.get_by_role("columnheader", name="Name")).to_be_visible()


def test_many_are_tagged_and_it_is_undone(sit_down: Callable[..., Page], world: World) -> None:
    people(world)
    page = sit_down("contact_biocat", width=360)
    page.goto("/people/")
    keep(page, "lists-narrow")
    page.get_by_role("checkbox", name="Choose Marta Alba").check()
    page.get_by_role("checkbox", name="Choose Marta Costa").check()
    page.get_by_role("button", name="Change the chosen ones").click()
    expect(page.get_by_text("2 people")).to_be_visible()
    page.get_by_label("What to do").select_option(label="Add a tag")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Tag").select_option(label="VIP")
    keep(page, "lists-bulk")
    page.get_by_role("button", name="Add a tag").click()

    expect(page.get_by_role("heading", name="2 rows changed")).to_be_visible()
    assert Person.objects.exclude(tags=[]).count() == 2
    keep(page, "lists-bulk-done")
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone on")).to_be_visible()
    assert not Person.objects.exclude(tags=[]).exists()


def test_a_filtered_list_is_saved_as_a_view_without_javascript(
    sit_down: Callable[..., Page], world: World
) -> None:
    people(world)
    page = sit_down("contact_biocat", javascript=False, scheme="dark")
    page.goto("/people/")
    page.get_by_text("More filters").click()
    page.get_by_label("Field").select_option(label="Language")
    page.get_by_label("Value").fill("Catalan")
    page.get_by_role("button", name="Add filter").click()
    page.get_by_text("Columns").first.click()
    page.get_by_role("checkbox", name="Phone").check()
    keep(page, "lists-dark")
    page.get_by_role("button", name="Show these columns").click()
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Catalan speakers")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Catalan speakers")).to_have_attribute(
        "aria-current", "page"
    )
    expect(page.get_by_role("columnheader", name="Phone")).to_be_visible()
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute(
        "aria-sort", "descending"
    )
    keep(page, "lists-view")
