"""Dates that are only partly known: "October 2013", "2016", or a full day."""

import datetime as dt
import re

DAY, MONTH, YEAR = "day", "month", "year"
_PARTLY_KNOWN = re.compile(r"[0-9]{4}(-[0-9]{1,2}){0,2}")


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
    written = text.strip()
    if _PARTLY_KNOWN.fullmatch(written):
        year, month, day, *_rest = [*map(int, written.split("-")), 1, 1]
        precision = (YEAR, MONTH, DAY)[written.count("-")]
        try:
            return dt.date(year, month, day), precision
        except ValueError:
            pass  # a thirteenth month, a 30th of February: refused below like any other text
    raise ValueError(
        f"“{text}” is not a date. Write a year, year-month or year-month-day, like 2016-10."
    )
