"""Workbooks with a sheet of organisations beside the one of people: which they are, read as one.

Which sheet is which is told by its columns, and by what their cells have in common. The sheet of
people is the import's own; the one beside it is in `Import.beside`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.actions.errors import Refused
from crm.models.imports import Import
from crm.rules.columns import BY_NAME, KEY, is_key
from crm.rules.names import fold
from crm.rules.sheets import Layout, Part, Sheet, stack
from crm.rules.sheets.stacking import united, united_names

Rows = list[list[str]]

# What judging says of a row that comes again, with the row that its sheet counts.
RENUMBER = """
UPDATE judged j SET reason = left('The same as row ' || CASE
    WHEN s.earlier <= %(rows)s THEN s.earlier || ' of “' || %(organisations)s
    ELSE s.earlier - %(rows)s || ' of “' || %(people)s END || '”.' || s.rest, 400)
FROM (SELECT n, (regexp_match(reason, '^The same as row (\\d+)\\.'))[1]::int AS earlier,
             regexp_replace(reason, '^The same as row \\d+\\.', '') AS rest FROM judged) s
WHERE j.n = s.n AND s.earlier IS NOT NULL
"""

OF_PEOPLE = {"name", "given", "family", "email"}


@dataclass(frozen=True)
class Looked:
    """A sheet as far as it was looked at: its first rows, its header, what its columns mean."""

    name: str
    rows: Rows
    layout: Layout
    columns: Sequence[str]

    @property
    def is_of_people(self) -> bool:
        return bool(OF_PEOPLE.intersection(self.columns))

    @property
    def known(self) -> int:
        return sum(map(bool, self.columns))

    @property
    def said(self) -> dict[str, Any]:
        """As an import keeps it."""
        return {"sheet": self.name, "header": self.layout.header, "columns": list(self.columns)}

    @property
    def alone(self) -> "Looked":
        """Without another sheet, a number of an organisation says nothing."""
        columns = ["" if name == KEY else name for name in self.columns]
        return Looked(self.name, self.rows, self.layout, columns)

    def meaning(self, place: int, name: str) -> "Looked":
        columns = list(self.columns)
        columns[place] = name
        return Looked(self.name, self.rows, self.layout, columns)

    def cells(self, place: int) -> list[str]:
        """What stands in a column, folded; empty cells left out."""
        below = self.rows[self.layout.first :]
        said = (fold(row[place].strip().removesuffix(".0")) for row in below if place < len(row))
        return [text for text in said if text]


def pair(sheets: Iterable[Looked]) -> tuple[Looked, Looked] | None:
    """(people, organisations): the fullest two sheets that can be joined; None where none can."""
    sheets = sorted(sheets, key=lambda sheet: -sheet.known)
    for people in sheets:
        for organisations in sheets:
            if people.is_of_people and people is not organisations:
                named = joined(people, _as_organisations(organisations, people))
                if named and not named[1].is_of_people:
                    return named
    return None


def joined(people: Looked, organisations: Looked) -> tuple[Looked, Looked] | None:
    """Both, with the columns by which they belong together; None where there are none."""
    if "legal_name" not in organisations.columns:
        return None
    if KEY not in people.columns or KEY not in organisations.columns:
        people, organisations = _keyed(people, organisations)
    if KEY in people.columns or "legal_name" in people.columns:
        return people, organisations
    return None


def _as_organisations(sheet: Looked, people: Looked) -> Looked:
    """A "Name" whose cells are the organisations of the people means those, and so does one beside
    a number by which people without an organisation name theirs. A mailbox there is nobody's."""
    if "name" not in sheet.columns or "legal_name" in sheet.columns:
        return sheet
    place = list(sheet.columns).index("name")
    columns = ["" if name in OF_PEOPLE else name for name in sheet.columns]
    turned = Looked(sheet.name, sheet.rows, sheet.layout, columns).meaning(place, "legal_name")
    named = set(sheet.cells(place))
    if "legal_name" in people.columns:
        theirs = people.cells(list(people.columns).index("legal_name"))
    else:
        of_organisations = [BY_NAME[name].of for name in turned.columns if name in BY_NAME]
        keyed = (
            of_organisations.count("organisation") > 1 and KEY in _keyed(people, turned)[0].columns
        )
        theirs = [*named] if keyed else []
    return turned if named.intersection(theirs) else sheet


