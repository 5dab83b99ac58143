"""How a file is read while its columns are chosen: as asked for, and else as it is guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from crm.actions import import_columns, sheets, two_sheets
from crm.actions.errors import Refused
from crm.actions.two_sheets import Looked
from crm.forms.imports import ENCODINGS, SEPARATORS, ColumnsForm, ReadingForm, column_choices
from crm.models import Import
from crm.resources.contacts import own_questions
from crm.rules.answers import Question
from crm.rules.columns import is_known, judged_by_cells
from crm.rules.numbers import written_number
from crm.rules.sheets import guess_layout
from crm.rules.sheets.layout import Layout
from crm.rules.sheets.text import storable

SAMPLE = 5  # rows below the header that show what a column holds


@dataclass(frozen=True)
class SheetRead:
    """One sheet as it is read now: its first rows, its header, its columns."""

    name: str
    layout: Layout
    rows: sheets.Rows
    columns: list[str]
    remembered: bool
    signature: str
    """By it the next request knows whether the header must be looked for anew."""

    @property
    def sample(self) -> sheets.Rows:
        """Some rows below the header, each as wide as the header."""
        width = len(self.layout.names)
        below = [row for row in self.rows[self.layout.first :] if any(map(str.strip, row))]
        return [[*row[:width], *[""] * (width - len(row))] for row in below[:SAMPLE]]

    @property
    def known(self) -> int:
        return sum(map(bool, self.columns))

    def said(self, columns: list[str]) -> dict[str, Any]:
        """As an import keeps a sheet beside its own."""
        return {"sheet": self.name, "header": self.layout.header, "columns": columns}

    @property
    def looked(self) -> Looked:
        return Looked(self.name, self.rows, self.layout, self.columns)


@dataclass(frozen=True)
class Reading:
    """The file as it is read now: what was asked for, and its one or two sheets."""

    encoding: str
    separator: str
    form: ReadingForm
    sheet: SheetRead
    beside: SheetRead | None
    left_out: list[str]
    own: Mapping[str, Question]
    trouble: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the columns' form carries along."""
        carried = [
            ("sheet", self.sheet.name),
            ("encoding", self.encoding),
            ("separator", self.separator),
            ("header", str(self.sheet.layout.header)),
            ("read", self.sheet.signature),
            ("beside", self.beside.name if self.beside else ""),
        ]
        if self.beside:
            carried.append(("beside_header", str(self.beside.layout.header)))
            carried.append(("beside_read", self.beside.signature))
        return carried

    def forms(self, data: Mapping[str, str] | None) -> list[ColumnsForm]:
        """What each column of each sheet holds."""
        choices = column_choices(self.own, joined=self.beside is not None)
        return [
            ColumnsForm(
                data,
                names=sheet.layout.names,
                columns=sheet.columns,
                choices=choices,
                prefix=prefix,
            )
            for sheet, prefix in ((self.sheet, None), (self.beside, "beside"))
            if sheet
        ]


def read(of_import: Import, asked: QueryDict) -> Reading:
    """Read the file's first rows in the way that the address or the form asks for."""
    heads: Mapping[str, object] = of_import.heads or {}
    kept = of_import.beside or {}
    name = _one_of(heads, asked.get("sheet"), of_import.sheet)
    encoding = _one_of(dict(ENCODINGS), asked.get("encoding"), of_import.encoding)
    separator = _one_of(dict(SEPARATORS), asked.get("separator"), of_import.separator)
    other = asked.get("beside", kept.get("sheet", "") if name == of_import.sheet else "")
    other = other if other in heads and other != name else ""
    how = _How(of_import, encoding, separator, asked)
    trouble = ""
    try:
        sheet = how.read(name, "", of_import.header, of_import.columns)
    except Refused as refused:
        sheet, trouble = SheetRead(name, Layout(-1, ()), [], [], False, ""), str(refused)
    beside = None
    if other and not trouble:
        beside = how.read(other, "beside_", kept.get("header", 0), kept.get("columns", []))
        as_kept = sheet.columns == of_import.columns and beside.columns == kept.get("columns")
        if not as_kept and (both := two_sheets.joined(sheet.looked, beside.looked)):
            sheet = replace(sheet, columns=[*both[0].columns])
            beside = replace(beside, columns=[*both[1].columns])
    elif not trouble:
        sheet = replace(sheet, columns=[*sheet.looked.alone.columns])
    values = {
        "sheet": name,
        "encoding": encoding,
        "separator": separator,
        "header": str(sheet.layout.header),
        "beside": other,
        "beside_header": str(beside.layout.header) if beside else "",
    }
    form = ReadingForm(
        initial=values,
        of_import=of_import,
        rows=sheet.rows,
        beside=beside.rows if beside else None,
    )
    left_out = sorted(each for each in heads if each not in (name, other))
    own = own_questions(of_import.cluster)
    return Reading(encoding, separator, form, sheet, beside, left_out, own, trouble)


@dataclass(frozen=True)
class _How:
    """How the file is read, whichever of its sheets."""

    of_import: Import
    encoding: str
    separator: str
    asked: QueryDict

    def read(self, name: str, prefix: str, header: int, columns: Sequence[str]) -> SheetRead:
        """A sheet; `header` and `columns` are those that are kept. Raises Refused."""
        found = self.of_import
        how = {"sheet": name, "encoding": self.encoding, "separator": self.separator}
        rows = sheets.head_of(found, **how)
        rows = [[storable(cell) for cell in row] for row in rows]
        kept = (found.beside or {}).get("sheet", "") if prefix else found.sheet
        as_kept = tuple(how.values()) == (kept, found.encoding, found.separator)
        now = _signature(*how.values())
        same = self.asked.get(f"{prefix}read", now) == now
        wanted = self.asked.get(f"{prefix}header", "")
        chosen = -1 if wanted == "-1" else written_number(wanted)
        if same and chosen is not None and chosen < len(rows):
            layout = sheets.layout_of(rows, chosen)
        elif as_kept:
            layout = sheets.layout_of(rows, header)
        else:
            layout = guess_layout(rows, is_known)
        known = sheets.remembered(found.cluster, layout)
        if as_kept and layout.header == header and columns:
            means = [*columns]
        else:
            means = known or judged_by_cells(
                import_columns.guessed(found.cluster, layout.names), rows[layout.first :]
            )
        return SheetRead(name, layout, rows, means, known is not None and known == means, now)


def _signature(*parts: str) -> str:
    return " / ".join(map(repr, parts))


def _one_of(known: Mapping[str, object], asked: str | None, kept: str) -> str:
    return asked if asked is not None and asked in known else kept
