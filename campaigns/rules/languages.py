"""Which language a reader gets: own → cluster's → alliance's, and never a mixture."""

from collections.abc import Collection, Iterable


def choose(
    wanted: str | None, orders: Iterable[Iterable[str]], ready: Collection[str]
) -> str | None:
    """The first ready language of the reader's own, then of each order. None: nothing is ready."""
    for language in (wanted, *(code for order in orders for code in order)):
        if language in ready:
            return language
    return None