def _keyed(people: Looked, organisations: Looked) -> tuple[Looked, Looked]:
    """Both with the pair of columns that hold the organisations' numbers, where there is one."""
    best = (0, 0, 0)
    for mine, name in enumerate(organisations.layout.names):
        numbers = organisations.cells(mine)
        if organisations.columns[mine] or len(set(numbers)) < len(numbers):
            continue
        for theirs, other in enumerate(people.layout.names):
            if people.columns[theirs] or not (
                fold(name) == fold(other) or (is_key(name) and is_key(other))
            ):
                continue
            shared = set(numbers).intersection(people.cells(theirs))
            best = max(best, (len(shared), mine, theirs))
    if not best[0]:
        return people, organisations
    return people.meaning(best[2], KEY), organisations.meaning(best[1], KEY)


def refuse(beside: Mapping[str, Any], *, sheet: str, columns: Sequence[str]) -> None:
    """Raises Refused where the two sheets cannot be joined."""
    names = {"people": sheet, "organisations": beside["sheet"]}
    if sheet == beside["sheet"]:
        raise Refused(_("One sheet cannot be both. Choose another one for organisations."))
    if "legal_name" not in beside["columns"]:
        raise Refused(
            _("Say which column of “%(organisations)s” holds the organisations' names.") % names
        )
    both = KEY in columns and KEY in beside["columns"]
    if not both and "legal_name" not in columns:
        raise Refused(
            _("Say which column of “%(people)s” names the organisation that a person belongs to.")
            % names
        )


def columns_of(of_import: Import) -> list[str]:
    """What the places of a row hold as it is read: of two sheets, of both."""
    if of_import.beside is None:
        return list(of_import.columns)
    return united(of_import.beside["columns"], of_import.columns)[0]


def header_of(of_import: Import) -> int:
    """Where the header stands in what is read: of two sheets there is none."""
    return of_import.header if of_import.beside is None else -1


def names_of(of_import: Import, layouts: Sequence[Layout]) -> tuple[str, ...]:
    """What stands over the columns of a row as it is read."""
    if of_import.beside is None:
        return layouts[0].names
    people, organisations = layouts
    return tuple(
        united_names(
            (organisations.names, of_import.beside["columns"]), (people.names, of_import.columns)
        )
    )


def read_both(of_import: Import, sheets: Iterable[Sheet], into: Path) -> Sheet:
    """The table of both sheets; how many rows are the organisations' is put into `beside`."""
    by_name = {sheet.name: sheet for sheet in sheets}
    beside = of_import.beside or {}
    if of_import.sheet not in by_name or beside["sheet"] not in by_name:
        raise Refused(_("A sheet that was chosen is not in the file. Choose again."))
    table, rows = stack(
        Part(by_name[beside["sheet"]], beside["header"], beside["columns"]),
        Part(by_name[of_import.sheet], of_import.header, of_import.columns),
        into,
    )
    of_import.beside = beside | {"rows": rows}
    return table


def renumber(of_import: Import) -> None:
    """Rows that judging names are named as their sheet counts them."""
    if of_import.beside is None:
        return
    said = {"organisations": of_import.beside["sheet"], "people": of_import.sheet}
    with connection.cursor() as cursor:
        cursor.execute(RENUMBER, said | {"rows": of_import.beside["rows"]})


def place_of(of_import: Import, number: int) -> tuple[int, str]:
    """(row, sheet) where a row stands in the file; of a single sheet its name is not said."""
    return place_in(of_import.sheet, of_import.beside, number)


def place_in(sheet: str, beside: Mapping[str, Any] | None, number: int) -> tuple[int, str]:
    if beside is None:
        return number, ""
    rows = beside.get("rows", 0)
    return (number, beside["sheet"]) if number <= rows else (number - rows, sheet)


def left_out(of_import: Import) -> list[str]:
    """The sheets of the workbook that are not read."""
    read = {of_import.sheet, (of_import.beside or {}).get("sheet")}
    return sorted(name for name in of_import.sheet_names if name not in read)
