"""The directory and a hand-over in a browser: written, published, found, taken off; passed on."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.actions import directory
from crm.models import HandOver, Organisation
from tests.browser.conftest import Open
from tests.browser.pictures import keep
from tests.browser.test_pages import Examiner
from tests.world import World


@pytest.fixture
def company(world: World) -> Organisation:
    organisation = world.organisation(
        world.biocat,
        legal_name="Pirineus Cèl·lules SL",
        city="Girona",
        country="ES",
        website="https://pirineus.example",
        codes=[("area", "oncology"), ("product", "drug"), ("product", "diagnostic")],
    )
    directory.describe(
        organisation=organisation,
        by=None,
        descriptions={
            "en": "Cell therapies for children, from the first idea to the clinic.",
            "ca": "Teràpies cel·lulars per a infants.",
        },
        stages=["clinical"],
        markets=["japan"],
    )
    return organisation


def publish(organisation: Organisation) -> str:
    entry = directory.publish(
        organisation=organisation, by=None, word="A mail", agreed_on=timezone.localdate()
    )
    return f"/public/en/directory/{entry.slug}/"


def test_a_company_is_described_published_found_and_taken_off(
    company: Organisation, sit_down: Callable[..., Page], open_browser: Open
) -> None:
    page = sit_down("contact_biocat")
    page.goto(f"/organisations/{company.pk}/")
    page.get_by_role("link", name="Public directory").click()
    expect(page.get_by_text("Nobody outside sees anything yet")).to_be_visible()
    page.get_by_label("English", exact=True).fill("Cells for children.")
    page.get_by_role("button", name="Preview without saving").click()
    expect(page.get_by_text("not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    keep(page, "directory-edit")
    page.get_by_role("link", name="Publish").click()
    page.get_by_label("By whose word").fill("Mail of the managing director")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Everybody sees this page")).to_be_visible()

    visitor = open_browser()
    visitor.goto("/public/directory/")
    visitor.get_by_role("searchbox").fill("pirineos celules")
    visitor.get_by_role("button", name="Search").click()
    visitor.get_by_role("link", name="Pirineus Cèl·lules SL").click()
    expect(visitor.get_by_text("Cells for children.")).to_be_visible()
    expect(visitor.get_by_text("Desk of Biocat")).to_be_visible()
    visitor.get_by_role("link", name="Català").click()
    expect(visitor.get_by_text("Teràpies cel·lulars per a infants.")).to_be_visible()

    page.get_by_role("link", name="Take it off").click()
    page.get_by_role("button", name="Take it off").click()
    visitor.reload()
    expect(visitor.get_by_role("searchbox")).to_be_visible()
    expect(visitor.get_by_text("Teràpies")).to_have_count(0)


def test_the_directory_works_without_javascript(company: Organisation, open_browser: Open) -> None:
    publish(company)
    visitor = open_browser(javascript=False)
    visitor.goto("/public/en/directory/")
    visitor.get_by_label("Field").select_option(label="oncology")
    visitor.get_by_role("button", name="Search").click()

    expect(visitor.get_by_role("link", name="Pirineus Cèl·lules SL")).to_be_visible()
    assert "area=oncology" in visitor.url


def test_a_desk_changes_hands(world: World, sit_down: Callable[..., Page]) -> None:
    page = sit_down("contact_biocat")
    page.goto("/network/")
    page.get_by_role("link", name="Hand the desk over").click()
    page.get_by_label("Name", exact=True).fill("Inès Marchetti")
    page.get_by_label("Address", exact=True).fill("ines@biocat.example")
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_role("heading", name="This will happen")).to_be_visible()
    keep(page, "handover-preview")
    assert not HandOver.objects.exists()
    page.get_by_role("button", name="Hand over").click()

    expect(page.get_by_role("heading", name="Desk of Biocat hands over")).to_be_visible()
    expect(page.get_by_role("link", name="Hand it back")).to_be_visible()
    keep(page, "handover-done")


def test_the_pages_are_for_everybody(
    world: World, company: Organisation, sit_down: Callable[..., Page], open_browser: Open
) -> None:
    path = publish(company)
    desk = world.biocat.contact_points.get()
    share = world.biocat.participations.get()
    examiner = Examiner(sit_down("contact_biocat"))
    for address in (
        "/network/",
        "/network/alliances/bioxclusters-plus/",
        "/network/clusters/biocat/",
        "/network/clusters/biocat/edit/",
        "/network/regions/",
        "/network/regions/catalonia/",
        f"/network/participations/{share.pk}/sharing/",
        f"/network/contact-points/{desk.pk}/hand-over/",
        f"/organisations/{company.pk}/directory/",
        f"/organisations/{company.pk}/directory/publish/",
        f"/organisations/{company.pk}/directory/withdraw/",
    ):
        examiner.look_at(address)
        keep(examiner.page, f"network{address.replace('/', '-')}")
    visitor = Examiner(open_browser())
    for address in (path, "/public/de/directory/", "/public/en/directory/?q=nobody"):
        visitor.look_at(address)
        keep(visitor.page, f"public{address.replace('/', '-').replace('?', '-')}")

    assert examiner.wrong + visitor.wrong == []
