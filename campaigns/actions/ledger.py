"""The ledger equation: nobody lost, nobody twice, and the undecided shown.

expected = waiting + claimed + on the line + accepted + failed + stopped + cancelled + expired +
undecided, for every lane and summed; candidates = expected + everybody excluded, with a reason.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Count

from campaigns.models import Campaign, Delivery, Exclusion, Release

State = Delivery.State

Kind = TypeVar("Kind", int, str)


def most_frequent(counts: Counter[Kind]) -> list[tuple[Kind, int]]:
    """What was counted, the most frequent first; of equal ones the smaller key.

    Never in the order of the rows: it depends on what other clusters keep.
    """
    return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))


@dataclass
class Lane:
    """One lane's part of the ledger; without a release: the whole campaign's."""

    release: Release | None
    expected: int = 0
    states: Counter[int] = field(default_factory=Counter)
    claimed: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    accepted_by_language: Counter[str] = field(default_factory=Counter)
    unmet: Counter[str] = field(default_factory=Counter)
    """Whose mail is in another language than they wish for, by that; not of frozen lanes."""
    excluded: Counter[int] = field(default_factory=Counter)
    again: Counter[dt.date] = field(default_factory=Counter)
    """Whom the frequency guard holds back, by the day on which it ends; not of frozen lanes."""

    @property
    def waiting(self) -> int:
        return self.states[State.PENDING]

    @property
    def on_the_line(self) -> int:
        return self.states[State.ARMED]

    @property
    def accepted(self) -> int:
        return self.states[State.ACCEPTED]

    @property
    def failed(self) -> int:
        return self.states[State.FAILED] + self.states[State.EXPIRED]

    @property
    def stopped(self) -> int:
        return self.states[State.SUPPRESSED] + self.states[State.CANCELLED]

    @property
    def undecided(self) -> int:
        return self.states[State.UNKNOWN]

    @property
    def left(self) -> int:
        return self.waiting + self.on_the_line

    @property
    def candidates(self) -> int:
        return self.expected + self.excluded.total()

    @property
    def balances(self) -> bool:
        return self.expected == self.states.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """(reason in words, people), the most frequent first."""
        return [
            (str(Exclusion.Reason(reason).label), count)
            for reason, count in most_frequent(self.excluded)
        ]


@dataclass
class Ledger:
    campaign: Campaign
    lanes: list[Lane]
    total: Lane

    @property
    def balances(self) -> bool:
        return self.total.balances and all(lane.balances for lane in self.lanes)


def read(campaign: Campaign) -> Ledger:
    """The ledger of a campaign as the rows say now, lane by lane."""
    lanes = {
        release.pk: Lane(release, expected=release.expected or 0)
        for release in campaign.releases.in_order()
    }
    total = Lane(None)
    deliveries = Delivery.objects.filter(campaign=campaign).order_by()
    for release_id, language, state, count in deliveries.values_list(
        "release", "language", "state"
    ).annotate(count=Count("pk")):
        for lane in (lanes[release_id], total):
            lane.states[state] += count
            lane.languages[language] += count
            if state == State.ACCEPTED:
                lane.accepted_by_language[language] += count
    for release_id, count in (
        deliveries.claimed(campaign).values_list("release").annotate(count=Count("pk"))
    ):
        lanes[release_id].claimed = count
        total.claimed += count
    excluded = Exclusion.objects.filter(campaign=campaign).order_by()
    for release_id, reason, count in excluded.values_list("release", "reason").annotate(
        count=Count("pk")
    ):
        lanes[release_id].excluded[reason] += count
        total.excluded[reason] += count
    total.expected = sum(lane.expected for lane in lanes.values())
    return Ledger(campaign, list(lanes.values()), total)
