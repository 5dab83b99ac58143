"""The rows of a list as entries, read here or by a program beside the one that wants them.

Reading is half of what Python does with a list. `python -m crm.rules.rows` does it on another core
while the first program puts into the database what was read.
"""

import gc
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from crm.rules.entries import Entry, EntryReader
from crm.rules.formulas import MARK, unescaped
from crm.rules.sheets import Sheet, UnreadableFile
from crm.rules.sheets.text import storable

AT_ONCE = 500  # rows that are handed over at once
NOTHING = "Nothing in this row could be read into the columns that you chose. Write it anew."

Row = tuple[Entry, list[str]]  # what a row says, and its cells
Rows = Generator[Row, None, None]


def rows(sheet: Sheet, header: int, reader: EntryReader) -> Rows:
    """The rows below the header, but for empty ones. Raises UnreadableFile."""
    for number, row in enumerate(sheet.rows(), start=1):
        if number <= header + 1:
            continue
        written = "".join(row)
        entry = reader.read(number, row)
        cells = [unescaped(cell) for cell in row] if MARK in written else row
        if entry is None and written.strip():
            entry = Entry(number, error=NOTHING)
        if entry is not None:
            yield entry, cells if written.isprintable() else [*map(storable, cells)]


def rows_beside(sheet: Sheet, header: int, reader: EntryReader) -> Rows:
    """The same, read by a program of its own. It ends with whoever stops to ask for rows."""
    program = subprocess.Popen(
        [sys.executable, "-m", "crm.rules.rows"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert program.stdin
    assert program.stdout
    try:
        with suppress(BrokenPipeError), program.stdin:  # what is wrong then shows below
            pickle.dump((sheet, header, reader), program.stdin)
        while some := pickle.load(program.stdout):  # noqa: S301  a program of ours wrote it
            if isinstance(some, UnreadableFile):
                raise some
            yield from some
    finally:
        program.kill()
        program.stdout.close()
        program.wait()


def main(asked: BinaryIO, answer: BinaryIO) -> None:
    """Read what is asked for; the answer is one list after the other, and at last an empty one."""
    sheet, header, reader = pickle.load(asked)  # noqa: S301  a program of ours wrote it
    gc.disable()  # what is read holds no circles: looking for them takes a fifth of the time
    try:
        for some in _batches(rows(sheet, header, reader)):
            pickle.dump(some, answer)
            answer.flush()
        pickle.dump([], answer)
    except UnreadableFile as problem:
        pickle.dump(problem, answer)
    answer.flush()


def _batches(found: Iterable[Row]) -> Iterator[list[Row]]:
    found = iter(found)
    while some := list(islice(found, AT_ONCE)):
        yield some


if __name__ == "__main__":
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):  # whoever wants the rows hears it, too
        signal.signal(asked_to_stop, signal.SIG_IGN)
    with suppress(BrokenPipeError):  # nobody wants more
        main(sys.stdin.buffer, sys.stdout.buffer)
