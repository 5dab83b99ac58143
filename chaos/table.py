"""The results as lines for a terminal, and as a file for machines."""

import json
from collections.abc import Iterable
from pathlib import Path

from chaos.verdict import Verdict

COLUMNS = (
    ("recipients", "mails"),
    ("kills", "kills"),
    ("lost", "lost"),
    ("twice", "twice"),
    ("undecided", "undecided"),
    ("bound", "bound"),
    ("arrived_of_undecided", "arrived"),
    ("balanced", "balanced"),
    ("seconds", "seconds"),
)


def lines(verdicts: list[Verdict]) -> Iterable[str]:
    width = max(len(verdict.scene) for verdict in verdicts)
    yield " ".join(["scene".ljust(width), *(title.rjust(9) for _, title in COLUMNS)])
    for verdict in verdicts:
        cells = [_cell(verdict.facts.get(name, "–")) for name, _title in COLUMNS]
        yield " ".join([verdict.scene.ljust(width), *(cell.rjust(9) for cell in cells)])
        yield from (f"  FAILED: {fault}" for fault in verdict.faults)
        yield from (f"  {remark}" for remark in verdict.remarks)


def write(path: Path, verdicts: list[Verdict]) -> None:
    """The first run's figures at the top, then all of them; never half a file."""
    draft = path.with_suffix(".draft")
    runs = [verdict.facts for verdict in verdicts]
    draft.write_text(json.dumps({**runs[0], "runs": runs}, indent=1) + "\n")
    draft.replace(path)


def _cell(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
