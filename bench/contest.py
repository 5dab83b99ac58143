"""Two sides in turn, on the same machine: figures of different hours must not be divided."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PAIRS = 3


class NotInterleaved(Exception):
    """The runs of the two sides do not alternate, or are too few."""


@dataclass(frozen=True)
class Run:
    """One side's work once: how many mails in how many seconds, and what else was seen."""

    messages: int
    seconds: float
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


@dataclass(frozen=True)
class Entry:
    side: str
    run: Run
    began: float
    load: tuple[float, float]  # of the last minute, before and after


@dataclass
class Contest:
    """Liaison against another side: run in turn, then divided."""

    against: str
    entries: list[Entry] = field(default_factory=list)

    def enter(self, side: str, work: Callable[[], Run]) -> Run:
        before, began = os.getloadavg()[0], time.time()
        run = work()
        self.entries.append(Entry(side, run, began, (before, os.getloadavg()[0])))
        return run

    def fight(self, ours: Callable[[], Run], theirs: Callable[[Run], Run]) -> None:
        """As many pairs as a median needs; their side may look at how ours went."""
        for _pair in range(PAIRS):
            run = self.enter("liaison", ours)
            self.enter(self.against, lambda run=run: theirs(run))  # type: ignore[misc]

    @property
    def ratios(self) -> list[float]:
        """Our rate over theirs, pair by pair."""
        in_time = sorted(self.entries, key=lambda entry: entry.began)
        ours, theirs = in_time[0::2], in_time[1::2]
        alternate = {e.side for e in ours} == {"liaison"} and {e.side for e in theirs} == {
            self.against
        }
        if not alternate or len(ours) != len(theirs) or len(ours) < PAIRS:
            raise NotInterleaved(
                f"Liaison and {self.against} were not run in turn at least {PAIRS} times each: "
                "no ratio is given."
            )
        return [a.run.rate / b.run.rate for a, b in zip(ours, theirs, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    def rates(self, side: str) -> list[float]:
        return [entry.run.rate for entry in self.entries if entry.side == side]

    def report(self) -> dict[str, Any]:
        """For bench.json: the median, and every run with the machine's load around it."""
        ratios = self.ratios
        return {
            "against": self.against,
            "ratio": round(self.ratio, 3),
            "spread": [round(min(ratios), 3), round(max(ratios), 3)],
            "liaison_s": round(statistics.median(self.rates("liaison"))),
            "other_s": round(statistics.median(self.rates(self.against))),
            "runs": [
                {
                    "side": entry.side,
                    "messages": entry.run.messages,
                    "seconds": round(entry.run.seconds, 3),
                    "rate": round(entry.run.rate, 1),
                    "load": [round(value, 2) for value in entry.load],
                    **entry.run.seen,
                }
                for entry in self.entries
            ],
        }
