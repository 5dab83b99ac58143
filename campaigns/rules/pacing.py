"""How long to wait before trying again, and how many lines to keep, how much to risk."""

LONGEST_WAIT = 4 * 3600


def backoff(tries: int, first: int) -> int:
    """Seconds before the next attempt after `tries` deferred ones: doubling, at most four hours."""
    return int(min(first * 2 ** max(tries - 1, 0), LONGEST_WAIT))


def paced_window(pace: int) -> int:
    """Mails to put on a line at once where no more than `pace` a second may leave.

    Fifty windows a second cost little; a larger one would only leave more undecided by a crash.
    """
    return max(1, pace // 50)


def lines(round_trip: float) -> int:
    """How many lines to keep to a server that answers after so many seconds.

    Near by, two keep a process busy; 25 at 20 ms; beyond, connections × 1/round trips decide.
    """
    return min(max(round(round_trip * 1250), 2), 50)


def timely_window(seconds_a_mail: float, lines: int) -> int:
    """Mails to put on a line at once to a server that takes so long for each.

    A commit a window costs about the same whatever it holds, so the lines of a process together
    make a hundred windows a second at most. Larger ones would only leave more undecided by a crash.
    """
    return max(1, int(lines / 100 / seconds_a_mail)) if seconds_a_mail > 0 else 1
