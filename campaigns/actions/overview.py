"""A campaign lane by lane at any moment: frozen lanes from their rows, the others counted anew."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.actions import audiences, ledger
from campaigns.actions.ledger import Lane
from campaigns.models import Campaign
from crm.rules.conditions import InvalidCondition

ENDED = Campaign.ENDED


@dataclass(frozen=True)
class Overview:
    """Every lane with its numbers; `problem` says why the open ones could not be counted."""

    campaign: Campaign
    lanes: list[Lane]
    problem: str = ""

    @property
    def total(self) -> Lane:
        return summed(self.lanes)

    @property
    def frozen(self) -> Lane:
        """The lanes that are being or were sent: what the ledger bar is about."""
        return summed(lane for lane in self.lanes if is_frozen(lane))


def is_frozen(lane: Lane) -> bool:
    return lane.release is not None and lane.release.frozen_at is not None


def read(campaign: Campaign) -> Overview:
    """Who gets a campaign and who does not, as the rows say and as would be decided now."""
    lanes = ledger.read(campaign).lanes
    if campaign.status in ENDED or all(is_frozen(lane) for lane in lanes):
        return Overview(campaign, lanes)
    try:
        counted = {lane.release: lane for lane in audiences.count(campaign)[0]}
    except InvalidCondition as problem:
        return Overview(campaign, lanes, str(problem))
    return Overview(
        campaign, [lane if is_frozen(lane) else counted.get(lane.release, lane) for lane in lanes]
    )


def summed(lanes: Iterable[Lane]) -> Lane:
    """Several lanes as one."""
    whole = Lane(None)
    for lane in lanes:
        whole.expected += lane.expected
        whole.claimed += lane.claimed
        whole.states += lane.states
        whole.languages += lane.languages
        whole.accepted_by_language += lane.accepted_by_language
        whole.excluded += lane.excluded
        whole.again += lane.again
    return whole
        whole.unmet += lane.unmet
