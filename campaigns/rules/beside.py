"""Two languages of a text beside each other: which blocks belong together, what changed since."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.rules.blocks import WRITTEN, identified

Block = Mapping[str, Any]
State = tuple[dt.datetime, Mapping[str, Block]]
"""What a text said from a moment on: its blocks by their id."""


def aligned(
    own: Sequence[Block], other: Sequence[Block]
) -> list[tuple[int | None, dict[str, Any] | None]]:
    """One's own blocks by their places, each with the other language's block of the same id.

    What only the other one has stands, without a place, behind what it stands behind there.
    """
    theirs = identified(other, like=own)
    by_id = {block["id"]: block for block in theirs}
    order = [block["id"] for block in identified(own, like=theirs)]
    places: dict[str, int] = {name: place for place, name in enumerate(order)}
    at = 0
    for name in by_id:
        if name in places:
            at = order.index(name)
        else:
            order.insert(at, name)
        at += 1
    return [(places.get(name), by_id.get(name)) for name in order]


def changed_since(own: Sequence[State], other: Sequence[State]) -> dict[str, tuple[Block, Block]]:
    """What the other language says otherwise since one's own words were written: (then, now).

    Both are told from the oldest state that is known to the one that stands. Of a block that the
    other language did not have by then, nothing is said.
    """
    if not own or not other:
        return {}
    found = {}
    now = other[-1][1]
    for name in own[-1][1].keys() & now.keys():
        since = _written_at(own, name)
        then = [blocks.get(name) for at, blocks in other if at <= since]
        if then and then[-1] is not None and _words(then[-1]) != _words(now[name]):
            found[name] = (then[-1], now[name])
    return found


def _written_at(states: Sequence[State], name: str) -> dt.datetime:
    """Since when a block has said what it says."""
    words = _words(states[-1][1][name])
    since = states[-1][0]
    for at, blocks in reversed(states):
        if name not in blocks or _words(blocks[name]) != words:
            break
        since = at
    return since


def _words(block: Block) -> list[object]:
    return [block.get(field) for field in WRITTEN.get(str(block.get("kind")), ())]
