"""Workbooks become text files, one for each sheet, which are then read like any other.

They are opened by a program of their own, whose memory and time are bounded: a cell in the last
row and column makes a workbook of some bytes a table of seventeen thousand million cells.
"""

import json
import subprocess
import sys
from pathlib import Path

from crm.rules.sheets.errors import UnreadableFile
from crm.rules.sheets.kinds import SAVE_AS

MEMORY = 2**30  # bytes of address space of the program that opens a workbook
PATIENCE = 120  # seconds for the largest workbook that is read


def unpack(path: Path, into: Path) -> list[tuple[str, Path]]:
    """Write each sheet of a workbook that is not empty as a text file: (its name, that file).

    Raises UnreadableFile.
    """
    program = [sys.executable, "-m", "crm.rules.sheets.unpacking", str(path), str(into)]
    root = Path(__file__).parents[3]
    try:
        done = subprocess.run(
            [*program, str(MEMORY)], cwd=root, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise UnreadableFile(f"Reading the workbook took too long. {SAVE_AS}") from problem
    if done.returncode == 1:
        raise UnreadableFile(done.stderr.decode(errors="replace").strip())
    if done.returncode:
        raise UnreadableFile(
            "The workbook needs too much memory: it has cells far outside its list, or millions "
            "of them. Copy the rows into a new workbook and choose that."
        )
    return [(name, into / file) for name, file in json.loads(done.stdout)]
