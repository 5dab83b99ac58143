"""Tables that we write: CSV, XLSX and ODS, row by row, however many there are.

Text stays text: in CSV by an apostrophe before what would be computed, in a workbook by the type of
the cell. Numbers and days are numbers and days where the format knows them.
"""

import csv
import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from crm.rules.formulas import SIGNS, escaped, marked

Value = str | int | dt.date | None

# What XML cannot hold: controls, halves of surrogate pairs, and two signs that are none.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767  # characters; what Excel takes


class Table(Protocol):
    def write(self, row: Sequence[Value]) -> None:
        """The next row; the first one is the header."""

    def close(self) -> None:
        """Everything is in the file."""


COMMA = ("en",)
"""Languages whose spreadsheets expect commas in a CSV file; others expect semicolons."""


def made(file_format: str, path: Path, name: str, language: str) -> Table:
    """An empty table of this format ("csv", "xlsx", "ods") for a reader of the language."""
    if file_format == "csv":
        return CsvTable(path, "," if language in COMMA else ";")
    return XlsxTable(path, name) if file_format == "xlsx" else OdsTable(path, name)


class CsvTable:
    """UTF-8 with the mark by which Excel knows it, separated as the reader's Excel expects."""

    def __init__(self, path: Path, separator: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        self._rows = csv.writer(self._file, delimiter=separator)

    def write(self, row: Sequence[Value]) -> None:
        self._rows.writerow([_in_csv(value) for value in row])

    def close(self) -> None:
        self._file.close()


class XlsxTable:
    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31])
        self._sheet.freeze_panes = "A2"
        self._first = True

    def write(self, row: Sequence[Value]) -> None:
        self._sheet.append([self._cell(value) for value in row])
        self._first = False

    def close(self) -> None:
        self._book.save(self._path)

    def _cell(self, value: Value) -> Any:
        if not isinstance(value, str):
            return self._day(value) if isinstance(value, dt.date) else value
        text = _writable(value)
        if not (self._first or text[:1] in SIGNS):
            return text
        cell = WriteOnlyCell(self._sheet, value=text)
        cell.data_type = "s"
        if self._first:
            cell.font = Font(bold=True)
        else:
            cell.quotePrefix = True
        return cell

    def _day(self, value: dt.date) -> Any:
        cell = WriteOnlyCell(self._sheet, value=value)
        cell.number_format = "yyyy-mm-dd"
        return cell


class OdsTable:
    """An OpenDocument sheet, written as it grows: odfpy would hold all of it in memory."""

    def __init__(self, path: Path, name: str) -> None:
        self._package = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        # Whoever looks into the package finds its kind first, and not compressed.
        kind = zipfile.ZipInfo("mimetype")
        self._package.writestr(kind, ODS, compress_type=zipfile.ZIP_STORED)
        self._package.writestr("META-INF/manifest.xml", _MANIFEST)
        self._package.writestr("styles.xml", _STYLES)
        self._content: IO[bytes] = self._package.open("content.xml", "w", force_zip64=True)
        self._say(_BEGIN.format(name=escape(name, {'"': "&quot;"})))
        self._first = True

    def write(self, row: Sequence[Value]) -> None:
        style = ' table:style-name="head"' if self._first else ""
        cells = "".join(_in_ods(value, style) for value in row)
        self._say(f"<table:table-row>{cells}</table:table-row>")
        self._first = False

    def close(self) -> None:
        self._say(_END)
        self._content.close()
        self._package.close()

    def _say(self, text: str) -> None:
        self._content.write(text.encode())


def _in_csv(value: Value) -> Value:
    if isinstance(value, str):
        return escaped(value.replace("\0", ""))
    return value.isoformat() if isinstance(value, dt.date) else value


def _in_ods(value: Value, style: str) -> str:
    if value is None or value == "":
        return f"<table:table-cell{style}/>"
    if isinstance(value, dt.date):
        said = value.isoformat()
        attributes = f' table:style-name="day" office:value-type="date" office:date-value="{said}"'
    elif isinstance(value, int):
        said = str(value)
        attributes = f'{style} office:value-type="float" office:value="{value}"'
    else:
        said = "</text:p><text:p>".join(escape(_writable(value)).splitlines())
        # Several spaces would be read as one.
        said = re.sub(" {2,}", lambda run: f' <text:s text:c="{len(run[0]) - 1}"/>', said)
        attributes = f'{style} office:value-type="string"'
    return f"<table:table-cell{attributes}><text:p>{said}</text:p></table:table-cell>"


def _writable(text: str) -> str:
    return marked(_UNWRITABLE.sub("", text)[:LONGEST_CELL])


ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}"'
    for short, name in (
        ("office", "office:1.0"),
        ("table", "table:1.0"),
        ("text", "text:1.0"),
        ("style", "style:1.0"),
        ("number", "datastyle:1.0"),
        ("fo", "xsl-fo-compatible:1.0"),
    )
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_STYLES = f'{_HEAD}<office:document-styles {_SPACES} office:version="1.2"/>'
_BEGIN = (
    f'{_HEAD}<office:document-content {_SPACES} office:version="1.2"><office:automatic-styles>'
    '<number:date-style style:name="iso"><number:year number:style="long"/>'
    '<number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:day number:style="long"/></number:date-style>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="iso"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
    '<table:table table:name="{name}">'
)
_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
