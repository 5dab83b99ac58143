"""Two sheets as one table: organisations row by row, and below them people with theirs.

What means the same stands in one column. A person's row gets the name and the web site that its
organisation's row says; it is found by the organisation's number, or else by its name.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm.rules.cells import is_nothing
from crm.rules.columns import KEY, guess
from crm.rules.names import fold
from crm.rules.sheets.reading import Sheet
from crm.rules.sheets.text import Dialect

Places = list[int]


@dataclass(frozen=True)
class Part:
    """A sheet with what its columns mean."""

    sheet: Sheet
    header: int
    columns: Sequence[str]


def united(first: Sequence[str], second: Sequence[str]) -> tuple[list[str], Places, Places]:
    """(the columns of both, where each of the first's stands among them, and the second's)."""
    columns = list(first)
    taken: set[int] = set()
    places = []
    for name in second:
        alike = (n for n, each in enumerate(first) if name and each == name and n not in taken)
        place = next(alike, len(columns))
        if place == len(columns):
            columns.append(name)
        taken.add(place)
        places.append(place)
    return columns, list(range(len(first))), places


def united_names(
    first: tuple[Sequence[str], Sequence[str]], second: tuple[Sequence[str], Sequence[str]]
) -> list[str]:
    """What stands over the columns of both; each is (names, columns). The one that is understood
    by itself goes over a column that the two have in common."""
    columns, _mine, places = united(first[1], second[1])
    names = [*first[0][: len(first[1])], *[""] * (len(columns) - len(first[1]))]
    for place, name in zip(places, second[0], strict=False):
        if not names[place] or (guess(name) == columns[place] != guess(names[place])):
            names[place] = name
    return names


def stack(organisations: Part, people: Part, into: Path) -> tuple[Sheet, int]:
    """(the table of both, how many rows of it are the organisations' sheet).

    A sheet's header and what stands above it become empty rows, so that rows keep their numbers.
    """
    columns, mine, theirs = united(organisations.columns, people.columns)
    width = len(columns)
    index = _Index(columns)
    with into.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        writer = csv.writer(file)
        first = 0
        for first, row in enumerate(organisations.sheet.rows(), start=1):
            stacked = _row(row, mine, width) if first > organisations.header + 1 else []
            if stacked:
                index.add(stacked)
            writer.writerow(stacked)
        for number, row in enumerate(people.sheet.rows(), start=1):
            stacked = _row(row, theirs, width) if number > people.header + 1 else []
            if stacked:
                index.join(stacked)
            writer.writerow(stacked)
    name = f"{organisations.sheet.name} + {people.sheet.name}"
    return Sheet(name, into, Dialect("utf-8", ",")), first


def _row(row: Sequence[str], places: Places, width: int) -> list[str]:
    """The cells of one sheet where they stand in the table of both; [] for an empty row."""
    if not any(map(str.strip, row)):
        return []
    stacked = [""] * width
    for place, cell in zip(places, row, strict=False):
        stacked[place] = cell
    return stacked


class _Index:
    """The organisations of the one sheet, by number and by name, for the rows of the other."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._name = columns.index("legal_name")
        self._website = columns.index("website") if "website" in columns else None
        self._key = columns.index(KEY) if KEY in columns else None
        self._by_key: dict[str, tuple[str, str] | None] = {}  # None where several have it
        self._websites: dict[str, str] = {}

    def add(self, row: list[str]) -> None:
        name, website, key = row[self._name], _cell(row, self._website), _cell(row, self._key)
        if is_nothing(name):
            return
        self._websites.setdefault(fold(name), website)
        if is_nothing(key):
            return
        known = self._by_key.setdefault(_same(key), (name, website))
        if known and fold(known[0]) != fold(name):
            self._by_key[_same(key)] = None

    def join(self, row: list[str]) -> None:
        """Put down which organisation a person's row means."""
        name, website = row[self._name], ""
        if not is_nothing(key := _cell(row, self._key)):
            name, website = self._by_key.get(_same(key)) or (name, website)
        row[self._name] = name
        if self._website is not None and is_nothing(row[self._website]):
            row[self._website] = website or self._websites.get(fold(name), "")


def _cell(row: list[str], at: int | None) -> str:
    return "" if at is None else row[at]


def _same(key: str) -> str:
    """A number as it is compared: "0042" is what it is, "42.0" is 42, and capitals do not count."""
    return key.strip().removesuffix(".0").casefold()
