"""How long to wait before trying again."""

LONGEST_WAIT = 4 * 3600


def backoff(tries: int, first: int) -> int:
    """Seconds before the next attempt after `tries` deferred ones: doubling, at most four hours."""
    return int(min(first * 2 ** max(tries - 1, 0), LONGEST_WAIT))
