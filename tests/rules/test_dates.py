"""Dates that are only partly known."""

import datetime as dt

import pytest

from crm.rules.dates import DAY, MONTH, YEAR, last_day, parse


@pytest.mark.parametrize(
    ("text", "first", "precision", "last"),
    [
        ("2016", dt.date(2016, 1, 1), YEAR, dt.date(2016, 12, 31)),
        ("2013-10", dt.date(2013, 10, 1), MONTH, dt.date(2013, 10, 31)),
        ("2016-02", dt.date(2016, 2, 1), MONTH, dt.date(2016, 2, 29)),
        ("2015-12", dt.date(2015, 12, 1), MONTH, dt.date(2015, 12, 31)),
        (" 2016-10-09 ", dt.date(2016, 10, 9), DAY, dt.date(2016, 10, 9)),
    ],
)
def test_a_date_is_as_exact_as_it_was_written(
    text: str, first: dt.date, precision: str, last: dt.date
) -> None:
    assert parse(text) == (first, precision)
    assert last_day(first, precision) == last


@pytest.mark.parametrize(
    "text", ["", "soon", "2016-13", "2015-02-29", "9.10.2016", "2016-10-09-01", "-5", "16", "2_016"]
)
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Write a year, year-month or year-month-day"):
        parse(text)
