"""Trying two subjects: a sample gets either, the rest of a campaign gets the one that is chosen.

Who is in the sample is drawn lane by lane when the lane is frozen, by a keyed hash of each person:
at random, and the same however often it is asked. What came of it is counted from answers and
from who left, never from opened mails, of which nobody knows.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.actions import contents, overtaken, quiet, tallies
from campaigns.actions.tallies import Tally
from campaigns.models import Campaign, Delivery, Release, Trial
from campaigns.rules import proportions
from campaigns.rules.proportions import Difference
from crm.actions import audit
from crm.actions.checks import check, check_any_text
from crm.actions.errors import IllegalTransition, Refused
from crm.models import User

Subject, Policy = Trial.Subject, Trial.Policy
DRAWN = (Delivery.Subject.DRAWN_FIRST, Delivery.Subject.DRAWN_SECOND)
# What waited in a copy of the database is undecided, and may be sent again by a person.
MAY_LEAVE = (Delivery.State.PENDING, Delivery.State.UNKNOWN)

# Of each lane the first batch may leave now. The others keep their distance, where the mails were
# to be spread over hours; none leaves earlier than it was to. Second tries (`ids`) wait no longer.
LET_GO = """
UPDATE campaigns_batch b SET held = false, not_before = CASE WHEN b.ids IS NULL
    THEN greatest(b.not_before, clock_timestamp() + (b.not_before - lane.first))
    ELSE b.not_before END
FROM (SELECT release_id, min(not_before) FILTER (WHERE ids IS NULL) AS first FROM campaigns_batch
      WHERE campaign_id = %(campaign)s AND held GROUP BY release_id) lane
