"""Campaigns beside each other: of each the numbers of the lanes that one reads."""

from collections.abc import Collection
from dataclasses import dataclass

from campaigns.actions import tallies
from campaigns.actions.tallies import Tallies, Tally
from campaigns.models import Campaign, Release
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS, Answer

LEAST, MOST = 2, 6
"""So many campaigns stand beside each other."""


@dataclass(frozen=True)
class Part:
    """What is compared: mails of one campaign, and how many people were asked for."""

    tally: Tally
    candidates: int | None = None
    """None: not known of these mails alone; who is left out gets no language."""


@dataclass(frozen=True)
class Side:
    """One campaign, as far as its numbers may be known."""

    campaign: Campaign
    lanes: list[Release]
    """Those that started, in their order."""
    found: Tallies

    @property
    def answers(self) -> tuple[Answer.Value, ...]:
        """What its readers can answer."""
        return EVENT_ANSWERS if self.campaign.event_id else MISSION_ANSWERS

    @property
    def whole(self) -> Part:
        return Part(tallies.summed(self.found.values()), sum(map(_candidates, self.lanes)))

    @property
    def regions(self) -> dict[str, Part]:
        """By the name of the lane."""
        counted = tallies.by_lane(self.found)
        return {
            lane.name: Part(counted.get(lane.pk, Tally()), _candidates(lane)) for lane in self.lanes
        }

    @property
    def languages(self) -> dict[str, Part]:
        """By the code of the language."""
        return {code: Part(tally) for code, tally in tallies.by_language(self.found).items()}


def read(campaigns: Collection[Campaign], lanes: Collection[Release]) -> list[Side]:
    """Each campaign with its part of these lanes, as many questions for six as for one."""
    started = [lane for lane in lanes if lane.frozen_at is not None]
    found = tallies.read(campaigns, started)
    sides = []
    for campaign in campaigns:
        own = {lane.pk: lane for lane in started if lane.campaign_id == campaign.pk}
        mine = {key: tally for key, tally in found.items() if key[0] in own}
        sides.append(Side(campaign, [*own.values()], mine))
    return sides


def _candidates(lane: Release) -> int:
    return (lane.expected or 0) + (lane.excluded or 0)
