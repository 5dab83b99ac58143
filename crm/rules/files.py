"""Kinds of files that are kept: told by their ending and by their first bytes, never by the sender.

What a browser would run or draw as a page (HTML, SVG) and what brings programs along (macros) is no
kind of ours.
"""

from pathlib import PurePath

_ZIP = (b"PK\x03\x04",)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    "odt": (f"{_OPEN}text", _ZIP),
    "ods": (f"{_OPEN}spreadsheet", _ZIP),
    "odp": (f"{_OPEN}presentation", _ZIP),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
}
"""Ending: media type, and what the file begins with; () is text without a mark of its own."""


def ending(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()


def media_type(name: str, content: bytes) -> str | None:
    """The media type of a file that is what its ending says, or None."""
    if ending(name) not in KINDS:
        return None
    kind, beginnings = KINDS[ending(name)]
    if beginnings:
        return kind if content.startswith(beginnings) else None
    return kind if b"\x00" not in content else None


def shown_name(name: str, longest: int = 120) -> str:
    """A file's name without folders and control characters; a long one keeps its ending."""
    last = PurePath(name.replace("\\", "/")).name
    tidy = " ".join("".join(c if c.isprintable() else " " for c in last).split())
    if len(tidy) <= longest:
        return tidy
    tail = f".{ending(tidy)}"[:20]
    return tidy[: longest - len(tail) - 1] + "…" + tail
