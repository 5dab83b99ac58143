"""Which kind of table a file is, told from its bytes and never from its name."""

import struct
import zipfile
from enum import StrEnum
from pathlib import Path

from crm.rules.sheets.errors import UnreadableFile

LARGEST = 200 * 2**20  # bytes of a file
LARGEST_UNPACKED = 400 * 2**20  # bytes of all parts of a workbook together
LARGEST_RATIO = 200  # unpacked to packed; what spreadsheets write stays below 50
MOST_PARTS = 2_000  # of a workbook
TAIL = 65_557  # bytes in which a zip archive's end record stands

SAVE_AS = "Save it as .xlsx or .csv and choose that file."


class Kind(StrEnum):
    """What a table can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


def recognise(path: Path) -> Kind:
    """The kind of a file that may be read. Raises UnreadableFile for what must not be opened."""
    size = path.stat().st_size
    if not size:
        raise UnreadableFile("The file is empty. Choose the one with your list.")
    if size > LARGEST:
        raise UnreadableFile(
            f"The file has {size // 2**20} MB; at most {LARGEST // 2**20} are read. "
            "Split it into several files."
        )
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] == b"PK\x03\x04":
        return _workbook(path, size)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return Kind.XLS
    if head[:4] == b"%PDF":
        raise UnreadableFile(f"This is a PDF, which holds no table to read. {SAVE_AS}")
    if head[:2] in (b"\xff\xd8", b"\x89P") or head[:4] == b"GIF8":
        raise UnreadableFile(f"This is a picture. {SAVE_AS}")
    if (
        head[:2] == b"\x1f\x8b"
        or head[:3] == b"BZh"
        or head[:6] in (b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07")
    ):
        raise UnreadableFile("The file is packed. Unpack it and choose the table inside.")
    return Kind.CSV


def _workbook(path: Path, size: int) -> Kind:
    if _number_of_parts(path, size) > MOST_PARTS:
        raise UnreadableFile(f"The file has too many parts for a workbook. {SAVE_AS}")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as problem:
        raise UnreadableFile(f"The workbook is damaged ({problem}). {SAVE_AS}") from problem
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("The workbook has a password. Save it without one.")
    if unpacked > LARGEST_UNPACKED or (unpacked > 2**20 and unpacked / packed > LARGEST_RATIO):
        raise UnreadableFile(
            f"Unpacked the workbook has {unpacked // 2**20} MB, which no list needs. "
            "Copy the rows into a new workbook and choose that."
        )
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(
            "The workbook holds macros, which are never run here. Save it as .xlsx."
        )
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "content.xml" in names:
        return Kind.ODS
    if "xl/workbook.bin" in names:
        raise UnreadableFile(f"Binary workbooks (.xlsb) are not read. {SAVE_AS}")
    raise UnreadableFile(f"This is an archive without a table in it. {SAVE_AS}")


def _number_of_parts(path: Path, size: int) -> int:
    """As the archive's end record says it: a million parts are refused before they are listed.

    (APPNOTE 4.3.16 and 4.3.14: where 16 bits are too few, the true number stands in the 64-bit
    record, and all bits here are set.)
    """
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise UnreadableFile(f"The workbook is damaged (its end is missing). {SAVE_AS}")
    number, length = (
        struct.unpack_from("<H", tail, at + 10)[0],
        struct.unpack_from("<I", tail, at + 12)[0],
    )
    return max(int(number), int(length) // 46)  # the shortest entry of the directory has 46 bytes
