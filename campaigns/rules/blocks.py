"""The kinds of blocks a content is made of, and what each must hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.rules.merge import unknown_fields

# Blocks a person writes: their text fields. The others are filled from records.
WRITTEN: dict[str, tuple[str, ...]] = {"heading": ("text",), "text": ("text",)}
FROM_RECORDS = (
    "introduction",
    "facts",
    "programme",
    "deadlines",
    "event_details",
    "answers",
    "external",
    "documents",
    "contact",
    "divider",
)
READERS = ("member", "outside", "public")


class InvalidBlock(ValueError):
    """A block that cannot be sent; the message is a sentence for the user."""


def check(blocks: Iterable[Mapping[str, Any]]) -> None:
    """Raise InvalidBlock for the first block that is unknown, empty or uses unknown fields."""
    for position, block in enumerate(blocks, start=1):
        kind = str(block.get("kind"))
        if kind not in WRITTEN and kind not in FROM_RECORDS:
            raise InvalidBlock(f"Block {position} is of an unknown kind “{kind}”. Remove it.")
        _check_readers(position, block)
        for field in WRITTEN.get(kind, ()):
            text = block.get(field)
            if not isinstance(text, str) or not text.strip():
                raise InvalidBlock(f"Block {position} ({kind}) is empty. Write it or remove it.")
            for name in unknown_fields(text):
                raise InvalidBlock(
                    f"Block {position} uses {{{name}}}, which is not a merge field. "
                    "Use name, given_name, family_name, organisation, cluster or contact_point."
                )


def _check_readers(position: int, block: Mapping[str, Any]) -> None:
    readers = block.get("readers", READERS)
    if (
        not isinstance(readers, list | tuple)
        or not readers
        or any(r not in READERS for r in readers)
    ):
        raise InvalidBlock(f"Block {position} is for unknown readers. Choose who reads it.")


def for_reader(blocks: Iterable[Mapping[str, Any]], variant: str) -> list[Mapping[str, Any]]:
    """The blocks a kind of reader gets; a block without `readers` is for everybody."""
    return [block for block in blocks if variant in block.get("readers", READERS)]
