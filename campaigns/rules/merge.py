"""Merge fields: our own small syntax with a fixed set of names.

`{given_name|colleague}` becomes the reader's given name, or "colleague" where it isn't known.
Values are inserted literally and never parsed again: a reader called "{organisation}" stays that.
"""

import re
from collections.abc import Callable

FIELDS = ("name", "given_name", "family_name", "organisation", "cluster", "contact_point")
SLOT = re.compile(r"\{([a-z_]+)(?:\|([^{}|]*))?\}")


def unknown_fields(text: str) -> list[str]:
    """Names used in the text that are no merge fields."""
    return [name for name, _fallback in SLOT.findall(text) if name not in FIELDS]


def missing_fallbacks(text: str) -> list[str]:
    """Fields about the reader that may be empty and have no fallback in the text."""
    return [
        name
        for name, fallback in SLOT.findall(text)
        if name in FIELDS and name not in ("cluster", "contact_point") and not fallback
    ]


def merge(text: str, value: Callable[[str, str], str]) -> str:
    """The text with its fields filled by `value(name, fallback)`; an unknown name stays."""

    def fill(slot: re.Match[str]) -> str:
        name, fallback = slot.group(1), slot.group(2)
        return value(name, fallback or "") if name in FIELDS else slot.group(0)

    return SLOT.sub(fill, text)
