"""A list that a program beside reads is read as it is here, and never only in part."""

import pickle
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crm.rules import rows
from crm.rules.entries import EntryReader
from crm.rules.sheets import Sheet, UnreadableFile
from crm.rules.sheets.text import Dialect

READER = EntryReader(
    ["legal_name", "name", "email", "phone", "category", "city"],
    country="ES",
    codes={"category": {"sme": "sme"}},
)
TEXT = (
    b"Company,Name,E-mail,Phone,Category,City\n"
    b'"Alba, SL",Dr. Anna PUIG,anna@alba.example; a.puig@alba.example,932000000,SME,M\xfcnchen\n'
    b",,,,,\n"
    b"Alba,Bad,nowhere,'+34 93 200 00 00,large,\n"
    b",,,x,,Barcelona\n"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return written(tmp_path, TEXT)


def written(path: Path, text: bytes) -> Sheet:
    file = path / "list.csv"
    file.write_bytes(text)
    return Sheet("", file, Dialect("utf-8", ","))


def test_what_a_program_beside_reads_is_what_is_read_here(sheet: Sheet) -> None:
    here = list(rows.rows(sheet, 0, READER))

    assert [entry.number for entry, _cells in here] == [2, 4, 5]
    assert list(rows.rows_beside(sheet, 0, READER)) == here


def test_many_rows_come_in_their_order(tmp_path: Path) -> None:
    many = 3 * rows.AT_ONCE + 1
    sheet = written(tmp_path, b"Company\n" + b"Alba\n" * many)

    found = rows.rows_beside(sheet, 0, EntryReader(["legal_name"]))

    assert [entry.number for entry, _cells in found] == [*range(2, many + 2)]


def test_what_is_no_table_is_told_where_the_rows_are_wanted(tmp_path: Path) -> None:
    sheet = written(tmp_path, b'Company\nAlba\n"' + b"never closed " * 3_000)

    with pytest.raises(UnreadableFile, match="After row 2 a cell does not end"):
        list(rows.rows_beside(sheet, 0, READER))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The programs that were started."""
    found: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def note(*words: Any, **how: Any) -> subprocess.Popen[bytes]:
        found.append(start(*words, **how))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", note)
    return found


def test_the_program_ends_with_whoever_stops_to_ask(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    sheet = written(tmp_path, b"Company\n" + b"Alba\n" * 200_000)

    with closing(rows.rows_beside(sheet, 0, READER)) as found:
        next(found)
        assert started[0].poll() is None

    assert started[0].returncode is not None


def test_a_stop_of_all_programs_is_for_the_one_that_asks(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    sheet = written(tmp_path, b"Company\n" + b"Alba\n" * 20_000)
    found = rows.rows_beside(sheet, 0, READER)
    next(found)
    started[0].terminate()

    assert len(list(found)) == 19_999


def test_a_program_that_dies_leaves_no_shorter_list(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    sheet = written(tmp_path, b"Company\n" + b"Alba\n" * 200_000)
    found = rows.rows_beside(sheet, 0, READER)
    next(found)
    started[0].kill()

    with pytest.raises((EOFError, pickle.UnpicklingError)):
        list(found)
