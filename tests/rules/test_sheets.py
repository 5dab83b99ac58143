"""Other people's files: guessed as people would guess, refused before they do harm."""

import csv
import resource
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from crm.rules.columns import is_known
from crm.rules.sheets import UnreadableFile, guess_layout, open_sheets
from crm.rules.sheets.reading import Sheet


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "sheets"
    place.mkdir()
    return place


def opened(tmp_path: Path, content: bytes, workspace: Path) -> list[Sheet]:
    file = tmp_path / "list"
    file.write_bytes(content)
    return open_sheets(file, workspace)


def read_whole(tmp_path: Path, content: bytes, workspace: Path) -> None:
    for sheet in opened(tmp_path, content, workspace):
        list(sheet.rows())


SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
PARTS = {
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/'
    'package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.'
    'openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(path: Path, rows: str, **more: bytes) -> Path:
    """A workbook of one sheet, as small as one can be."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows=rows))
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


# --- text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "mac-roman"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_guessed(
    tmp_path: Path, workspace: Path, encoding: str, separator: str
) -> None:
    lines = [["Société", "Prénom", "Téléphone"], ["Müller & Cie", "Zoé", "04 78"], ["Ü", "É", "1"]]
    text = "\r\n".join(separator.join(line) for line in lines)

    (sheet,) = opened(tmp_path, text.encode(encoding), workspace)

    assert list(sheet.rows()) == lines


def test_what_somebody_knows_better_than_the_guess_counts(tmp_path: Path, workspace: Path) -> None:
    (sheet,) = opened(tmp_path, b"a;b,c\n1;2,3\n", workspace)

    assert next(sheet.written_as(separator=",").rows()) == ["a;b", "c"]


def test_rows_of_two_encodings_are_both_read(tmp_path: Path, workspace: Path) -> None:
    rows = "Nom;Ville\nZoé;Genève €\n"

    (sheet,) = opened(tmp_path, rows.encode("cp1252") + rows.encode(), workspace)

    assert sheet.dialect.encoding == "cp1252"
    assert list(sheet.rows()) == [["Nom", "Ville"], ["Zoé", "Genève €"]] * 2


def test_a_cell_with_separators_line_breaks_and_quotes_is_one_cell(
    tmp_path: Path, workspace: Path
) -> None:
    (sheet,) = opened(tmp_path, b'a,b\n"x, ""y""\nz",2\n', workspace)

    assert list(sheet.rows()) == [["a", "b"], ['x, "y"\nz', "2"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n  \n;;\n", "no rows"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0 a picture", "picture"),
        (b"\x1f\x8b\x08 packed", "Unpack it"),
        (bytes(range(1, 256)) * 40, "no text"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b",".join([b"x"] * 16_384) + b"\n", "16384 columns"),
        (b'a,b\n1,"never closed\n' + b"x,y\n" * 20_000, "never closed"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, workspace: Path, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_whole(tmp_path, content, workspace)


def test_a_file_beyond_all_bounds_is_refused_before_it_is_read(
    tmp_path: Path, workspace: Path
) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.truncate(201 * 2**20)

    with pytest.raises(UnreadableFile, match="201 MB; at most 200 are read"):
        open_sheets(file, workspace)


# --- workbooks


def test_a_workbook_is_read_with_the_row_numbers_that_it_shows(
    tmp_path: Path, workspace: Path
) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        f'<row r="3">{cell("B3", "Name")}{cell("C3", "Phone")}</row>'
        f'<row r="4">{cell("B4", "Zoé")}<c r="C4"><v>33478123456</v></c></row>'
        f'<row r="5">{cell("B5", "=1+1")}<c r="C5"><f>1+1</f><v>2</v></c></row>',
    )

    (sheet,) = open_sheets(path, workspace)

    assert sheet.name == "People"
    assert list(sheet.rows()) == [
        ["", "", ""], ["", "", ""], ["", "Name", "Phone"], ["", "Zoé", "33478123456"],
        ["", "=1+1", "2"],
    ]  # fmt: skip


def test_what_was_merged_over_rows_stands_in_each_of_them(tmp_path: Path, workspace: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page
    for place, value in {
        "C2": "Members", "C3": "Company", "D3": "Contact", "D4": "Name", "E4": "Phone",
        "C5": "Alba", "D5": "Ada", "D6": "Bob", "D7": "Zoé", "E7": "1",
    }.items():  # fmt: skip
        page[place] = value
    for merged in ("C2:E2", "C3:C4", "D3:E3", "C5:C7", "E5:E6"):
        page.merge_cells(merged)
    book.save(tmp_path / "list.xlsx")

    (sheet,) = open_sheets(tmp_path / "list.xlsx", workspace)

    rows = list(sheet.rows())
    assert [row[2:] for row in rows[4:]] == [["Alba", "Ada", ""], ["Alba", "Bob", ""],
        ["Alba", "Zoé", "1"]]  # fmt: skip
    layout = guess_layout(rows, is_known)
    assert layout.names[2:] == ("Company", "Contact Name", "Contact Phone")


def test_a_cell_in_the_last_row_and_column_is_refused_in_bounded_memory(
    tmp_path: Path, workspace: Path
) -> None:
    path = workbook(
        tmp_path / "far.xlsx",
        f'<row r="1">{cell("A1", "Name")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>',
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(UnreadableFile, match=r"far outside its list|16384 columns"):
        open_sheets(path, workspace)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, workspace: Path) -> None:
    path = workbook(tmp_path / "bomb.xlsx", "", xl__media__x=b"\0" * 50 * 2**20)

    with pytest.raises(UnreadableFile, match="which no list needs"):
        open_sheets(path, workspace)


def test_a_million_parts_are_refused_before_they_are_listed(
    tmp_path: Path, workspace: Path
) -> None:
    path = tmp_path / "parts.xlsx"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 46_000_000, 30, 0)
    path.write_bytes(b"PK\x03\x04" + b"\0" * 100 + end)

    with pytest.raises(UnreadableFile, match="too many parts"):
        open_sheets(path, workspace)


def test_macros_are_refused_and_never_run(tmp_path: Path, workspace: Path) -> None:
    path = workbook(tmp_path / "macros.xlsm", "", xl__vbaProject_bin=b"x")
    content = path.read_bytes().replace(b"vbaProject_bin", b"vbaProject.bin")
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match="macros"):
        open_sheets(path, workspace)


def test_entities_that_multiply_are_not_expanded(tmp_path: Path, workspace: Path) -> None:
    """A billion laughs."""
    path = tmp_path / "laughs.xlsx"
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        head, rest = SHEET.format(rows=f'<row r="1">{cell("A1", "&b;")}</row>').split("?>", 1)
        archive.writestr("xl/worksheets/sheet1.xml", f"{head}?>{bomb}{rest}")

    try:
        cells = [c for sheet in open_sheets(path, workspace) for row in sheet.rows() for c in row]
    except UnreadableFile:
        return
    assert sum(map(len, cells)) < 100


# --- the header


@pytest.mark.parametrize(
    ("rows", "header", "names"),
    [
        ([["Name", "E-mail"], ["Ada", "a@b.example"]], 0, ("Name", "E-mail")),
        ([["Members 2026"], [], ["Firma", "Mail"], ["A", "a@b.example"]], 2, ("Firma", "Mail")),
        (
            [["Company", "", "Contact", ""], ["Name", "City", "Name", "E-mail"], ["A"] * 4],
            1,
            ("Company Name", "Company City", "Contact Name", "Contact E-mail"),
        ),
        ([["ada@b.example", "Ada"], ["bob@b.example", "Bob"]], -1, ("Column 1", "Column 2")),
        ([["Mail", "Mail", ""], ["a@b.example"] * 3], 0, ("Mail", "Mail (2)", "Column 3")),
    ],
)  # fmt: skip
def test_the_header_is_found(rows: list[list[str]], header: int, names: tuple[str, ...]) -> None:
    layout = guess_layout(rows, is_known)

    assert (layout.header, layout.names) == (header, names)


def test_a_long_file_is_read_row_by_row(tmp_path: Path, workspace: Path) -> None:
    file = tmp_path / "long.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerows(["Ada", f"ada{n}@b.example", "x" * 20] for n in range(200_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    (sheet,) = open_sheets(file, workspace)
    assert sum(1 for _row in sheet.rows()) == 200_000

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes
