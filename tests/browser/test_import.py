"""A list as people truly have it, taken in by its contact: from the file to the result."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from playwright.sync_api import Locator, Page, expect

from crm.actions import custom_fields, importing, people, tags
from crm.models import Import, Person
from tests.browser.pictures import keep
from tests.browser.test_pages import Examiner
from tests.world import World

HEADING = ["Liste des adhérents 2026", "", "", "", "", ""]
ABOVE = ["Entreprise", "", "Contact", "", "", ""]
HEADER = ["Nom", "Ville", "Nom", "E-mail", "Téléphone", "Adhésion"]
ROWS: list[list[object]] = [
    ["Müller Santé SAS", "Genève", "Dr. Zoé Müller",
     "zoe@muller.example, z.m@muller.example / zoe.m@muller.example", 931234567.0, "Membre"],
    ["Cellules d'Été", "Lyon", "Prof. José Peña", "JOSE@ete.example", 931000001.0, "x"],
    ["Cellules d'Été", "Lyon", "Anaïs L'Hôte", "pas d'adresse", "", dt.date(2026, 3, 31)],
    ["Müller Santé SAS", "", "Zoé Müller", "zoe@muller.example", "", ""],
    ["", "", "", "", 931000002.0, ""],
]  # fmt: skip
COUNTED = {"new": 2, "duplicate": 1, "error": 2, "unmailable": 0}


def as_text(path: Path) -> Path:
    rows: list[list[object]] = [[*HEADING], [*ABOVE], [*HEADER], *ROWS]
    file = path / "adhérents.csv"
    file.write_bytes("\r\n".join(";".join(map(str, row)) for row in rows).encode("cp1252"))
    return file


def as_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.title = "Adhérents"
    rows: list[list[object]] = [[*HEADING], [*ABOVE], [*HEADER], *ROWS]
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("C2:F2")
    book.create_sheet("Notes").append(["ask Camille"])
    file = path / "adhérents.xlsx"
    book.save(file)
    return file


def choose(page: Page, file: Path) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    page.get_by_role("link", name="Import a list").first.click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="What do the columns hold?")).to_be_visible()


def cell(page: Page) -> Locator:
    """A name whose letters are only right in one encoding, in the first rows."""
    return page.get_by_role("cell", name="Müller Santé SAS", exact=True).first


def test_a_mess_of_a_text_file_comes_in_step_by_step(
    world: World, sit_down: Callable[..., Page], tmp_path: Path
) -> None:
    known = world.person(given="Pau", family="Vila", email="pau@vila.example")
    page = sit_down("contact_biocat")
    page.goto("/imports/new/")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Choose the file with your list.")).to_be_visible()
    choose(page, as_text(tmp_path))

    # What is changed is read again at once, and back again.
    expect(cell(page)).to_be_visible()
    page.get_by_label("Encoding").select_option("mac-roman")
    expect(cell(page)).to_have_count(0)
    page.get_by_label("Encoding").select_option("cp1252")
    expect(cell(page)).to_be_visible()
    expect(page.get_by_label("Entreprise Nom")).to_have_value("legal_name")
    expect(page.get_by_label("Contact Nom")).to_have_value("name")
    keep(page, "imports-columns")
    page.get_by_role("button", name="Compare with my address book").click()

    expect(page.get_by_role("heading", name="The list is being compared")).to_be_visible()
    keep(page, "imports-moving")
    importing.work_due()
    expect(page.get_by_role("heading", name="What would become of the list")).to_be_visible()
    found = Import.objects.get()
    assert found.counts == COUNTED
    expect(page.get_by_text("is not an e-mail address")).to_be_visible()
    page.get_by_role("link", name="Error 2").click()
    expect(page.get_by_text("Zoé Müller")).to_have_count(0)
    page.get_by_role("link", name="Go on").click()

    _decide(page)
    zoe = Person.objects.get(given="Zoé")
    assert (zoe.title, zoe.family, zoe.phone) == ("Dr.", "Müller", "+34 931 23 45 67")
    assert zoe.addresses.count() == 3
    assert set(Person.objects.values_list("given", flat=True)) == {known.given, "Zoé", "José"}
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows that were left out").click()
    assert "pas d'adresse" in Path(download.value.path()).read_text("utf-8-sig")
    _take_back(page, zoe)
    assert set(Person.objects.values_list("given", flat=True)) == {known.given, "Zoé"}


def _decide(page: Page) -> None:
    page.get_by_label("Where does the list come from?").fill("members 2026")
    page.get_by_label("When was it made?").fill("2026-01-31")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("on which legal basis")).to_be_visible()
    expect(page.get_by_label("Where does the list come from?")).to_have_value("members 2026")
    page.get_by_label("Why may you write to new people?").select_option("member")
    keep(page, "imports-decide")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="The list is being written")).to_be_visible()
    importing.work_due()
    expect(page.get_by_role("heading", name="What became of the list")).to_be_visible()
    keep(page, "imports-result")


def _take_back(page: Page, zoe: Person) -> None:
    """Whom somebody edited since stays."""
    people.edit(person=zoe, by=None, version=zoe.version, phone="+34 93 000 00 00")
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_text("people: 2, organisations: 2")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="The import is being taken back")).to_be_visible()
    importing.work_due()
    expect(page.get_by_role("heading", name="What had become of the list")).to_be_visible()
    page.get_by_role("link", name="Look at what stays").click()
    expect(page.get_by_text("Person stays: changed since")).to_be_visible()
    keep(page, "imports-undone")


def test_a_workbook_comes_in_on_a_phone_without_javascript(
    sit_down: Callable[..., Page], tmp_path: Path
) -> None:
    page = sit_down("contact_biocat", width=360, javascript=False)
    choose(page, as_workbook(tmp_path))
    expect(page.get_by_label("Sheet", exact=True)).to_have_value("Adhérents")
    page.get_by_label("Sheet", exact=True).select_option("Notes")
    page.get_by_role("button", name="Read again").click()
    expect(cell(page)).to_have_count(0)
    page.get_by_label("Sheet", exact=True).select_option("Adhérents")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_label("Contact E-mail")).to_have_value("email")
    page.get_by_role("button", name="Compare with my address book").click()
    importing.work_due()
    page.reload()

    expect(page.get_by_role("heading", name="What would become of the list")).to_be_visible()
    assert Import.objects.get().counts == COUNTED
    page.get_by_role("link", name="Go on").click()
    page.get_by_label("Overwrite").check()
    page.get_by_label("Where does the list come from?").fill("members 2026")
    page.get_by_label("Why may you write to new people?").select_option("member")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The preview is made anew")).to_be_visible()
    importing.work_due()
    page.reload()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Import").click()
    importing.work_due()
    page.goto("/imports/")

    expect(page.get_by_role("row", name="adhérents.xlsx")).to_contain_text("imported")
    keep(page, "imports-list-phone")
    assert Person.objects.count() == 2


FIRMS: list[list[str]] = [
    ["Annuaire des adhérents"],
    ["N°", "Nom", "Site web", "Ville", "Domaines thérapeutiques", "Effectif"],
    ["0012", "Müller Santé SAS", "muller.example", "Genève", "Oncologie; CNS", "10-49"],
    ["0013", "Cellules d'Été", "", "Lyon", "", "deux"],
    ["0014", "Sans Personne SA", "sans.example", "Vienne", "", ""],
]
PEOPLE: list[list[str]] = [
    ["N°", "Prénom", "Nom", "E-mail", "Étiquettes", "Budget", "Vu le", "Téléphone (champ propre)"],
    ["0012", "Zoé", "Müller", "zoe@muller.example", "VIP; salon 2026", "1 200,5", "3/4/2026", "A"],
    ["0013", "José", "Peña", "jose@ete.example", "vip, Adhérent, jury", "beaucoup", "hier", "B"],
    ["0099", "Ona", "Mas", "ona@ailleurs.example", "", "", "", ""],
]


def as_open_document(path: Path) -> Path:
    """Two sheets that belong together and one that does not."""
    book = OpenDocumentSpreadsheet()
    for name, rows in (("Listes", [["a"]]), ("Entreprises", FIRMS), ("Contacts", PEOPLE)):
        sheet = Table(name=name)
        for row in rows:
            line = TableRow()
            for text in row:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=text))
                line.addElement(cell)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    file = path / "annuaire.ods"
    book.save(str(file))
    return file


def in_both_sizes(page: Page, name: str) -> None:
    for scheme, width in (("dark", 360), ("light", 1280)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(400)  # tables that scroll are painted a moment later
        keep(page, f"{name}-{width}")


def test_two_sheets_with_new_tags_and_own_fields_come_in(
    world: World, sit_down: Callable[..., Page], tmp_path: Path
) -> None:
    tags.create(cluster=world.biocat, name="VIP", by=None)
    for name, kind in (("Budget", "number"), ("Vu le", "date"), ("Téléphone", "text")):
        custom_fields.create(cluster=world.biocat, noun="person", name=name, kind=kind, by=None)
    page = sit_down("contact_biocat")
    choose(page, as_open_document(tmp_path))
    expect(page.get_by_role("heading", name="Organisations: “Entreprises”")).to_be_visible()
    expect(page.get_by_text("This sheet is left out: “Listes”")).to_be_visible()
    expect(page.get_by_label("Vu le")).to_have_value(re.compile("custom_"))
    in_both_sizes(page, "two-sheets-columns")
    page.get_by_role("button", name="Compare with my address book").click()
    importing.work_due()
    expect(page.get_by_text("3 words are no tags of yours yet")).to_be_visible()
    in_both_sizes(page, "two-sheets-preview")
    page.get_by_role("link", name="Go on").click()
    in_both_sizes(page, "two-sheets-decide")
    page.get_by_label("Make 3 new tags").check()
    page.get_by_role("button", name="Import").click()
    importing.work_due()
    expect(page.get_by_text("3 new tags are made")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.get_by_label("Where does the list come from?").fill("members 2026")
    page.get_by_label("Why may you write to new people?").select_option("member")
    page.get_by_role("button", name="Import").click()
    importing.work_due()
    expect(page.get_by_role("heading", name="What became of the list")).to_be_visible()
    in_both_sizes(page, "two-sheets-result")

    assert Import.objects.get().counts == {"new": 6, "unmailable": 0}
    zoe = Person.objects.get(given="Zoé")
    assert zoe.positions.get().organisation.legal_name == "Müller Santé SAS"
    assert set(zoe.custom.values()) == {1200.5, "2026-04-03", "A"}
    assert len(zoe.tags) == 2
    assert zoe.phone == ""


def test_every_page_of_an_import_is_accessible(
    world: World, sit_down: Callable[..., Page], tmp_path: Path
) -> None:
    page = sit_down("contact_biocat")
    choose(page, as_text(tmp_path))
    found = Import.objects.get()
    examiner = Examiner(page)

    def look(*paths: str) -> None:
        for path in paths:
            examiner.look_at(path)
            for scheme, width in (("light", 1280), ("dark", 360)):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.set_viewport_size({"width": width, "height": 900})
                status = Import.objects.get().status
                name = re.sub(r"[^a-z]+", "-", path).strip("-") or "today"
                keep(page, f"{name}-{status}-{width}")

    look("/imports/", "/imports/new/", f"/imports/{found.pk}/columns/", "/")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/imports/{found.pk}/columns/")
    page.get_by_role("button", name="Compare with my address book").click()
    importing.work_due()
    look(
        f"/imports/{found.pk}/",
        f"/imports/{found.pk}/?only=unmailable",
        f"/imports/{found.pk}/decide/",
        f"/imports/{found.pk}/cancel/",
    )
    Import.objects.update(status="done")
    look(f"/imports/{found.pk}/undo/")
    for status, trouble in (("done", ""), ("failed", "It broke."), ("cancelled", "")):
        Import.objects.update(status=status, trouble=trouble)
        look(f"/imports/{found.pk}/")
    assert examiner.wrong == []
