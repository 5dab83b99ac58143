"""Numbers of many rows: counted anew once somebody did something, and at most a minute old."""

from collections.abc import Callable, Hashable
from hashlib import sha256
from typing import Any

from django.core.cache import cache

from crm.models.history import AuditEntry

MANY = 10_000
"""From so many rows on their number is kept: 100,000 take 25 ms to count, as long as their page."""
LASTS = 60
"""Seconds. Whatever somebody does has its entry; a bounced mail or the next day has none."""

Counted = list[tuple[Any, ...]]


def numbers(key: Hashable, count: Callable[[], Counted]) -> Counted:
    """What `count` says, whose rows end with a number; of many rows it is not asked each time.

    The answer may depend on nothing that is not in the key or written by an act. Of few rows
    nothing else is asked.
    """
    name = f"numbers:{sha256(repr(key).encode()).hexdigest()}"
    known: tuple[int | None, Counted] | None = cache.get(name)
    last = None
    if known is not None:  # they were many; what is counted from now on is of this act
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        if last is not None and last == known[0]:
            return known[1]
    counted = count()
    if sum(n for *_what, n in counted) >= MANY:
        cache.set(name, (last, counted), LASTS)
    return counted
