"""A ratio is given only where both sides ran in turn."""

from collections.abc import Iterator

import pytest

from bench.contest import Contest, Entry, NotInterleaved, Run


def entries(sides: str) -> list[Entry]:
    names = {"A": "liaison", "B": "other"}
    rates = {"A": 200, "B": 100}
    return [
        Entry(names[side], Run(rates[side], 1.0), began=float(second), load=(0.0, 0.0))
        for second, side in enumerate(sides)
    ]


def test_runs_in_turn_give_the_median_of_their_pairs() -> None:
    ours = iter([300, 900, 600])

    def fast() -> Run:
        return Run(next(ours), 1.0)

    contest = Contest("other")
    contest.fight(fast, lambda _ours: Run(300, 1.0))
    report = contest.report()
    assert report["ratio"] == 2.0
    assert report["spread"] == [1.0, 3.0]
    assert [run["side"] for run in report["runs"]] == ["liaison", "other"] * 3


def test_the_other_side_sees_how_ours_went() -> None:
    seen: list[int] = []
    sizes: Iterator[int] = iter([1, 2, 3])

    def theirs(ours: Run) -> Run:
        seen.append(ours.messages)
        return Run(1, 1.0)

    Contest("other").fight(lambda: Run(next(sizes), 1.0), theirs)
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    "sides",
    ["AAABBB", "ABBAAB", "ABAB", "AB", "", "BABABA", "ABABA"],
    ids=["one after the other", "swapped", "two pairs", "one", "none", "reversed", "half a pair"],
)
def test_other_runs_give_no_ratio(sides: str) -> None:
    contest = Contest("other", entries(sides))
    with pytest.raises(NotInterleaved, match="in turn"):
        contest.report()


def test_the_order_in_time_counts_not_the_order_of_the_list() -> None:
    honest = entries("ABABAB")
    assert Contest("other", [*honest[0::2], *honest[1::2]]).ratio == 2.0