WHERE b.campaign_id = %(campaign)s AND b.held AND b.release_id = lane.release_id
"""


def lay(
    *,
    campaign: Campaign,
    by: User | None,
    subjects: dict[str, str],
    share: int,
    hours: int,
    policy: str,
) -> Trial:
    """Try a second subject, or change how. Lanes that had signed sign both subjects anew."""
    check_any_text(subjects, _("Write a second subject in at least one language."))
    told = {code: " ".join(text.split()) for code, text in subjects.items() if text.strip()}
    facts = {"subjects": told, "share": share, "hours": hours, "policy": policy}
    with transaction.atomic():
        contents.hold(campaign)
        trial = Trial.objects.filter(campaign=campaign).first()
        if trial and facts == {name: getattr(trial, name) for name in facts}:
            return trial
        trial = trial or Trial(campaign=campaign)
        for name, value in facts.items():
            setattr(trial, name, value)
        check(trial)
        trial.save()
        campaign.refresh_from_db()
        if campaign.send_at:
            overtaken.refuse_too_late(campaign, campaign.send_at, campaign.spread_minutes)
        campaign.releases.ask_again(Release.Why.TEXT)
        audit.record(by=by, verb="tried two subjects", row=campaign, detail={"share": share})
    campaign.refresh_from_db()
    return trial


def drop(*, campaign: Campaign, by: User) -> None:
    """One subject for all again."""
    with transaction.atomic():
        contents.hold(campaign)
        if Trial.objects.filter(campaign=campaign).delete()[0]:
            campaign.releases.ask_again(Release.Why.TEXT)
            audit.record(by=by, verb="tried one subject", row=campaign)
    campaign.refresh_from_db()


def choose(*, campaign: Campaign, by: User | None, subject: str) -> None:
    """Give the rest this subject and let it leave. The first word counts."""
    if subject not in Subject.values:
        raise Refused(_("Choose one of the two subjects."))
    with transaction.atomic():
        # Lanes freeze under the same lock: each knows of the choice, or is released by it.
        held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if held.started_at is None or held.status in Campaign.ENDED:
            raise IllegalTransition(_("Nothing of it waits for a choice."))
        undecided = Trial.objects.filter(campaign=campaign, chosen="")
        if undecided.update(chosen=subject, chosen_by=by, chosen_at=Now()) != 1:
            raise IllegalTransition(_("A subject was chosen before. Nothing was changed."))
        waiting = Delivery.objects.filter(campaign=campaign, subject=Delivery.Subject.ONLY)
        rest = Trial.objects.get(campaign=campaign).for_the_rest
        count = waiting.filter(state__in=MAY_LEAVE).update(subject=rest)
        with connection.cursor() as cursor:
            cursor.execute(LET_GO, {"campaign": campaign.pk})
        audit.record(by=by, verb=f"chose subject {subject}", row=campaign, count=count)


def tend() -> int:
    """Choose by what was set beforehand where the hours are over. Returns how many that are."""
    waiting = Trial.objects.filter(
        chosen="", campaign__status=Campaign.Status.SENDING, campaign__started_at__isnull=False
    )
    chosen = 0
    for trial in waiting.select_related("campaign"):
        now = quiet.clock()
        _count_hours(trial, now)
        if trial.ends_at is None or trial.ends_at > now:
            continue
        subject = trial.policy
        if subject == Policy.BETTER:
            subject = compare(trial.campaign).better
        try:
            choose(campaign=trial.campaign, by=None, subject=subject)
        except IllegalTransition:
            continue  # somebody was quicker
        chosen += 1
    return chosen


def _count_hours(trial: Trial, now: dt.datetime) -> None:
    """The hours begin once, when the last of the sample has left.

    Afterwards they stand still while all lanes sleep: nobody is written to then, and few read.
    """
    before = trial.ends_at, trial.slept_until
    if trial.ends_at is None and _has_left(trial.campaign):
        trial.ends_at = now + dt.timedelta(hours=trial.hours)
    if trial.ends_at is None:
        return
    until = _asleep_until(trial.campaign)
    longer = max(until or now, now) - max(trial.slept_until or now, now)
    trial.ends_at, trial.slept_until = trial.ends_at + longer, until
    if (trial.ends_at, trial.slept_until) != before:
        Trial.objects.filter(pk=trial.pk, chosen="").update(
            ends_at=trial.ends_at, slept_until=trial.slept_until
        )


def _has_left(campaign: Campaign) -> bool:
    """Whether lanes have drawn their samples, and each mail of these was tried."""
    if not campaign.releases.filter(frozen_at__isnull=False).exists():
        return False
    untried = Delivery.objects.filter(
        campaign=campaign,
        subject__in=DRAWN,
        state=Delivery.State.PENDING,
        first_tried_at=None,
    )
    return not untried.exists()


def _asleep_until(campaign: Campaign) -> dt.datetime | None:
    """When the first of its lanes wakes; None: one of them is awake."""
    lanes = campaign.releases.filter(status=Release.Status.SENDING)
    until = list(lanes.values_list("sleeps_until", flat=True))
    known = [moment for moment in until if moment]
    return min(known) if until and len(known) == len(until) else None


def stood_still(campaign: Campaign, since: dt.datetime) -> None:
    """The hours of a campaign that was paused since then; a night in it counts only once."""
    now = quiet.clock()
    for trial in Trial.objects.filter(campaign=campaign, chosen="", ends_at__isnull=False):
        paused = now - max(since, trial.slept_until or since)
        if paused > dt.timedelta():
            Trial.objects.filter(pk=trial.pk).update(ends_at=F("ends_at") + paused)


# --- what came of it


@dataclass(frozen=True)
class Comparison:
    """What readers did who got either subject, and whether it is more than chance."""

    first: Tally
    second: Tally
    measure: str
    """`answered`, or `left` of a campaign that asks nothing."""
    difference: Difference

    @property
    def better(self) -> str:
        """The subject with more answers, or that fewer left; the first where nobody can tell."""
        if not self.difference.is_distinguishable:
            return Subject.FIRST
        more_is_better = self.measure == "answered"
        return Subject.SECOND if (self.difference.seen > 0) == more_is_better else Subject.FIRST


def compare(campaign: Campaign) -> Comparison:
    """The two samples. Of the rest nothing counts, for nobody drew it."""
    found = tallies.by_subject(campaign, campaign.releases.all())
    first, second = (found.get(drawn, Tally()) for drawn in DRAWN)
    measure = "answered" if campaign.is_answered else "left"

    def share(tally: Tally) -> tuple[int, int]:
        # Who answers from a forwarded mail, or after a late bounce, is one of those who have it.
        return min(getattr(tally, measure), tally.accepted), tally.accepted

    return Comparison(first, second, measure, proportions.difference(share(first), share(second)))
