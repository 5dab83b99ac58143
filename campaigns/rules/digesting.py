"""Digests: when one is due, and what of it one reader gets."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

VARIANT = "d"
"""With what the variant of a digest's mail begins; then follows the place of its set of posts."""

DAY = dt.timedelta(days=1)


def last_due(now: dt.datetime, *, hour: dt.time, zone: str, weekday: int | None) -> dt.datetime:
    """The latest moment, in UTC, at which one was due: at an hour on the clocks of a place.

    `weekday`: Monday is 1; None: every day.
    """
    day = now.astimezone(ZoneInfo(zone)).date()
    while True:
        moment = dt.datetime.combine(day, hour, ZoneInfo(zone)).astimezone(dt.UTC)
        if moment <= now and weekday in (None, day.isoweekday()):
            return moment
        day -= DAY


def told_to(variant: str, sets: Sequence[Sequence[int]]) -> Sequence[int]:
    """The posts that a variant of a digest tells; of one that is none, all of them."""
    place = variant.removeprefix(VARIANT)
    if place.isdecimal() and int(place) < len(sets):
        return sets[int(place)]
    return sorted({post for posts in sets for post in posts})


def for_set(block: Mapping[str, Any], told: Collection[int]) -> dict[str, Any]:
    """The block of posts with those of them that one reader gets."""
    return {**block, "rows": [row for row in block["rows"] if row["post"] in told]}


def preview_line(blocks: Iterable[Mapping[str, Any]]) -> str:
    """What an inbox shows beside the subject: the posts' titles."""
    titles = [row["title"] for block in blocks if block["kind"] == "posts" for row in block["rows"]]
    return " · ".join(titles)[:200]
