"""The text part that a mail has by itself, as the words a person goes on from."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from campaigns.mail.compose import with_fields
from campaigns.mail.records import Block, filled
from campaigns.rules.blocks import READERS
from campaigns.rules.lines import tidy
from campaigns.rules.marks import Marks, Slot
from campaigns.rules.text_parts import ALL, FOR, PLACES


def derived(blocks: Iterable[Mapping[str, Any]], language: str) -> str:
    """A draft's blocks in words: merge fields as they are written, places of linked blocks.

    Written by hand as it stands, it gives the mail that the blocks alone do, but for a value in
    capitals within a heading.
    """
    marks = Marks()
    with translation.override(language):
        context = {"blocks": [*_said(blocks, marks)]}
        text = tidy(render_to_string("emails/campaign/blocks.txt", context)).strip("\n")
    return "".join(part if isinstance(part, str) else _written(part) for part in marks.split(text))


def _said(blocks: Iterable[Mapping[str, Any]], marks: Marks) -> Iterator[Block]:
    """Words of written blocks and the places of others, with a line where the readers change."""
    current, there = READERS, set[str]()
    for block in blocks:
        place = block["kind"] in PLACES
        if place and block["kind"] in there:
            continue
        readers = tuple(block.get("readers", READERS))
        if place and readers != current:
            readers = READERS  # the block itself knows whose it is
        if readers != current:
            names = ALL if set(readers) == set(READERS) else ",".join(readers)
            yield _line(f"{{{FOR}|{names}}}")
            current = readers
        if place:
            there.add(block["kind"])
            yield _line(f"{{{block['kind']}}}")
        elif (content := filled(dict(block), {})) is not None:
            yield with_fields(content, marks)


def _line(words: str) -> Block:
    return {"kind": "words", "text": words}


def _written(slot: Slot) -> str:
    fallback = slot.fallback.upper() if slot.upper else slot.fallback
    return f"{{{slot.name}|{fallback}}}" if fallback else f"{{{slot.name}}}"
