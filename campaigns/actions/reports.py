"""A campaign person by person: who got it, who did not and why, as far as names may be read."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.actions import audiences, overview
from campaigns.models import Campaign, Delivery, Exclusion, Release, frequency
from campaigns.models.deliveries import BOUNCED
from crm.models import Person
from crm.models.people import PersonQuerySet

Reason = Exclusion.Reason
EXCLUDED = "left-out"
EXPECTED = "would-get-it"
STATES = {
    "waiting": Delivery.State.PENDING,
    "on-the-line": Delivery.State.ARMED,
    "accepted": Delivery.State.ACCEPTED,
    "failed": Delivery.State.FAILED,
    "stopped": Delivery.State.SUPPRESSED,
    "cancelled": Delivery.State.CANCELLED,
    "expired": Delivery.State.EXPIRED,
    "unknown": Delivery.State.UNKNOWN,
}

# What came back later, whatever the state.
FACTS = {
    "delivered": Q(delivered_at__isnull=False),
    "bounced": BOUNCED,
    "complained": Q(complained_at__isnull=False),
}
FACT_WORDS = {
    "delivered": _lazy("delivered"),
    "bounced": _lazy("bounced"),
    "complained": _lazy("marked as spam"),
}

TONES: dict[int, str] = {
    Delivery.State.ACCEPTED: "ok",
    Delivery.State.FAILED: "stop",
    Delivery.State.EXPIRED: "stop",
    Delivery.State.UNKNOWN: "open",
}


def reason_words(reason: int) -> str:
    """A reason as screens say it. That an address stands in another cluster's list stays hidden."""
    if reason == Reason.IN_ANOTHER_LANE:
        reason = Reason.ALREADY_WRITTEN
    return str(Reason(reason).label)


def why(reason: int, again: dt.date | None) -> str:
    """A reason in words, with the day on which it ends where that is known."""
    words = reason_words(reason)
    if reason != Reason.TOO_OFTEN or again is None:
        return words
    day = date_format(again, "DATE_FORMAT")
    return _("%(reason)s, not before %(day)s") % {"reason": words, "day": day}


def as_decided(lane: Release, reason: int | None) -> int | None:
    """Why somebody of a lane that is not frozen would get nothing, its region's word included."""
    takes_no_part = reason is None and lane.status in Release.ABSENT
    return Reason.NOT_TAKING_PART.value if takes_no_part else reason


@dataclass(frozen=True)
class Question:
    """Which part of the report is asked for; empty means everybody."""

    lane: Release | None = None
    state: str = ""
    reason: int | None = None


@dataclass(frozen=True)
class Row:
    """What became of one person."""

    person: Person
    lane: Release | None
    delivery: Delivery | None = None
    reason: int | None = None
    again: dt.date | None = None
    """When the frequency guard lets somebody be written to again."""
    asked: bool = True
    """Whether the campaign asks for them at all."""

    @property
    def label(self) -> str:
        if not self.asked:
            return _("not asked for")
        if self.reason is not None:
            return _("left out: %(reason)s") % {"reason": why(self.reason, self.again)}
        return self.delivery.outcome if self.delivery else _("would get it")

    @property
    def tone(self) -> str:
        if self.reason is not None:
            return "wait"
        if self.delivery is None:
            return ""
        if self.delivery.complained_at or self.delivery.came_back:
            return "stop"
        return TONES.get(self.delivery.state, "")


