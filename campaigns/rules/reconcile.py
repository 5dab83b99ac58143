"""Two people's changes of one text, brought together: nothing that either wrote is lost.

Both began from the same state, the base. What only one of them changed is as that one left it.
Where both changed the same words, both are shown to whoever saves second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """All that a person writes of a text in one language."""

    subject: str = ""
    preheader: str = ""
    ready: bool = False
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Conflict:
    """What both changed: mine stands in the outcome, theirs is said here."""

    block: str
    """The block's id; empty for a field above the blocks."""
    field: str
    """`kept`: one took the whole block away that the other rewrote; it stays."""
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Outcome:
    written: Written
    conflicts: list[Conflict]


def reconcile(base: Written, mine: Written, theirs: Written) -> Outcome:
    """Every block must have an id of its own."""
    conflicts: list[Conflict] = []
    heads = {
        name: _one(
            ("", name), getattr(base, name), (getattr(mine, name), getattr(theirs, name)), conflicts
        )
        for name in ("subject", "preheader", "ready")
    }
    then, own, other = (_by_id(each.blocks) for each in (base, mine, theirs))
    blocks = {}
    for name in own | other:
        block = _block(name, then.get(name), (own.get(name), other.get(name)), conflicts)
        if block is not None:
            blocks[name] = block
    order = _order(list(then), list(own), list(other))
    whole = replace(mine, **heads, blocks=[blocks[name] for name in order if name in blocks])
    return Outcome(whole, conflicts)


def _by_id(blocks: Sequence[Block]) -> dict[str, dict[str, Any]]:
    return {str(block["id"]): dict(block) for block in blocks}


def _one(where: tuple[str, str], was: Any, now: tuple[Any, Any], conflicts: list[Conflict]) -> Any:
    mine, theirs = now
    if mine in (was, theirs):
        return theirs
    if theirs != was:
        conflicts.append(Conflict(*where, mine, theirs))
    return mine


def _block(
    name: str,
    was: Block | None,
    now: tuple[dict[str, Any] | None, dict[str, Any] | None],
    conflicts: list[Conflict],
) -> dict[str, Any] | None:
    mine, theirs = now
    if mine is None or theirs is None:
        left = mine if theirs is None else theirs
        if was is None or left is None:
            return left  # one of them added it
        if left == was:
            return None  # one of them took it away, the other left it as it was
        conflicts.append(Conflict(name, "kept", mine, theirs))
        return left
    before = was or {}
    fields = dict.fromkeys([*mine, *theirs])
    values = {
        each: _one((name, each), before.get(each), (mine.get(each), theirs.get(each)), conflicts)
        for each in fields
    }
    return {each: value for each, value in values.items() if value is not None}


def _order(then: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Theirs, in which all that I moved or added stands behind what I put it behind.

    A block that only they took away may stand here, too: whoever reads this leaves it out.
    """
    steady = _steady(then, mine)
    own, there = set(mine), set(theirs)
    order = [name for name in theirs if name in steady or name not in own]
    place = 0
    for name in mine:
        if name in steady:
            if name in there:
                place = order.index(name) + 1
            elif name not in order:
                order.insert(place, name)  # they took it away; where it stood if it stays
                place += 1
            continue
        order.insert(place, name)
        place += 1
    return order


def _steady(before: list[str], after: list[str]) -> set[str]:
    """The blocks that somebody left in their order, the others about them."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return {
        name
        for start, _other, length in matcher.get_matching_blocks()
        for name in before[start : start + length]
    }
