"""Records in a browser: entered, changed, archived and brought back by their contact."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.models import Organisation, Person
from tests.browser.pictures import keep


def open_list(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def test_an_organisation_is_entered_changed_archived_and_restored(
    sit_down: Callable[..., Page],
) -> None:
    page = sit_down("contact_biocat")
    open_list(page, "Organisations")
    page.get_by_role("link", name="Add organisation").first.click()
    page.get_by_role("button", name="Add organisation").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    page.get_by_label("Legal name").fill("Pirineus Biotech SL")
    page.get_by_label("Region").select_option(label="Catalonia")
    page.get_by_label("oncology").check()
    page.get_by_role("button", name="Add organisation").click()
    expect(page.get_by_role("heading", name="Pirineus Biotech SL")).to_be_visible()

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("City").fill("Girona")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Girona", exact=True).first).to_be_visible()
    keep(page, "records-organisation")

    page.get_by_role("link", name="Archive").click()
    page.get_by_role("button", name="Archive").click()
    assert Organisation.objects.get().archived_at
    open_list(page, "Organisations")
    page.get_by_role("link", name="Archived").click()
    page.get_by_role("link", name="Pirineus Biotech SL").click()
    page.get_by_role("link", name="Restore").click()
    page.get_by_role("button", name="Restore").click()

    organisation = Organisation.objects.get()
    assert (organisation.city, organisation.archived_at) == ("Girona", None)


def test_a_person_is_entered_changed_and_archived(sit_down: Callable[..., Page]) -> None:
    page = sit_down("contact_biocat", width=360)
    page.goto("/people/new/")
    page.get_by_label("Given name").fill("Núria")
    page.get_by_label("Family name").fill("Puigdomènech")
    page.get_by_label("Address").fill("nuria@pirineus.example")
    page.get_by_label("Why may the cluster write?").select_option(index=1)
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_text("Say where this comes from")).to_be_visible()
    expect(page.get_by_label("Given name")).to_have_value("Núria")
    page.get_by_label("Proof").fill("Membership contract")
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_role("heading", name="Núria Puigdomènech")).to_contain_text("mailable")

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Phone").fill("+34 93 000 00 00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="+34 93 000 00 00")).to_be_visible()
    keep(page, "records-person")

    page.get_by_role("link", name="Archive").click()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived people get no mail.")).to_be_visible()
    assert Person.objects.get().archived_at


def test_a_list_narrows_while_one_types_and_keeps_its_address(
    sit_down: Callable[..., Page], world: object
) -> None:
    page = sit_down("contact_biocat")
    for name in ("Alba Cells SL", "Mar Diagnostics SL"):
        page.goto("/organisations/new/")
        page.get_by_label("Legal name").fill(name)
        page.get_by_role("button", name="Add organisation").click()
        page.get_by_role("heading", name=name).wait_for()

    open_list(page, "Organisations")
    page.get_by_role("searchbox").press_sequentially("mar")

    expect(page.get_by_role("link", name="Alba Cells SL")).to_have_count(0)
    expect(page.get_by_role("link", name="Mar Diagnostics SL")).to_be_visible()
    assert "q=mar" in page.url
    assert page.get_by_role("searchbox").input_value() == "mar"
