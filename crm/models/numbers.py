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


def numbers(key: Hashable, count: Callable[[], Counted], *, of: int = 0) -> Counted:
    """What `count` says, whose rows end with a number; of many rows it is not asked each time.

    `of` tells how many rows are read for it, where its numbers do not. The answer may depend on
    nothing that is not in the key or written by an act.
    """
    last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    kept = f"numbers:{sha256(repr((last, key)).encode()).hexdigest()}"
    counted: Counted | None = cache.get(kept)
    if counted is None:
        counted = count()
        if max(of, sum(n for *_what, n in counted)) >= MANY:
            cache.set(kept, counted, LASTS)
    return counted
