"""When a reminder leaves, on the clocks of a place."""

import datetime as dt

import pytest

from campaigns.rules.reminding import leaves_at

PARIS = "Europe/Paris"


def utc(month_and_day: tuple[int, int], hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2027, *month_and_day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("deadline", "days", "hour", "zone", "leaves"),
    [
        (utc((3, 10), 22, 59), 7, dt.time(9), PARIS, utc((3, 3), 8)),
        # The night after the deadline's day in Paris is the next day in Tokyo.
        (utc((3, 10), 22, 59), 7, dt.time(9), "Asia/Tokyo", utc((3, 4), 0)),
        # Clocks go forward between the two: nine o'clock stays nine o'clock.
        (utc((3, 30), 10), 7, dt.time(9), PARIS, utc((3, 23), 8)),
        (utc((3, 30), 10), 2, dt.time(9), PARIS, utc((3, 28), 7)),
        # An hour that no clock shows on that day.
        (utc((3, 30), 10), 2, dt.time(2, 30), PARIS, utc((3, 28), 1, 30)),
    ],
)
def test_so_many_days_before_at_an_hour_there(
    deadline: dt.datetime, days: int, hour: dt.time, zone: str, leaves: dt.datetime
) -> None:
    assert leaves_at(deadline, days=days, hour=hour, zone=zone) == leaves
