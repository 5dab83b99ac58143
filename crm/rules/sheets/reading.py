"""A file as a table that is read row by row, any number of times, in little memory."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from crm.rules.sheets.errors import UnreadableFile
from crm.rules.sheets.kinds import Kind, recognise
from crm.rules.sheets.text import Dialect, guess_dialect, text_rows
from crm.rules.sheets.workbook import unpack

HEAD = 60  # rows that a guess or a first look needs


@dataclass(frozen=True)
class Sheet:
    """One table of a file. Its text may come out of a workbook."""

    name: str
    path: Path
    dialect: Dialect

    def rows(self) -> Iterator[list[str]]:
        """Every row, empty ones included, so that numbers are those that the reader sees.

        Raises UnreadableFile where the text is no table.
        """
        return text_rows(self.path, self.dialect)

    def head(self) -> list[list[str]]:
        return list(islice(self.rows(), HEAD))

    def written_as(self, *, encoding: str = "", separator: str = "") -> "Sheet":
        """The same, with what somebody knows better than the guess."""
        return replace(
            self,
            dialect=Dialect(encoding or self.dialect.encoding, separator or self.dialect.separator),
        )


def open_sheets(path: Path, workspace: Path) -> list[Sheet]:
    """The tables in a file; a workbook is unpacked into `workspace`, a directory of its own.

    Raises UnreadableFile with a sentence for the user.
    """
    kind = recognise(path)
    if kind == Kind.CSV:
        sheets = [Sheet("", path, guess_dialect(path))]
    else:
        sheets = [
            Sheet(name, text, Dialect("utf-8", ",")) for name, text in unpack(path, workspace)
        ]
    if not any(any(cell.strip() for cell in row) for sheet in sheets for row in sheet.head()):
        raise UnreadableFile("The file holds no rows. Choose the one with your list.")
    return sheets
