"""The text part of a mail as a person writes it: words, and places for what is filled in.

`{contact}` on a line of its own is the place of that linked block. A line `{for|member,outside}`
begins what only these readers get, and `{for|all}` ends it. All else are words, in which merge
fields are filled and nothing is markup.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from campaigns.rules.blocks import (
    FROM_RECORDS,
    LARGEST_BLOCK,
    READERS,
    SHORTENERS,
    InvalidBlock,
    gettext_noop,
    host_of,
)
from campaigns.rules.lines import printable
from campaigns.rules.merge import FIELDS, SLOT

PLACES = tuple(kind for kind in FROM_RECORDS if kind != "divider")
"""Blocks whose words are not known before a mail is written, or follow a record."""
FOR, ALL = "for", "all"


class Piece(NamedTuple):
    """Words, or the place of a linked block, for some readers."""

    readers: tuple[str, ...]
    words: str = ""
    place: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """A checked text in its order."""
    readers: tuple[str, ...] = READERS
    words: list[str] = []
    for line in text.split("\n"):
        mark = SLOT.fullmatch(line.strip())
        if mark is None or mark[1] not in (FOR, *PLACES):
            words.append(line)
            continue
        if "".join(words).strip():
            yield Piece(readers, "\n".join(words).strip("\n"))
        words = []
        if mark[1] == FOR:
            readers = readers_of(mark[2]) or READERS
        else:
            yield Piece(readers, place=mark[1])
    if "".join(words).strip():
        yield Piece(readers, "\n".join(words).strip("\n"))


def readers_of(said: str | None) -> tuple[str, ...]:
    """Of `member,outside` or `all`; nothing where it is neither."""
    names = tuple(name.strip() for name in (said or "").split(","))
    if names == (ALL,):
        return READERS
    return names if set(names) <= set(READERS) else ()


def placed(text: str, blocks: Iterable[Mapping[str, Any]], variant: str) -> list[Mapping[str, Any]]:
    """What a reader of this kind gets, as blocks in their order, words among them.

    Linked blocks without a place come last: nobody can write them away.
    """
    linked = [block for block in blocks if block["kind"] in PLACES]
    found: list[Mapping[str, Any]] = []
    there: set[str] = set()
    for piece in pieces(text):
        if variant not in piece.readers:
            continue
        if piece.place:
            there.add(piece.place)
            found += [block for block in linked if block["kind"] == piece.place]
        else:
            found.append({"kind": "words", "text": piece.words})
    return [*found, *(block for block in linked if block["kind"] not in there)]


def tidied(text: str) -> str:
    """As it is kept: no space at the ends of lines, no empty lines at its own."""
    return "\n".join(line.rstrip() for line in printable(text).splitlines()).strip("\n")


def check(text: str, kinds: Collection[str]) -> None:
    """Raise InvalidBlock for what is no place, or of a block that is not among these kinds."""
    if len(text.encode()) > LARGEST_BLOCK:
        words = gettext_noop("The text part is longer than {most} KB. Shorten it.")
        raise InvalidBlock(words, most=LARGEST_BLOCK // 1024)
    for n, line in enumerate(text.split("\n"), start=1):
        _check_links(n, line)
        for mark in SLOT.finditer(line):
            _check_mark(n, line, mark, kinds)


def _check_links(n: int, line: str) -> None:
    if re.search(r"https?://[^\s<>{}]*\{", line):
        words = gettext_noop("Line {n} has a merge field in an address, which is for all the same.")
        raise InvalidBlock(words, n=n)
    for host in (host_of(address).removeprefix("www.") for address in links(line)):
        if host in SHORTENERS:
            words = gettext_noop(
                "Line {n} leads through {host}, which hides where to. "
                "Write the address it leads to."
            )
            raise InvalidBlock(words, n=n, host=host)


def _check_mark(n: int, line: str, mark: re.Match[str], kinds: Collection[str]) -> None:
    name = mark[1]
    if name in FIELDS:
        return
    if name not in (FOR, *PLACES):
        words = gettext_noop(
            "Line {n} has {{{name}}}, which is neither a merge field nor the place of a block. "
            "Write it otherwise, or take it away."
        )
        raise InvalidBlock(words, n=n, name=name)
    if line.strip() != mark[0]:
        words = gettext_noop("Line {n} has {{{name}}} among other words. Give it its own line.")
        raise InvalidBlock(words, n=n, name=name)
    if name == FOR and not readers_of(mark[2]):
        words = gettext_noop(
            "Line {n} is for unknown readers. Write member, outside or public after the bar, "
            "or all."
        )
        raise InvalidBlock(words, n=n)
    if name in PLACES and name not in kinds:
        words = gettext_noop(
            "Line {n} has {{{name}}}, but the text has no such block. Add it there first, or take "
            "the line away."
        )
        raise InvalidBlock(words, n=n, name=name)


def links(text: str) -> list[str]:
    """The addresses that stand in it, each once."""
    found = (match.rstrip(".,;:!?)>]\"'") for match in re.findall(r"https://[^\s<>{}]+", text))
    return list(dict.fromkeys(found))
