"""What became of a campaign in numbers, by lane and by language.

Counted is what people did and what servers said: answers, bounces, leaving. Whether a mail was
opened is not known, and nothing here pretends it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from campaigns.actions.reports import FACTS
from campaigns.models import Campaign, Delivery, Release
from crm.models import Answer, Suppression

State = Delivery.State
COUNTED = {
    "mails": Q(),
    "accepted": Q(state=State.ACCEPTED),
    "failed": Q(state__in=(State.FAILED, State.EXPIRED)),
    "undecided": Q(state=State.UNKNOWN),
    **FACTS,
}


@dataclass
class Tally:
    """Numbers of some mails: each counts mails but `answers`, which has the people per answer."""

    mails: int = 0
    accepted: int = 0
    failed: int = 0
    undecided: int = 0
    delivered: int = 0
    """A provider or a receipt said so; many never say."""
    bounced: int = 0
    complained: int = 0
    left: int = 0
    """Readers who unsubscribed by a link of this very mail."""
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return self.answers.total()


Tallies = dict[tuple[int, str], Tally]
"""By lane and language."""


def read(campaigns: Collection[Campaign], lanes: Collection[Release]) -> Tallies:
    """The numbers of these lanes of some campaigns, in four questions."""
    found = _counted(campaigns, lanes, "release_id", "language")
    return {(release, language): tally for (release, language), tally in found.items()}


def by_subject(campaign: Campaign, lanes: Collection[Release]) -> dict[int, Tally]:
    """The numbers of these lanes by the subject that a mail had (`Delivery.Subject`)."""
    return {subject: tally for (subject,), tally in _counted([campaign], lanes, "subject").items()}


def _counted(
    campaigns: Collection[Campaign], lanes: Collection[Release], *by: str
) -> dict[tuple[Any, ...], Tally]:
    mails = Delivery.objects.filter(campaign__in=campaigns, release__in=lanes).order_by()
    counts = mails.values_list(*by).annotate(
        **{name: Count("pk", filter=fact or None) for name, fact in COUNTED.items()}
    )
    found = {
        row[: len(by)]: Tally(**dict(zip(COUNTED, row[len(by) :], strict=True))) for row in counts
    }
    left = Suppression.objects.filter(
        reason=Suppression.Reason.UNSUBSCRIBED, delivery__isnull=False
    )
    of_leaving = mails.filter(pk__in=left.values("delivery")).values_list(*by)
    for *key, n in of_leaving.annotate(n=Count("pk")):
        found[tuple(key)].left = n
    said = dict(_answers(campaigns))
    for pk, *key in mails.filter(pk__in=said).values_list("pk", *by):
        found[tuple(key)].answers[said[pk]] += 1
    return found


def _answers(campaigns: Collection[Campaign]) -> Iterable[tuple[int, str]]:
    """What each reader answered last, if that was to a mail: with the mail."""
    about = Q(mission__in={campaign.mission_id for campaign in campaigns} - {None})
    about |= Q(event__in={campaign.event_id for campaign in campaigns} - {None})
    latest = Answer.objects.filter(about).latest_per_person()
    return ((answer.delivery, answer.value) for answer in latest if answer.delivery)


def by_lane(found: Tallies) -> dict[int, Tally]:
    """The languages of each lane together."""
    return {
        release: summed(tally for key, tally in found.items() if key[0] == release)
        for release, _language in found
    }


def by_language(found: Tallies) -> dict[str, Tally]:
    """The lanes of each language together."""
    return {
        language: summed(tally for key, tally in found.items() if key[1] == language)
        for _release, language in found
    }


def summed(some: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    total = Tally()
    for tally in some:
        for name in ("left", *COUNTED):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        total.answers += tally.answers
    return total
