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


LINES_A_SECOND = 1250  # of round trip
FEWEST = 4
COMMITS = 70  # a second, of a process


def is_near(round_trip: float, near: int) -> bool:
    """Whether a server answers within `near` milliseconds; a round trip of 0 was not measured."""
    return 0 < round_trip < near / 1000


def lines(round_trip: float) -> int:
    """How many lines to keep to a server that answers after so many seconds.

    Near by, four keep a process from waiting; 25 at 20 ms; beyond, connections × 1/round trips
    decide.
    """
    return min(max(round(round_trip * LINES_A_SECOND), FEWEST), 50)


def timely_window(seconds_a_mail: float, crews: int) -> int:
    """Mails to put on a line at once, where a crew takes so long for one, or for two on two lines.

    A commit costs about the same whatever it holds, and the first mail after it one round trip
    more, so the crews of a process together make seventy a second at most. Larger windows would
    gain little and leave more undecided by a crash.
    """
    return max(1, int(crews / COMMITS / seconds_a_mail)) if seconds_a_mail > 0 else 1
