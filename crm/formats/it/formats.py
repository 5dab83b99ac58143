"""Dates in Italian without the day of the week, so that they fit into a sentence."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
