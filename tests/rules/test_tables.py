"""Tables that we write are read by others as they are meant."""

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.namespaces import OFFICENS
from odf.opendocument import load
from odf.table import TableCell, TableRow
from python_calamine import CalamineWorkbook

from crm.rules.formulas import escaped, marked, unescaped
from crm.rules.tables import CsvTable, OdsTable, Table, Value, XlsxTable

DAY = dt.datetime(2026, 12, 31)  # noqa: DTZ001  workbooks know no time zones
ROWS: list[list[Value]] = [
    ["Name", "Phone", "Employees", "Until"],
    ["=HYPERLINK(1)", "+34 931 23 45 67", 12, dt.date(2026, 12, 31)],
    ['a <b> & "c"\nd', "@x", 0, None],
    ["-1", "\tx", None, None],
    ["two  spaces", "", None, None],
]


def written(path: Path, kind: str) -> Path:
    table: Table
    if kind == "csv":
        table = CsvTable(path, ";")
    else:
        table = XlsxTable(path, "People") if kind == "xlsx" else OdsTable(path, "P & Q")
    for row in ROWS:
        table.write(row)
    table.close()
    return path


@given(st.text())
def test_what_is_escaped_is_found_again_and_computed_by_nobody(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert unescaped(marked(text)) == text


@pytest.mark.parametrize("text", ["=1", "+34 9", "-", "@a", "\t", "\r", "'=1", "＝1"])
def test_what_a_spreadsheet_would_compute_is_escaped(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert escaped("O'Neill") == "O'Neill"
    assert unescaped("'quoted'") == "'quoted'"


def test_a_csv_file_is_known_by_excel_and_computes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "csv")

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[1] == ["'=HYPERLINK(1)", "'+34 931 23 45 67", "12", "2026-12-31"]
    assert rows[2][:2] == ['a <b> & "c"\nd', "'@x"]
    assert rows[3][:2] == ["'-1", "'\tx"]


def test_a_workbook_of_excel_holds_texts_numbers_and_days(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path / "a.xlsx", "xlsx")).active

    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.rows]
    assert cells[1] == [
        ("=HYPERLINK(1)", "s"), ("+34 931 23 45 67", "s"), (12, "n"),
        (DAY, "d"),
    ]  # fmt: skip
    assert cells[3][0] == ("-1", "s")
    assert "f" not in {kind for row in cells for _value, kind in row}


def test_an_opendocument_sheet_holds_texts_numbers_and_days(tmp_path: Path) -> None:
    document = load(written(tmp_path / "a.ods", "ods"))

    rows = document.spreadsheet.getElementsByType(TableRow)
    cells = rows[1].getElementsByType(TableCell)
    assert [cell.getAttrNS(OFFICENS, "value-type") for cell in cells] == [
        "string", "string", "float", "date",
    ]  # fmt: skip
    assert [str(cell) for cell in cells] == [
        "=HYPERLINK(1)", "+34 931 23 45 67", "12", "2026-12-31",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_workbooks_are_read_back_as_they_were_written(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path / f"a.{kind}", kind)

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    assert rows[1] == ["=HYPERLINK(1)", "+34 931 23 45 67", 12, dt.date(2026, 12, 31)]
    assert rows[2][0] == 'a <b> & "c"\nd'
    assert rows[4][0] == "two  spaces"


@given(text=st.text())
def test_no_text_makes_a_workbook_that_cannot_be_read(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("tables") / "a"
    for table in (XlsxTable(path, "A"), OdsTable(path, "A")):
        table.write(["head"])
        table.write([text, "end"])
        table.close()
        assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1][1] == "end"
