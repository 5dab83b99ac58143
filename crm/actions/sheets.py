"""An import's file: kept in pieces, opened as a table, its first rows, and how it was read before.

Pieces are in the database, for the web and the workers share no disk. Nobody needs the whole file
in memory.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from crm.actions import import_columns, two_sheets
from crm.actions.errors import Refused
from crm.actions.two_sheets import Looked
from crm.models.imports import ColumnMemory, Import
from crm.models.network import Cluster
from crm.rules.columns import is_known, judged_by_cells
from crm.rules.names import fold
from crm.rules.sheets import Layout, Sheet, UnreadableFile, guess_layout, layout_at, open_sheets
from crm.rules.sheets.text import Dialect, storable

PIECE = 2**20  # bytes of a file in one row
COPY = "COPY crm_importfile (of_import_id, place, content) FROM STDIN"
LONGEST = 300  # characters of a cell that are kept for a look at a workbook
BLOCK = 2**20  # bytes that are counted through at once

Rows = list[list[str]]


def keep(of_import: Import, path: Path) -> None:
    """Put the file into the database, piece by piece; no statement holds more than one."""
    with path.open("rb") as file, connection.cursor() as cursor, cursor.copy(COPY) as copy:
        place = 0
        while piece := file.read(PIECE):
            copy.write_row((of_import.pk, place, piece))
            place += 1


@contextmanager
def opened(of_import: Import) -> Iterator[Sheet]:
    """The import's table. Raises Refused where its file was deleted or cannot be read."""
    pieces = of_import.pieces.order_by("place").values_list("content", flat=True)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "file"
        with path.open("wb") as file:
            for piece in pieces.iterator(chunk_size=8):
                file.write(piece)
        workspace = Path(directory) / "sheets"
        workspace.mkdir()
        try:
            sheets = open_sheets(path, workspace)
            if of_import.beside is not None:
                yield two_sheets.read_both(of_import, sheets, workspace / "both.csv")
                return
            sheet = next((each for each in sheets if each.name == of_import.sheet), sheets[0])
            yield sheet.written_as(encoding=of_import.encoding, separator=of_import.separator)
        except UnreadableFile as problem:
            raise Refused(str(problem)) from problem


def heads_of(sheets: list[Sheet]) -> dict[str, Rows] | None:
    """The first rows of each sheet of a workbook; None for a text file, which is quick to open."""
    if any(not sheet.name for sheet in sheets):
        return None
    return {
        sheet.name: [[storable(cell[:LONGEST]) for cell in row] for row in sheet.head()]
        for sheet in sheets
    }


def head_of(of_import: Import, *, sheet: str, encoding: str, separator: str) -> Rows:
    """The first rows of the file, read in this way. Raises Refused where that is impossible."""
    if of_import.heads is not None:
        heads: dict[str, Rows] = of_import.heads
        return heads.get(sheet) or next(iter(heads.values()))
    first = of_import.pieces.order_by("place").values_list("content", flat=True).first()
    with tempfile.NamedTemporaryFile() as file:
        file.write(first or b"")
        file.flush()
        try:
            return Sheet("", Path(file.name), Dialect(encoding, separator)).head()
        except UnreadableFile as problem:
            raise Refused(str(problem)) from problem


def look(cluster: Cluster, sheet: Sheet) -> Looked:
    """A sheet with its header and the meaning of its columns as they are guessed."""
    rows = sheet.head()
    layout = guess_layout(rows, is_known)
    columns = remembered(cluster, layout)
    if columns is None:
        guessed = import_columns.guessed(cluster, layout.names)
        columns = judged_by_cells(guessed, rows[layout.first :])
    return Looked(sheet.name, rows, layout, columns)


def fullest(looked: list[Looked]) -> Looked:
    """Of several sheets the one whose header says most."""
    best = max(looked, key=lambda sheet: sum(map(is_known, sheet.layout.names)))
    return best.alone


def layout_of(rows: Rows, header: int) -> Layout:
    return layout_at(rows, min(header, len(rows) - 1), is_known)


def lines(sheet: Sheet) -> int:
    """About how many rows there are, without reading them."""
    with sheet.path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))


def remembered(cluster: Cluster, layout: Layout) -> list[str] | None:
    """What the columns of such a header meant when the cluster last imported one."""
    memory = ColumnMemory.objects.filter(cluster=cluster, header_hash=_header_hash(layout)).first()
    if memory is None:
        return None
    known = import_columns.known(cluster)  # a field of its own may be archived since
    return [name if name in known else "" for name in memory.columns]


def remember(of_import: Import) -> None:
    """Keep what the columns of each of its sheets meant."""
    for layout, columns in zip(layouts_of(of_import), _columns(of_import), strict=True):
        ColumnMemory.objects.update_or_create(
            cluster=of_import.cluster,
            header_hash=_header_hash(layout),
            defaults={"columns": columns},
        )


def layouts_of(of_import: Import) -> list[Layout]:
    """The header of its sheet, and of the one beside it."""
    read = [(of_import.sheet, of_import.header)]
    if of_import.beside is not None:
        read.append((of_import.beside["sheet"], of_import.beside["header"]))
    how = {"encoding": of_import.encoding, "separator": of_import.separator}
    return [layout_of(head_of(of_import, sheet=name, **how), header) for name, header in read]


def _columns(of_import: Import) -> list[list[str]]:
    return [of_import.columns, *([of_import.beside["columns"]] if of_import.beside else [])]


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _header_hash(layout: Layout) -> str:
    return hashlib.sha256("\n".join(fold(name) for name in layout.names).encode()).hexdigest()
