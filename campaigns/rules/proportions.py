"""How far apart two shares may truly be, of which only samples are known.

The plain difference of two percentages of small samples says more than it knows. The interval is
Newcombe's hybrid score interval, made of Wilson's intervals of either share (R. G. Newcombe,
"Interval estimation for the difference between independent proportions: comparison of eleven
methods", Statistics in Medicine 17 (1998) 873-890, method 10; E. B. Wilson, "Probable inference,
the law of succession, and statistical inference", JASA 22 (1927) 209-212).
"""

from math import sqrt
from typing import NamedTuple

Z = 1.959964  # of a normal distribution 95 % lies nearer to the middle than this


class Interval(NamedTuple):
    low: float
    high: float


class Difference(NamedTuple):
    """How much larger the second share is than the first, between -1 and 1."""

    seen: float
    low: float
    high: float

    @property
    def is_distinguishable(self) -> bool:
        """Whether the shares differ more than chance alone would make them, 19 times of 20."""
        return self.low > 0 or self.high < 0


def wilson(successes: int, tries: int, z: float = Z) -> Interval:
    """Where the true share lies, 95 % sure. Nothing tried: anywhere."""
    _check(successes, tries)
    if not tries:
        return Interval(0.0, 1.0)
    share = successes / tries
    middle = share + z * z / (2 * tries)
    half = z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    whole = 1 + z * z / tries
    return Interval(max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole))


def difference(first: tuple[int, int], second: tuple[int, int], z: float = Z) -> Difference:
    """Of two samples, each (successes, tries): the second share minus the first, 95 % sure.

    Raises ValueError where there are more successes than tries.
    """
    of_first, of_second = wilson(*first, z), wilson(*second, z)
    if not first[1] or not second[1]:
        return Difference(0.0, -1.0, 1.0)
    p, q = first[0] / first[1], second[0] / second[1]
    below = sqrt((q - of_second.low) ** 2 + (of_first.high - p) ** 2)
    above = sqrt((of_second.high - q) ** 2 + (p - of_first.low) ** 2)
    return Difference(q - p, max(-1.0, q - p - below), min(1.0, q - p + above))


def smallest_seen(tries: int, share: float = 0.1, z: float = Z) -> float:
    """About how far two shares near this one must lie apart to be told apart, each of so many."""
    return z * sqrt(2 * share * (1 - share) / tries) if tries else 1.0


def _check(successes: int, tries: int) -> None:
    if not 0 <= successes <= tries:
        raise ValueError(f"{successes} of {tries} is no share")
