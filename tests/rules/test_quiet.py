"""Quiet hours and days on the clocks of a place, also in the nights when these are changed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.quiet import DAY, MINUTE, Quiet

BERLIN = "Europe/Berlin"
NIGHTS = Quiet(BERLIN, dt.time(20), dt.time(7))
ZONES = st.sampled_from(
    [BERLIN, "Europe/London", "Australia/Lord_Howe", "America/Santiago", "Asia/Tokyo", "UTC"]
)
HOURS = st.times().map(lambda time: time.replace(second=0, microsecond=0))
TWO_YEARS = 2 * 365 * DAY // MINUTE
MOMENTS = st.integers(0, TWO_YEARS).map(
    lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + minutes * MINUTE
)
QUIET = st.builds(
    Quiet, ZONES, HOURS, HOURS, st.frozensets(st.integers(1, 7), max_size=3)
) | st.builds(Quiet, ZONES, days=st.frozensets(st.integers(1, 7), max_size=6))


def berlin(day: int, hour: int, *, month: int = 6) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=ZoneInfo(BERLIN))


def test_hours_may_span_midnight() -> None:
    quiet = [hour for hour in (6, 7, 19, 20) if NIGHTS.is_at(berlin(1, hour))]

    assert quiet == [6, 20]
    assert NIGHTS.ends_at(berlin(1, 21)) == berlin(2, 7)
    assert NIGHTS.ends_at(berlin(1, 3)) == berlin(1, 7)


def test_hours_may_lie_in_one_day() -> None:
    noon = Quiet(BERLIN, dt.time(12), dt.time(14))

    assert noon.ends_at(berlin(1, 12)) == berlin(1, 14)
    assert noon.ends_at(berlin(1, 14)) == berlin(1, 14)


def test_a_night_before_quiet_days_ends_after_them() -> None:
    """5 June 2026 is a Friday."""
    weekends = Quiet(BERLIN, dt.time(20), dt.time(7), frozenset({6, 7}))

    assert weekends.ends_at(berlin(5, 20)) == berlin(8, 7)
    assert weekends.ends_at(berlin(6, 12)) == berlin(8, 7)
    assert Quiet(BERLIN, days=frozenset({6, 7})).ends_at(berlin(6, 12)) == berlin(8, 0)


@pytest.mark.parametrize(("day", "month", "hours"), [(28, 3, 10), (24, 10, 12), (1, 6, 11)])
def test_a_night_ends_by_the_clocks_of_its_morning(day: int, month: int, hours: int) -> None:
    """The night to 29 March is an hour shorter, that to 25 October an hour longer."""
    evening = berlin(day, 20, month=month)
    morning = NIGHTS.ends_at(evening)

    assert morning - evening.astimezone(dt.UTC) == dt.timedelta(hours=hours)
    assert morning.astimezone(ZoneInfo(BERLIN)).time() == dt.time(7)


def test_an_end_that_the_clocks_skip_is_where_they_skip_it() -> None:
    quiet = Quiet(BERLIN, dt.time(20), dt.time(2, 30))

    assert quiet.ends_at(berlin(28, 22, month=3)) == berlin(29, 3, month=3)


def test_where_every_day_is_quiet_nothing_wakes() -> None:
    with pytest.raises(ValueError, match="never wakes"):
        Quiet(BERLIN, days=frozenset(range(1, 8))).ends_at(berlin(1, 1))


@given(MOMENTS)
def test_who_keeps_nothing_quiet_is_always_awake(moment: dt.datetime) -> None:
    assert not Quiet(BERLIN).is_at(moment)


@given(QUIET, MOMENTS)
def test_it_ends_at_the_first_minute_that_is_not_quiet(quiet: Quiet, moment: dt.datetime) -> None:
    end = quiet.ends_at(moment)

    assert moment <= end <= moment + 8 * DAY
    assert not quiet.is_at(end)
    until = min(end, moment + 2 * DAY)
    minutes = (moment + n * MINUTE for n in range((until - moment) // MINUTE))
    assert all(quiet.is_at(minute) for minute in minutes)
    assert end == moment or quiet.is_at(end - MINUTE)
