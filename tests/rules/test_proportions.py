"""How far apart two shares are, with how little of them is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.proportions import difference, smallest_seen, wilson

SAMPLES = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("larger", "smaller", "low", "high"),
    [
        # Newcombe (1998), table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_the_interval_is_that_of_the_paper(
    larger: tuple[int, int], smaller: tuple[int, int], low: float, high: float
) -> None:
    found = difference(smaller, larger)

    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_a_small_difference_of_small_samples_is_not_told_apart() -> None:
    assert not difference((3, 30), (6, 30)).is_distinguishable
    assert difference((300, 3000), (600, 3000)).is_distinguishable
    assert difference((600, 3000), (300, 3000)).is_distinguishable


def test_of_nothing_nothing_is_known() -> None:
    assert difference((0, 0), (3, 30)) == (0.0, -1.0, 1.0)
    assert not difference((0, 0), (0, 0)).is_distinguishable
    assert wilson(0, 0) == (0.0, 1.0)
    assert smallest_seen(0) == 1.0


def test_more_successes_than_tries_are_none() -> None:
    with pytest.raises(ValueError, match="4 of 3 is no share"):
        wilson(4, 3)


@given(SAMPLES, SAMPLES)
def test_turned_round_it_says_the_same(first: tuple[int, int], second: tuple[int, int]) -> None:
    there, back = difference(first, second), difference(second, first)

    assert there.seen == pytest.approx(-back.seen)
    assert there.low == pytest.approx(-back.high)
    assert -1 <= there.low <= there.seen <= there.high <= 1
    assert there.is_distinguishable == back.is_distinguishable


@given(st.integers(1, 10_000))
def test_more_readers_show_smaller_differences(tries: int) -> None:
    assert smallest_seen(tries + 1) < smallest_seen(tries)