class Report:
    """The people of a campaign among those a viewer may name.

    Whom a region took out is known by name in that region alone: `own` are the viewer's clusters,
    None for whoever may know all.
    """

    def __init__(
        self, campaign: Campaign, question: Question, own: Collection[int] | None = None
    ) -> None:
        self.campaign, self.question, self.own = campaign, question, own
        self.lanes = {release.pk: release for release in campaign.releases.in_order()}
        self._verdicts = self._judged()

    def people(self, visible: PersonQuerySet) -> PersonQuerySet:
        """Those of `visible` whom the question asks for."""
        asked = Q(pk__in=[*self._verdicts])
        if not self.question.state or self.question.state in (*STATES, *FACTS):
            asked |= Q(pk__in=self._deliveries().values("person_id"))
        if self.question.state in ("", EXCLUDED):
            asked |= Q(pk__in=self._exclusions().values("person_id"))
        return self._nameable(visible).filter(asked).order_by("name_folded", "pk")

    def rows(self, people: list[Person]) -> list[Row]:
        """One row for each of these people."""
        ids = [person.pk for person in people]
        deliveries = {
            row.person_id: row
            for row in self._deliveries().filter(person__in=ids).select_related("release__cluster")
        }
        left_out = self._verdicts | {
            row.person_id: (row.release_id, row.reason)
            for row in self._exclusions().filter(person__in=ids)
        }
        often = [pk for pk in ids if left_out.get(pk, (0, None))[1] == Reason.TOO_OFTEN]
        again = frequency.again(self.campaign, often) if often else {}
        rows = []
        for person in people:
            if delivery := deliveries.get(person.pk):
                rows.append(Row(person, self.lanes.get(delivery.release_id or 0), delivery))
            elif person.pk not in left_out:
                rows.append(Row(person, self.question.lane, asked=False))
            else:
                release_id, reason = left_out[person.pk]
                lane = self.lanes.get(release_id)
                rows.append(Row(person, lane, reason=reason, again=again.get(person.pk)))
        return rows

    def unnamed(self, visible: PersonQuerySet) -> list[tuple[Release, int]]:
        """Of each lane how many more people the question finds, whose names are not shared."""
        visible = self._nameable(visible)
        counts: Counter[int] = Counter()
        if self._verdicts:
            named = set(visible.filter(pk__in=[*self._verdicts]).values_list("pk", flat=True))
            counts.update(
                release for person, (release, _why) in self._verdicts.items() if person not in named
            )
        hidden = Person.objects.exclude(pk__in=visible.values("pk"))
        parts: list[QuerySet[Any]] = []
        if not self.question.state or self.question.state in (*STATES, *FACTS):
            parts.append(self._deliveries())
        if self.question.state in ("", EXCLUDED):
            parts.append(self._exclusions())
        for rows in parts:
            found = rows.filter(person__in=hidden).order_by().values_list("release")
            counts.update(dict(found.annotate(count=Count("pk"))))
        return [(lane, counts[pk]) for pk, lane in self.lanes.items() if counts[pk]]

    def came_back(self, visible: QuerySet[Person] | None) -> list[tuple[str, str, int]]:
        """(name, words, mails) of what came back, of everybody or of those one may name."""
        rows = Delivery.objects.filter(campaign=self.campaign)
        if self.question.lane:
            rows = rows.filter(release=self.question.lane)
        if visible is not None:
            rows = rows.filter(person__in=visible)
        counts = rows.aggregate(**{name: Count("pk", filter=fact) for name, fact in FACTS.items()})
        return [(name, str(FACT_WORDS[name]), count) for name, count in counts.items() if count]

    def _nameable(self, visible: PersonQuerySet) -> PersonQuerySet:
        if self.own is None:
            return visible
        judged = [pk for pk, (_lane, why) in self._verdicts.items() if why == Reason.TRIMMED]
        written = Exclusion.objects.filter(campaign=self.campaign, reason=Reason.TRIMMED)
        taken_out = Q(pk__in=judged) | Q(pk__in=written.values("person_id"))
        return visible.exclude(taken_out & ~Q(cluster_id__in=self.own))

    def _deliveries(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.filter(campaign=self.campaign)
        if self.question.reason is not None or self.question.state in (EXCLUDED, EXPECTED):
            return rows.none()
        if self.question.lane:
            rows = rows.filter(release=self.question.lane)
        if self.question.state in FACTS:
            rows = rows.filter(FACTS[self.question.state])
        elif self.question.state:
            rows = rows.filter(state=STATES[self.question.state])
        return rows

    def _exclusions(self) -> QuerySet[Exclusion]:
        rows = Exclusion.objects.filter(campaign=self.campaign)
        if self.question.lane:
            rows = rows.filter(release=self.question.lane)
        if self.question.reason is not None:
            rows = rows.filter(reason__in=_alike(self.question.reason))
        return rows

    def _judged(self) -> dict[int, tuple[int, int | None]]:
        """person → (lane, reason) in the lanes that are not frozen, as it would be decided now."""
        open_lanes = {pk for pk, release in self.lanes.items() if release.frozen_at is None}
        if self.question.lane:
            open_lanes &= {self.question.lane.pk}
        if (
            not open_lanes
            or self.campaign.status in overview.ENDED
            or self.question.state in (*STATES, *FACTS)
        ):
            return {}
        verdicts = audiences.verdicts(self.campaign)
        said = {
            person: (lane, as_decided(self.lanes[lane], reason))
            for person, (lane, reason) in verdicts.items()
            if lane in open_lanes
        }
        return {person: told for person, told in said.items() if self._asks_for(told[1])}

    def _asks_for(self, reason: int | None) -> bool:
        if self.question.reason is not None:
            return reason in _alike(self.question.reason)
        if self.question.state == EXCLUDED:
            return reason is not None
        return self.question.state != EXPECTED or reason is None


def _alike(reason: int) -> tuple[int, ...]:
    """Reasons that screens call by the same words."""
    if reason == Reason.ALREADY_WRITTEN:
        return (Reason.ALREADY_WRITTEN, Reason.IN_ANOTHER_LANE)
    return (reason,)
