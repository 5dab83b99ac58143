"""What a contact point has in hand of campaigns, and how it passes to a successor.

Who answers is found by date when a lane is frozen, and who signs by the cluster's roles: neither
needs moving. Names that somebody wrote out in a draft do.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from campaigns.actions import revisions
from campaigns.models import Campaign, ContentRevision, ContentText, LaneText, Release, Trial
from campaigns.models.trials import trial_of
from campaigns.rules.naming import Renaming, names, renamed, renaming
from crm.actions import audit, handovers
from crm.models import ContactPoint, HandOver, User

DRAFTS = (Campaign.Status.DRAFT, Campaign.Status.SCHEDULED)
# Whoever looks for a name needs something to put in its place; what, is not known yet.
SOMEBODY = {"name": "…", "email": "…", "phone": "…"}


@dataclass
class InHand:
    """What waits for a contact point, or names it, as of now."""

    to_sign: list[Release] = field(default_factory=list)
    introductions: list[LaneText] = field(default_factory=list)
    texts: list[ContentText] = field(default_factory=list)
    """Common texts that nobody has signed yet."""
    signed_texts: list[ContentText] = field(default_factory=list)
    """Common texts that some lane signed: only their writer may change what was signed."""


def in_hand(desk: ContactPoint) -> InHand:
    """The lanes to sign of the desk's cluster, and the drafts that have its person's name."""
    words = renaming(_person(desk), SOMEBODY)
    lanes = Release.objects.filter(
        cluster=desk.cluster_id, freeze_began_at=None, campaign__status__in=DRAFTS
    ).exclude(campaign__kind=Campaign.Kind.LETTER)
    found = InHand(
        to_sign=list(
            lanes.filter(status=Release.Status.WAITING).select_related(
                "campaign__mission", "campaign__event"
            )
        )
    )
    introductions = LaneText.objects.filter(
        release__cluster=desk.cluster_id, release__freeze_began_at=None
    ).exclude(release__status=Release.Status.DECLINED)
    for row in introductions.select_related(
        "release__campaign__mission", "release__campaign__event"
    ):
        if row.release.campaign.status not in (
            Campaign.Status.FINISHED,
            Campaign.Status.CANCELLED,
        ) and names(row.text, words):
            found.introductions.append(row)
    texts = ContentText.objects.filter(campaign__in=lanes.values("campaign"))
    signed = set(
        Release.objects.filter(
            campaign__in=lanes.values("campaign"), signed_version__isnull=False
        ).values_list("campaign_id", flat=True)
    )
    for text in texts.select_related("campaign__mission", "campaign__event", "campaign__trial"):
        trial = trial_of(text.campaign)
        second = trial.subjects.get(text.language, "") if trial else ""
        if names([text.subject, second, text.preheader, text.blocks, text.plain], words):
            (found.signed_texts if text.campaign_id in signed else found.texts).append(text)
    return found


def hand_over(
    *,
    former: ContactPoint,
    successor: handovers.Successor,
    day: dt.date,
    moves: handovers.Moves,
    also: list[ContactPoint],
    by: User | None,
) -> HandOver:
    """Plan a hand-over; one that begins today is carried out in the same transaction."""
    with transaction.atomic():
        planned = handovers.plan(
            former=former, successor=successor, day=day, moves=moves, also=also, by=by
        )
        if day <= timezone.localdate():
            return carry_out(planned)
    return planned


def carry_out(hand_over: HandOver) -> HandOver:
    """Put the successor's name into the drafts and move what carries no date, once."""
    with transaction.atomic():
        row = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
        if not row.is_planned:
            return row
        moved = _reword(row) if row.moves_words else {}
        return handovers.carry_out(hand_over=row, moved=moved)


def carry_out_due() -> int:
    """Hand-overs whose day has come; the scheduler asks before it starts what is due."""
    due = list(HandOver.objects.due(timezone.localdate()))
    for row in due:
        carry_out(row)
    return len(due)


def _reword(hand_over: HandOver) -> dict[str, int]:
    former, successor = hand_over.former, hand_over.successor
    assert successor is not None, "a planned hand-over has a successor"
    words = renaming(_person(former), _person(successor))
    # Whoever writes a text holds its campaign. Afterwards it is read again, as it is then.
    waiting = in_hand(former)
    drafts = sorted(
        {text.campaign_id for text in waiting.texts}
        | {row.release.campaign_id for row in waiting.introductions}
    )
    list(Campaign.objects.select_for_update(of=("self",)).filter(pk__in=drafts).order_by("pk"))
    found = in_hand(former)
    found.texts = [text for text in found.texts if text.campaign_id in drafts]
    found.introductions = [row for row in found.introductions if row.release.campaign_id in drafts]
    introductions = sum(_reword_introduction(row, words) for row in found.introductions)
    now = timezone.now()
    for text in found.texts:
        text.subject = renamed(text.subject, words)[:200]
        text.preheader = renamed(text.preheader, words)[:200]
        text.blocks = renamed(text.blocks, words)
        text.plain = renamed(text.plain, words)
        text.plain_from = renamed(text.plain_from, words)
        revisions.write(text, by=hand_over.by, why=ContentRevision.Why.REWORDED, at=now)
        audit.record(by=hand_over.by, verb="reworded", row=text, cluster=hand_over.cluster)
    for trial in Trial.objects.filter(campaign__in={text.campaign_id for text in found.texts}):
        trial.subjects = {
            code: renamed(subject, words)[:200] for code, subject in trial.subjects.items()
        }
        trial.save(update_fields=["subjects"])
    return {"introductions": introductions, "texts": len(found.texts)}


def _reword_introduction(row: LaneText, words: Renaming) -> int:
    """Whoever signed it signed another name, and is asked again.

    A lane under way freezes its introduction; one that began meanwhile stays as it is.
    """
    lane = Release.objects.select_for_update(of=("self",)).get(pk=row.release_id)
    if lane.freeze_began_at is not None:
        return 0
    row.text = renamed(row.text, words)
    row.save(update_fields=["text"])
    Release.objects.filter(pk=lane.pk).ask_again(Release.Why.INTRODUCTION)
    audit.record(by=None, verb="introduced", row=lane, cluster=lane.cluster)
    return 1


def _person(desk: ContactPoint) -> dict[str, str]:
    return {"name": desk.name, "title": desk.title, "email": desk.email, "phone": desk.phone}
