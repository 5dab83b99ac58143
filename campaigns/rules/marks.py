"""Words nobody writes, standing for values until the very end."""

import re
import secrets
import string
from collections.abc import Callable
from typing import NamedTuple


class Slot(NamedTuple):
    """Where a value goes: which, what stands there instead of an empty one, and if in capitals."""

    name: str
    fallback: str = ""
    upper: bool = False


class Marks:
    """Makes marks for slots, and finds them again in what was written with them.

    A mark is as wide as a name of twelve letters, so lines are broken as if it were one. It
    survives being written in capitals, and means a value in capitals then.
    """

    def __init__(self) -> None:
        stem = "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
        self._stem = stem
        self._slots: dict[Slot, str] = {}
        self._pattern = re.compile(f"({stem}[0-9]{{3}}|{stem.upper()}[0-9]{{3}})")

    def __call__(self, name: str, fallback: str = "") -> str:
        return self._slots.setdefault(Slot(name, fallback), f"{self._stem}{len(self._slots):03d}")

    def split(self, text: str) -> list[str | Slot]:
        """Texts and slots, in turn; the first and the last are texts."""
        parts: list[str | Slot] = [*self._pattern.split(text)]
        slots = [*self._slots]
        for n in range(1, len(parts), 2):
            mark = str(parts[n])
            parts[n] = slots[int(mark[-3:])]._replace(upper=mark[0].isupper())
        return parts

    def fill(self, text: str, value: Callable[[str, str], str]) -> str:
        """The text with every mark replaced by what `value(name, fallback)` says."""
        return "".join(
            part if isinstance(part, str) else shown(part, value(part.name, part.fallback))
            for part in self.split(text)
        )


def shown(slot: Slot, value: str) -> str:
    return value.upper() if slot.upper else value
