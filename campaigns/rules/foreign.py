"""What of a mail's blocks stands in another language than the mail, and what nobody translated."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from campaigns.rules.blocks import NO_WORDS, WRITTEN

FEW = 3
"""So few words may be the same in two languages: names, places, "Programme"."""


class Foreign(NamedTuple):
    """Words of a record in the language in which they were written."""

    language: str
    words: str


def foreign(blocks: Iterable[Mapping[str, Any]]) -> list[Foreign]:
    """What the record has said in another language, each once and in its order."""
    return list(dict.fromkeys(found for block in blocks for found in _within(block)))


def _within(part: object) -> Iterator[Foreign]:
    if isinstance(part, Mapping):
        if "lang" in part:
            yield Foreign(part["lang"], _words_of(part))
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _within(each)


def _words_of(part: Mapping[str, Any]) -> str:
    if "paragraphs" in part:
        return " ".join(part["paragraphs"])
    # A fact has a label of ours before its value; a deadline has nothing but its label.
    return str(next(part[name] for name in ("title", "value", "label") if name in part))


def copied(
    blocks: Iterable[Mapping[str, Any]], others: Mapping[str, Iterable[Mapping[str, Any]]]
) -> dict[str, str]:
    """Written blocks that say the same in another language: {id of the block: that language}.

    `others` are the other languages' blocks; only those of one id are each other's translation.
    """
    found = {}
    for language, theirs in others.items():
        by_id = {block.get("id"): block for block in theirs}
        for block in blocks:
            other = by_id.get(block.get("id"))
            if other and block.get("id") not in found and _say_the_same(block, other):
                found[block["id"]] = language
    return found


def _say_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    fields = [field for field in WRITTEN.get(one["kind"], ()) if field not in NO_WORDS]
    return any(
        one.get(field) == other.get(field) and len(str(one.get(field, "")).split()) > FEW
        for field in fields
    )
