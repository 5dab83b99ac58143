"""Taking a list out in a browser: narrowed, made, downloaded, deleted; a large one in the back."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from crm.actions import exports
from crm.forms import tables
from crm.models import Export
from tests.browser.conftest import PASSWORD
from tests.browser.pictures import keep
from tests.world import World


def downloaded(page: Page, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize("javascript", [True, False])
def test_a_narrowed_list_is_downloaded_and_deleted(
    sit_down: Callable[..., Page], world: World, tmp_path: Path, javascript: bool
) -> None:
    world.person(given="Núria", family="Vidal", language="ca", phone="+34 931 23 45 67")
    world.person(given="Lena", family="Alt", language="de")
    page = sit_down("contact_biocat", javascript=javascript)
    page.goto("/people/?language=ca")
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_text("1 person, as the list shows them now.")).to_be_visible()
    page.get_by_label("CSV: text that every program reads").check()
    page.get_by_label("everything you may read").check()
    keep(page, "exports-create")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="The file is ready")).to_be_visible()
    keep(page, "exports-show")

    with downloaded(page, tmp_path).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)

    assert (row["First name"], row["Phone"]) == ("Núria", "'+34 931 23 45 67")
    page.get_by_role("link", name="My exports").click()
    keep(page, "exports-list")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The file is deleted.")).to_be_visible()
    expect(page.get_by_role("heading", name="No export yet")).to_be_visible()


def test_a_large_list_asks_who_it_is_and_is_made_in_the_back(
    sit_down: Callable[..., Page], world: World, settings: Settings, tmp_path: Path
) -> None:
    settings.EXPORT_CONFIRM = settings.EXPORT_AT_ONCE = 1
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    for _person in range(3):
        world.person()
    page = sit_down("contact_biocat", width=360, scheme="dark")
    page.goto("/exports/new/?of=people")
    expect(page.get_by_text("you will be asked for your password once more")).to_be_visible()
    keep(page, "exports-create-phone-dark")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="The file is being made")).to_be_visible()
    keep(page, "exports-making-phone-dark")

    assert exports.make_next(tables.rows)

    expect(page.get_by_role("heading", name="The file is ready")).to_be_visible()
    assert downloaded(page, tmp_path).stat().st_size == Export.objects.get().size
    page.goto("/exports/")
    keep(page, "exports-list-phone-dark")
