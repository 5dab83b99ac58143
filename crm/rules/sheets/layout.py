"""Where in a table the header stands, and what each column is called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LOOKED_AT = 30  # rows at the beginning in which a header is looked for


@dataclass(frozen=True)
class Layout:
    """The header's place and the names of the columns, each once."""

    header: int  # rows from the top, 0 for the first; -1: there is none
    names: tuple[str, ...]

    @property
    def first(self) -> int:
        """The place of the first row with data."""
        return self.header + 1


def guess_layout(rows: Sequence[Sequence[str]], known: Callable[[str], bool]) -> Layout:
    """The row that looks most like a header: most words that are `known`, else the first full one.

    A row above it with fewer words is a heading over several columns: it is put before their
    names. Where nothing is known and the first row already holds an address, there is no header.
    """
    head = list(rows[:LOOKED_AT])
    scores = [sum(known(cell) for cell in row if cell.strip()) for row in head]
    best = max(range(len(head)), key=lambda place: (scores[place], -place), default=-1)
    if best < 0:
        return Layout(-1, ())
    if not scores[best]:
        best = next((n for n, row in enumerate(head) if _filled(row) > 1), 0)
        if any("@" in cell for cell in head[best]):
            width = max(len(row) for row in head)
            return Layout(best - 1, tuple(f"Column {n}" for n in range(1, width + 1)))
    return layout_at(rows, best, known)


def layout_at(
    rows: Sequence[Sequence[str]], header: int, known: Callable[[str], bool] | None = None
) -> Layout:
    """The names that the header at this place gives."""
    if header < 0:
        width = max((len(row) for row in rows[:LOOKED_AT]), default=0)
        return Layout(-1, tuple(f"Column {n}" for n in range(1, width + 1)))
    names = [" ".join(cell.split()) for cell in rows[header]]
    above = _headings(rows[header - 1], len(names)) if header else []
    if above and _filled(rows[header - 1]) < _filled(rows[header]):
        names = [
            f"{heading} {name}" if heading and name and heading != name else name
            for heading, name in zip(above, names, strict=True)
        ]
    width = max((len(row) for row in rows[header : header + LOOKED_AT]), default=0)
    names += [""] * (width - len(names))
    return Layout(header, _once(names))


def _headings(row: Sequence[str], width: int) -> list[str]:
    """A heading of merged cells stands in the first of them and means those after it, too.

    What stands alone above the first column is no heading of any, but the title of the list.
    """
    if row and row[0].strip() and _filled(row) == 1:
        return []
    spread, last = [], ""
    for place in range(width):
        cell = row[place].strip() if place < len(row) else ""
        last = cell or last
        spread.append(last)
    return spread


def _once(names: Sequence[str]) -> tuple[str, ...]:
    """Nameless columns get their number, and a name that comes again its count."""
    seen: dict[str, int] = {}
    given = []
    for place, name in enumerate(names, start=1):
        own = name or f"Column {place}"
        seen[own] = seen.get(own, 0) + 1
        given.append(own if seen[own] == 1 else f"{own} ({seen[own]})")
    return tuple(given)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
