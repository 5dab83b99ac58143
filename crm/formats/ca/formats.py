"""Dates in Catalan without prepositions, which would need the right elision."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
