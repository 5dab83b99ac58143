"""What a post says: light markup, and pictures on lines of their own.

`![what it shows](its name)` stands by itself between blank lines. A picture is one that its
alliance keeps, named by what it shows (`campaigns.models.images`); everything else is `markup`.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

from campaigns.rules import markup

_PICTURE = re.compile(
    r"^[ \t]*!\[(?P<alt>[^\[\]\n]*)\]\((?P<name>[0-9a-f]{64}\.(?:jpg|png))\)[ \t]*$", re.M
)
_ROUND = str.maketrans("[]", "()")


class Picture(NamedTuple):
    """A picture by its name, and in words what it shows."""

    name: str
    alt: str


Size = tuple[int, int]


def pictures(text: str) -> list[Picture]:
    """In their order."""
    return [_named(found) for found in _PICTURE.finditer(text)]


def words(text: str) -> str:
    """The same without its pictures."""
    return re.sub(r"\n{3,}", "\n\n", _PICTURE.sub("", text)).strip()


def with_picture(text: str, picture: Picture) -> str:
    """The text with one more picture, at its end. Square brackets would end what it shows."""
    alt = " ".join(picture.alt.translate(_ROUND).split())
    return f"{text.rstrip()}\n\n![{alt}]({picture.name})".lstrip()


def page(text: str, address: Callable[[str], str], sizes: dict[str, Size] | None = None) -> str:
    """All of it as HTML. `address` says where a picture is had; `sizes` are in pixels."""
    return "".join(
        _shown(part, address, (sizes or {}).get(part.name))
        if isinstance(part, Picture)
        else markup.page(part)
        for part in _parts(text)
    )


def _parts(text: str) -> Iterator[str | Picture]:
    at = 0
    for found in _PICTURE.finditer(text):
        yield text[at : found.start()]
        yield _named(found)
        at = found.end()
    yield text[at:]


def _named(found: re.Match[str]) -> Picture:
    return Picture(found["name"], " ".join(found["alt"].split()))


def _shown(picture: Picture, address: Callable[[str], str], size: Size | None) -> str:
    measured = f' width="{size[0]}" height="{size[1]}"' if size else ""
    return (
        f'<p><img src="{escape(address(picture.name))}" alt="{escape(picture.alt)}"{measured}'
        ' loading="lazy"></p>'
    )
