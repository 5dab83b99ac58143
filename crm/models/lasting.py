"""Until when something lasts: the day that is named is its last one, which is what people mean."""

import datetime as dt

from django.db.models import Q

STILL = ">="
"""In SQL, between the column with the last day and today."""


def still(field: str, day: dt.date) -> Q:
    """What has a last day, and it is this one or a later: a pause."""
    return Q(**{f"{field}__gte": day})


def lasts(field: str, day: dt.date) -> Q:
    """The same, or what has no last day: a legal basis."""
    return Q(**{field: None}) | still(field, day)
