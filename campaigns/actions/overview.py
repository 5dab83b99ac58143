"""A campaign lane by lane at any moment: frozen lanes from their rows, the others counted anew."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from campaigns.actions import audiences, ledger
from campaigns.actions.ledger import Lane
from campaigns.models import Campaign, Exclusion, Release
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


def is_absent(lane: Lane) -> bool:
    return lane.release is not None and lane.release.status in Release.ABSENT


def read(campaign: Campaign, *, signing: Collection[Release] = ()) -> Overview:
    """Who gets a campaign and who does not, as the rows say and as would be decided now.

    Nobody of a lane that takes no part gets it; of those in `signing` it is said what would be if
    they did.
    """
    lanes = ledger.read(campaign).lanes
    if campaign.status in ENDED or all(is_frozen(lane) for lane in lanes):
        return Overview(campaign, lanes)
    try:
        counted = {lane.release: lane for lane in audiences.count(campaign)[0]}
    except InvalidCondition as problem:
        return Overview(campaign, lanes, str(problem))
    lanes = [lane if is_frozen(lane) else counted.get(lane.release, lane) for lane in lanes]
    return Overview(
        campaign,
        [
            _without_readers(lane) if is_absent(lane) and lane.release not in signing else lane
            for lane in lanes
        ],
    )


def _without_readers(lane: Lane) -> Lane:
    """A lane whose readers are all left out, for it is declined or lapsed."""
    out = Counter({Exclusion.Reason.NOT_TAKING_PART.value: lane.expected})
    return replace(
        lane, expected=0, languages=Counter(), unmet=Counter(), excluded=lane.excluded + out
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
        whole.unmet += lane.unmet
        whole.excluded += lane.excluded
        whole.again += lane.again
    return whole
