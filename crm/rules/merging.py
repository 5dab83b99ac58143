"""Which of two values stays where two records become one."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

KEEP, DROP = "keep", "drop"
"""The sides: the record that stays, and the one that goes into it."""

Value = TypeVar("Value")


def is_empty(value: object) -> bool:
    """Whether nobody said anything; False and 0 say something."""
    return value is None or value in ("", [], {})


def side_of(keep: object, drop: object, choice: str | None = None) -> str:
    """The chosen side; without a choice the one that says something, first the one that stays."""
    if choice in (KEEP, DROP):
        return str(choice)
    return DROP if is_empty(keep) and not is_empty(drop) else KEEP


def chosen(keep: Value, drop: Value, choice: str | None = None) -> Value:
    return drop if side_of(keep, drop, choice) == DROP else keep


def united(keep: Iterable[int], drop: Iterable[int]) -> list[int]:
    """What either of them has, once, in a fixed order."""
    return sorted({*keep, *drop})


def markets(keep: Iterable[str], drop: Iterable[str]) -> list[str]:
    """What either of them wants to read of; none means all, and then it stays all."""
    ours, theirs = {*keep}, {*drop}
    return sorted(ours | theirs) if ours and theirs else []


def answers(
    keep: Mapping[str, Any], drop: Mapping[str, Any], choices: Mapping[str, str]
) -> dict[str, Any]:
    """Answers to custom fields, one by one; `choices` are by the fields' keys."""
    return {
        key: chosen(keep.get(key), drop.get(key), choices.get(key))
        for key in sorted({*keep, *drop})
        if not is_empty(chosen(keep.get(key), drop.get(key), choices.get(key)))
    }


def later(first: dt.date | None, second: dt.date | None) -> dt.date | None:
    """The longer silence."""
    return max((day for day in (first, second) if day), default=None)


def sooner(first: dt.date | None, second: dt.date | None) -> dt.date | None:
    """The earlier end, where one of them ends."""
    return min((day for day in (first, second) if day), default=None)


def strictest(keep: str | None, drop: str | None) -> str | None:
    """The state of a wish that two people had: who left stays out, nothing else is raised."""
    if "left" in (keep, drop):
        return "left"
    return keep or drop
