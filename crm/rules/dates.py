"""Dates that are only partly known: "October 2013", "2016", or a full day."""

import datetime as dt

DAY, MONTH, YEAR = "day", "month", "year"


def last_day(date: dt.date, precision: str) -> dt.date:
    """The last day the partly known date can mean."""
    if precision == YEAR:
        return date.replace(month=12, day=31)
    if precision == MONTH:
        following = (date.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return following - dt.timedelta(days=1)
    return date


def parse(text: str) -> tuple[dt.date, str]:
    """Read "2016", "2016-10" or "2016-10-09" as (first possible day, precision).

    Raises ValueError with a sentence for the user.
    """
    parts = text.strip().split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return dt.date(numbers[0], 1, 1), YEAR
        if len(numbers) == 2:
            return dt.date(numbers[0], numbers[1], 1), MONTH
        if len(numbers) == 3:
            return dt.date(numbers[0], numbers[1], numbers[2]), DAY
    except ValueError:
        pass
    raise ValueError(
        f"“{text}” is not a date. Write a year, year-month or year-month-day, like 2016-10."
    )
