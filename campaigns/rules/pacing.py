"""How long to wait before trying again, and how much to risk at once."""

LONGEST_WAIT = 4 * 3600


def backoff(tries: int, first: int) -> int:
    """Seconds before the next attempt after `tries` deferred ones: doubling, at most four hours."""
    return int(min(first * 2 ** max(tries - 1, 0), LONGEST_WAIT))


def paced_window(pace: int) -> int:
    """Mails to put on a line at once where no more than `pace` a second may leave.

    Fifty windows a second cost little; a larger one would only leave more undecided by a crash.
    """
    return max(1, pace // 50)
