"""Dates that are only partly known: "October 2013", "2016", or a full day."""

import datetime as dt
import re
from calendar import monthrange
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_time, get_timezone_location

Day = TypeVar("Day", bound=dt.date)

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


def months_later(day: Day, months: int) -> Day:
    """The same day or moment so many months on, or back where they are negative.

    Where that month has no such day it is the last one, as months are counted by Regulation (EEC)
    1182/71, Art. 3(2)(c).
    """
    years, month = divmod(day.month - 1 + months, 12)
    first = day.replace(year=day.year + years, month=month + 1, day=1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


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


def said(first: dt.date, last: dt.date, precision: str, language: str) -> str:
    """Days in words, no more exact than they are known: "9–14 Oct 2016", "October 2013"."""
    if precision == YEAR:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    skeleton = "yMMMM" if precision == MONTH else "yMMMMd"
    return str(format_interval(first, last, skeleton, fuzzy=True, locale=_locale(language)))


def day_said(day: dt.date, language: str) -> str:
    """One day with its weekday: "Sunday 9 October 2016"."""
    return str(format_date(day, "full", locale=_locale(language)))


def moment_said(at: dt.datetime, zone: str, language: str) -> str:
    """A moment as the clocks of a zone show it, and whose clocks: "9 June 2027, 18:00 (Paris)"."""
    there = at.astimezone(ZoneInfo(zone))
    locale = _locale(language)
    city = get_timezone_location(zone, locale=locale, return_city=True)
    hour = format_time(there, "short", locale=locale)
    return f"{format_date(there, 'long', locale=locale)}, {hour} ({city})"


def _locale(language: str) -> str:
    # Readers and users are Europeans: "9 October", not "October 9".
    return "en_GB" if language == "en" else language
