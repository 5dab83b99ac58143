"""Tables as text: which encoding and separator, and its rows within bounds."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from crm.rules.sheets.errors import UnreadableFile

SAMPLE = 2**18  # bytes that a guess is made from
LONGEST_CELL = 32_767  # characters, as in a workbook; more is a quotation mark that never closes
MOST_COLUMNS = 500
csv.field_size_limit(LONGEST_CELL)
CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n\r\f\v\x1a"]
_NO_LETTER = re.compile("[\\0\ud800-\udfff]")
SEPARATORS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8", "cp1252", "utf-16", "mac-roman", "iso8859-15")


@dataclass(frozen=True)
class Dialect:
    """How a text file is written. What a byte means that its encoding does not know is kept."""

    encoding: str
    separator: str


def guess_dialect(path: Path) -> Dialect:
    """The encoding and separator that fit the beginning of the file best.

    Raises UnreadableFile where it is no text.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    encoding = _encoding(sample)
    text = sample.decode(encoding, errors="replace")
    if sum(map(text.count, CONTROLS)) > max(10, len(text) // 100):
        raise UnreadableFile("This is no table and no text. Save the list as .xlsx or .csv.")
    return Dialect(encoding, _separator(text))


def text_rows(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    """The rows as they stand there, empty ones included. Raises UnreadableFile with the row."""
    number = 0
    encoding, errors = dialect.encoding, "surrogateescape"
    if encoding == "cp1252":
        encoding, errors = "utf-8", MIXED
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        reader = csv.reader(file, delimiter=dialect.separator)
        try:
            for number, row in enumerate(reader, start=1):
                if len(row) > MOST_COLUMNS:
                    raise UnreadableFile(
                        f"Row {number} has {len(row)} columns; at most {MOST_COLUMNS} are read. "
                        "Choose another separator, or take columns away."
                    )
                yield row
        except csv.Error as problem:
            raise UnreadableFile(
                f"After row {number} a cell does not end: a quotation mark is never closed, or "
                f"the cell has more than {LONGEST_CELL:,} characters. Mend that row."
            ) from problem
        except UnicodeError as problem:
            raise UnreadableFile(
                f"After row {number} the file is not {dialect.encoding}. Choose another encoding."
            ) from problem


def storable(cell: str) -> str:
    """A cell as the database can keep it: what is no letter in its encoding shows as �."""
    return cell if cell.isprintable() else _NO_LETTER.sub("�", cell)


def _of_windows(problem: UnicodeError) -> tuple[str, int]:
    """What is not UTF-8 is Windows'. Lists that were put together hold rows of both.

    No text of cp1252 looks like UTF-8 by chance: it would have to say "Ã©".
    """
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    byte = problem.object[problem.start : problem.start + 1]
    return byte.decode("cp1252", errors="surrogateescape"), problem.start + 1


MIXED = "liaison-mixed"
codecs.register_error(MIXED, _of_windows)


def _encoding(sample: bytes) -> str:
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if sample.count(b"\0") > len(sample) // 4:
        odd = sample[1::2].count(b"\0")
        return "utf-16-le" if odd > sample[::2].count(b"\0") else "utf-16-be"
    try:
        sample[: len(sample) - 3 if len(sample) == SAMPLE else None].decode("utf-8")
    except UnicodeDecodeError as problem:
        # A letter cut in two by the end of the sample is no fault of the file.
        if problem.start < len(sample) - 6:
            return _western(sample)
    return "utf-8"


def _western(sample: bytes) -> str:
    """cp1252, unless more letters lie where old Macintoshes put theirs."""
    letters = Counter(byte for byte in sample if byte >= 0x80)
    windows = sum(count for byte, count in letters.items() if byte >= 0xC0)
    macintosh = sum(count for byte, count in letters.items() if 0x80 <= byte <= 0x9F)
    return "mac-roman" if macintosh > 4 * windows else "cp1252"


def _separator(text: str) -> str:
    """The one that cuts most rows into the same number of cells, and into several."""

    def fit(separator: str) -> tuple[float, int]:
        widths: Counter[int] = Counter()
        with suppress(csv.Error):  # what came before it is enough to guess by
            for row in islice(csv.reader(io.StringIO(text), delimiter=separator), 200):
                widths[len(row)] += bool(row)
        several = {width: times for width, times in widths.items() if width > 1}
        if not several:
            return (0.0, 0)
        width, times = max(several.items(), key=lambda each: (each[1], each[0]))
        return (times / sum(widths.values()), width)

    return max(SEPARATORS, key=fit)
