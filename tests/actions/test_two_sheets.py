"""Workbooks with organisations in one sheet and their people in another."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from crm.actions import imports, rejected
from crm.actions.errors import Refused
from crm.actions.undoing import undo
from crm.models import Import, Organisation, Person
from tests.actions.test_timelines import timeline, titles
from tests.tables import differences, snapshot
from tests.world import World

Table = list[list[Any]]

ITS_OWN = ("crm_import", "crm_columnmemory", "crm_duplicatesearch")

FIRMS: Table = [
    ["Our members 2026"],
    ["Mitgl.-ID", "Name", "Homepage", "Ort", "E-Mail"],
    [101, "Alba Biotech SL", "alba.example", "Girona", "info@alba.example"],
    [102, "Nova GmbH", None, "Reus", None],
    [103, "Alone SA", None, "Lleida", None],
]
PEOPLE: Table = [
    ["Mitgl.-ID", "Vorname", "Nachname", "E-Mail", "Funktion"],
    ["101.0", "Anna", "Puig", "anna@alba.example", "CEO"],
    [102, "Pau", "Vila", "pau@nova.example", "CSO"],
    [999, "Zoé", "Roca", "zoe@nowhere.example", None],
    [102, "Pau", "Vila", "pau@nova.example", None],
]
NAMED: Table = [
    ["Company", "Name", "E-mail"],
    ["alba biotech sl", "Anna Puig", "anna@alba.example"],
    ["Third Ltd", "Ona Mas", "ona@third.example"],
]


def book(**sheets: Table) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def uploaded(world: World, path: Path, content: bytes) -> Import:
    file = path / "book.xlsx"
    file.write_bytes(content)
    return imports.upload(
        cluster=world.biocat, by=None, path=file, file_name="book.xlsx", origin="members",
        basis="member",
    )  # fmt: skip


def test_people_come_to_the_organisation_whose_number_they_name(
    world: World, tmp_path: Path
) -> None:
    before = snapshot(but=ITS_OWN)
    found = uploaded(world, tmp_path, book(Leute=PEOPLE, Notizen=[["x"]], Firmen=FIRMS))
    assert (found.sheet, found.columns) == ("Leute", ["key", "given", "family", "email", "job"])
    assert found.beside == {
        "sheet": "Firmen",
        "header": 1,
        "columns": ["key", "legal_name", "website", "city", ""],
    }

    imports.run(of_import=found, by=None)

    assert found.counts == {"new": 6, "duplicate": 1, "unmailable": 0}
    posts = {
        person.given: [(post.organisation.legal_name, post.job) for post in person.positions.all()]
        for person in Person.objects.all()
    }
    assert posts == {
        "Anna": [("Alba Biotech SL", "CEO")],
        "Pau": [("Nova GmbH", "CSO")],
        "Zoé": [],
    }
    cities = dict(Organisation.objects.values_list("legal_name", "city"))
    assert cities == {"Alba Biotech SL": "Girona", "Nova GmbH": "Reus", "Alone SA": "Lleida"}
    reasons = dict(found.rows.exclude(reason="").values_list("number", "reason"))
    assert reasons == {
        9: "No single organisation has the number “999”, so it was left out.",
        10: "The same as row 3 of “Leute”.",
    }

    said = titles(timeline(world, Person.objects.get(given="Anna")))
    assert "Brought by the list “book.xlsx”, row 2 (Leute)" in said
    undo(of_import=found, by=None)
    assert differences(before, snapshot(but=ITS_OWN)) == {}


def test_people_come_to_the_organisation_that_they_name(world: World, tmp_path: Path) -> None:
    """Also where it is called otherwise by now, and known by its web site alone."""
    known = world.organisation(
        world.biocat, legal_name="Alba Group", website="https://alba.example"
    )
    found = uploaded(world, tmp_path, book(A=FIRMS[1:], B=NAMED))
    assert (found.sheet, found.beside and found.beside["sheet"]) == ("B", "A")

    imports.run(of_import=found, by=None)

    anna = Person.objects.get(given="Anna")
    assert anna.positions.get().organisation == known
    assert Person.objects.get(given="Ona").positions.get().organisation.legal_name == "Third Ltd"
    assert not Organisation.objects.filter(legal_name="Alba Biotech SL").exists()


def test_a_row_that_was_left_out_comes_back_with_its_organisation(
    world: World, tmp_path: Path
) -> None:
    people = [*NAMED, ["Nova GmbH", "Bad", "nowhere"]]
    found = uploaded(world, tmp_path, book(Firms=FIRMS, People=people))
    imports.check(of_import=found)

    header, row = rejected.table(of_import=found, by=None)

    assert header[:5] == ["Mitgl.-ID", "Company", "Homepage", "Ort", "E-Mail"]
    assert row == [
        "", "Nova GmbH", "", "", "", "Bad", "nowhere", "“nowhere” is not an e-mail address.",
        "People 4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("people", "firms"),
    [
        (PEOPLE, [["Code", "City"], ["A", "Reus"]]),  # no organisations
        ([["Given name", "Family name", "E-mail"], ["Anna", "Puig", "a@b.example"]], FIRMS),
        (NAMED, NAMED),  # people twice
    ],
)
def test_sheets_that_do_not_belong_together_are_not_joined(
    world: World, tmp_path: Path, people: Table, firms: Table
) -> None:
    found = uploaded(world, tmp_path, book(People=people, Others=firms))

    assert found.beside is None
    assert "key" not in found.columns


@pytest.mark.parametrize(
    ("beside", "columns", "said"),
    [
        ({"sheet": "People"}, ["legal_name", "name", "email"], "One sheet cannot be both"),
        ({"columns": ["", "name", "", "", ""]}, ["legal_name", "name", "email"], "of “Firms” hol"),
        ({}, ["", "name", "email"], "Say which column of “People” names the organisation"),
    ],
)
def test_two_sheets_that_cannot_be_joined_are_refused(
    world: World, tmp_path: Path, beside: dict[str, Any], columns: list[str], said: str
) -> None:
    found = uploaded(world, tmp_path, book(Firms=FIRMS, People=NAMED))
    assert found.beside

    with pytest.raises(Refused, match=said):
        imports.describe(
            of_import=found, by=None, sheet="People", encoding="utf-8", separator=",", header=0,
            columns=columns, beside=found.beside | beside,
        )  # fmt: skip


def test_what_was_corrected_is_known_the_next_time(world: World, tmp_path: Path) -> None:
    content = book(Firms=FIRMS, People=NAMED)
    found = uploaded(world, tmp_path, content)
    assert found.beside
    found.beside["columns"][3] = ""
    found.save()
    imports.run(of_import=found, by=None)
    assert not Organisation.objects.exclude(city="").exists()

    again = uploaded(world, tmp_path, content)

    assert again.beside
    assert again.beside["columns"] == ["", "legal_name", "website", "", ""]


def test_the_command_says_which_sheets_it_read(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(book(Firms=FIRMS, People=NAMED, Codes=[["A"], ["B"]]))

    call_command("import_people", file, cluster="biocat", origin="fair", basis="member")

    _number, both, left_out, counts = capsys.readouterr().out.splitlines()
    assert both == "Read: the sheets “Firms” (organisations) and “People” (people)"
    assert left_out == "Left out: the sheets “Codes”"
    assert counts.startswith("new=5 ")


def test_nobody_comes_to_one_of_two_organisations_that_have_the_same_number(
    world: World, tmp_path: Path
) -> None:
    firms = [*FIRMS, [102, "Other GmbH", None, "Graz", None]]
    found = uploaded(world, tmp_path, book(Leute=PEOPLE, Firmen=firms))
    imports.describe(
        of_import=found,
        by=None,
        sheet="Leute",
        encoding="",
        separator="",
        header=0,
        columns=["key", "given", "family", "email", "job"],
        beside={
            "sheet": "Firmen",
            "header": 1,
            "columns": ["key", "legal_name", "website", "city", ""],
        },
    )

    imports.check(of_import=found)

    reasons = " ".join(found.rows.values_list("reason", flat=True))
    assert "No single organisation has the number “102”, so it was left out." in reasons
    assert "“101”" not in reasons
