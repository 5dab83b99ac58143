"""Quiet hours and days: when the clocks of a place say that nothing leaves there."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MIDNIGHT = dt.time()
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
WEEK = frozenset(range(1, 8))


@dataclass(frozen=True)
class Quiet:
    """What a place keeps quiet, by its own clocks: hours of every day, and whole days of a week."""

    zone: str
    first: dt.time | None = None
    last: dt.time | None = None
    """The hours from `first` until `last`, which may lie after midnight."""
    days: frozenset[int] = frozenset()
    """Monday is 1."""

    def is_at(self, moment: dt.datetime) -> bool:
        """Whether the clocks of the place show a quiet time."""
        wall = moment.astimezone(ZoneInfo(self.zone))
        if wall.isoweekday() in self.days:
            return True
        if self.first is None or self.last is None:
            return False
        if self.first <= self.last:
            return self.first <= wall.time() < self.last
        return wall.time() >= self.first or wall.time() < self.last

    def ends_at(self, moment: dt.datetime) -> dt.datetime:
        """The first moment, from this one on, at which it is not quiet."""
        if not self.is_at(moment):
            return moment
        if self.days >= WEEK:
            raise ValueError("A place where every day is quiet never wakes.")
        return min(end for end in self._ends(moment) if end > moment and not self.is_at(end))

    def _ends(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        """When it may end: at midnight, at the last hour, or where the clocks are changed."""
        zone = ZoneInfo(self.zone)
        today = moment.astimezone(zone).date()
        for day in (today + n * DAY for n in range(-1, 9)):
            for hour in {MIDNIGHT, self.last or MIDNIGHT}:
                for fold in (0, 1):  # an hour that comes twice ends twice
                    wall = dt.datetime.combine(day, hour, zone).replace(fold=fold)
                    yield wall.astimezone(dt.UTC)
            begins = dt.datetime.combine(day, MIDNIGHT, dt.UTC)
            if (changed := _change(zone, begins, begins + DAY)) is not None:
                yield changed


def _change(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> dt.datetime | None:
    """The minute between the two in which the clocks of a zone are changed."""

    def offset(moment: dt.datetime) -> dt.timedelta | None:
        return moment.astimezone(zone).utcoffset()

    before = offset(first)
    if offset(last) == before:
        return None
    while last - first > MINUTE:
        middle = first + (last - first) // MINUTE // 2 * MINUTE
        first, last = (middle, last) if offset(middle) == before else (first, middle)
    return last
