"""When a reminder leaves: so many days before a deadline, at an hour on the clocks of a place."""

import datetime as dt
from zoneinfo import ZoneInfo


def leaves_at(deadline: dt.datetime, *, days: int, hour: dt.time, zone: str) -> dt.datetime:
    """The moment, in UTC. Days are counted from the day on which the deadline is there."""
    day = deadline.astimezone(ZoneInfo(zone)).date() - dt.timedelta(days=days)
    return dt.datetime.combine(day, hour, ZoneInfo(zone)).astimezone(dt.UTC)
