"""`python -m crm.rules.sheets.unpacking FILE DIRECTORY MEMORY`: a workbook's sheets as text files.

What a cell shows is not in the file, only what it holds: numbers lose a ".0" that nobody typed,
days are written as ISO 8601 has them, truth is "yes" or "no", a formula is its last result. A cell
that was merged over several rows says the same in each of them.
"""

import csv
import datetime as dt
import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from crm.rules.sheets.kinds import SAVE_AS
from crm.rules.sheets.text import MOST_COLUMNS


def main(source: str, into: str, memory: str) -> int:
    limit = int(memory)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        sheets = unpack(Path(source), Path(into))
    except CalamineError as problem:
        print(f"The workbook cannot be read ({problem}). {SAVE_AS}", file=sys.stderr)
        return 1
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(json.dumps(sheets))
    return 0


def unpack(source: Path, into: Path) -> list[tuple[str, str]]:
    """(name, file) of each sheet that has cells. Raises CalamineError, or ValueError to be said."""
    written_sheets = []
    with CalamineWorkbook.from_path(source) as workbook:
        worksheets = [
            each.name for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet
        ]
        for number, name in enumerate(worksheets):
            sheet = workbook.get_sheet_by_name(name)
            if sheet.start is None:
                continue
            _top, left = sheet.start
            if left + sheet.width > MOST_COLUMNS:
                raise ValueError(
                    f"The sheet “{name}” has {left + sheet.width} columns; at most {MOST_COLUMNS} "
                    "are read. Take columns away."
                )
            file = f"{number}.csv"
            with (into / file).open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(_rows(sheet, left))
            written_sheets.append((name, file))
    return written_sheets


def _rows(sheet: CalamineSheet, left: int) -> Iterator[list[str]]:
    """Each row as text, empty ones above the first included."""
    begins: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (first, column), (last, _column) in sheet.merged_cell_ranges or ():
        if last > first:
            begins[first].append((column, last))
    holds: dict[int, tuple[int, str]] = {}  # of a column: until which row, and what
    margin = [""] * left  # empty rows above are iterated over, empty columns are not
    for number, row in enumerate(sheet.iter_rows()):
        cells = margin + [written(cell) for cell in row]
        for column, (last, said) in [*holds.items()]:
            cells[column] = cells[column] or said
            if number == last:
                del holds[column]
        for column, last in begins.get(number, ()):
            if column < len(cells):
                holds[column] = (last, cells[column])
        yield cells


def written(cell: Any) -> str:
    """A cell's value as somebody would type it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else cell.isoformat(" ", "minutes")
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
