"""How a file is read while its columns are chosen: as asked for, and else as it is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from crm.actions import sheets
from crm.actions.errors import Refused
from crm.forms.imports import ENCODINGS, SEPARATORS, ColumnsForm, ReadingForm
from crm.models import Import
from crm.rules.columns import guess_all, is_known
from crm.rules.sheets import guess_layout
from crm.rules.sheets.layout import Layout

SAMPLE = 5  # rows below the header that show what a column holds


@dataclass(frozen=True)
class Reading:
    """The file as it is read now: what was asked for, its first rows, its columns."""

    sheet: str
    encoding: str
    separator: str
    form: ReadingForm
    layout: Layout
    rows: sheets.Rows
    columns: list[str]
    remembered: bool
    trouble: str = ""

    @property
    def signature(self) -> str:
        """By it the next request knows whether the header must be looked for anew."""
        return _signature(self.sheet, self.encoding, self.separator)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the columns' form carries along."""
        return [
            ("sheet", self.sheet),
            ("encoding", self.encoding),
            ("separator", self.separator),
            ("header", str(self.layout.header)),
            ("read", self.signature),
        ]

    @property
    def sample(self) -> sheets.Rows:
        """Some rows below the header, each as wide as the header."""
        width = len(self.layout.names)
        below = [row for row in self.rows[self.layout.first :] if any(map(str.strip, row))]
        return [[*row[:width], *[""] * (width - len(row))] for row in below[:SAMPLE]]

    def columns_form(self, data: Mapping[str, str] | None) -> ColumnsForm:
        return ColumnsForm(data, names=self.layout.names, columns=self.columns)


def read(of_import: Import, asked: QueryDict) -> Reading:
    """Read the file's first rows in the way that the address or the form asks for."""
    sheet = _one_of(of_import.heads or (), asked.get("sheet"), of_import.sheet)
    encoding = _one_of(dict(ENCODINGS), asked.get("encoding"), of_import.encoding)
    separator = _one_of(dict(SEPARATORS), asked.get("separator"), of_import.separator)
    trouble = ""
    try:
        rows = sheets.head_of(of_import, sheet=sheet, encoding=encoding, separator=separator)
    except Refused as refused:
        rows, trouble = [], str(refused)
    rows = [[sheets.storable(cell) for cell in row] for row in rows]
    as_kept = (sheet, encoding, separator) == (
        of_import.sheet,
        of_import.encoding,
        of_import.separator,
    )
    now = _signature(sheet, encoding, separator)
    same = asked.get("read", now) == now
    wanted = asked.get("header", "")
    if same and wanted.removeprefix("-").isdecimal() and -1 <= int(wanted) < len(rows):
        layout = sheets.layout_of(rows, int(wanted))
    elif as_kept:
        layout = sheets.layout_of(rows, of_import.header)
    else:
        layout = guess_layout(rows, is_known)
    known = sheets.remembered(of_import.cluster, layout)
    if as_kept and layout.header == of_import.header and of_import.columns:
        columns = of_import.columns
    else:
        columns = known or guess_all(layout.names)
    values = {
        "sheet": sheet,
        "encoding": encoding,
        "separator": separator,
        "header": str(layout.header),
    }
    return Reading(
        sheet,
        encoding,
        separator,
        ReadingForm(initial=values, of_import=of_import, rows=rows),
        layout,
        rows,
        columns,
        known is not None and known == columns,
        trouble,
    )


def _signature(*parts: str) -> str:
    return " / ".join(map(repr, parts))


def _one_of(known: Mapping[str, object] | tuple[()], asked: str | None, kept: str) -> str:
    return asked if asked is not None and asked in known else kept
