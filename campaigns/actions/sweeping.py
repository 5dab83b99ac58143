"""What the scheduler does besides starting: take back, try again, close, check."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.actions import (
    breaker,
    deadlines,
    digests,
    faults,
    fencing,
    freezing,
    handovers,
    hooks,
    ledger,
    noticing,
    overtaken,
    paces,
    quiet,
    releases,
    reminders,
    requeuing,
    transitions,
    trials,
)
from campaigns.actions.faults import take
from campaigns.models import Batch, Campaign, Deferral, Delivery, Fault, Release
from crm.rules.locks import TICKING

log = logging.getLogger(__name__)

Step = Fault.Step


CLOSE_LANE = """
UPDATE campaigns_release r SET status = 'done'
WHERE r.id = %(release)s AND r.status = 'sending' AND NOT EXISTS (
    SELECT FROM campaigns_delivery d
    WHERE d.campaign_id = r.campaign_id AND d.release_id = r.id AND d.state IN (1, 2))
"""


def sweep() -> int:
    """Everything `tick` does, and the check of every ledger. Returns batches taken back."""
    taken_back = transitions.take_back()
    if not fencing.check():
        return taken_back
    tidy()
    paces.speed_up()
    hooks.forget()
    for campaign in Campaign.objects.under_way().exclude(kind=Campaign.Kind.LETTER):
        if not ledger.read(campaign).balances:
            log.error("The ledger of campaign %s does not balance.", campaign.ref)
    return taken_back


def tidy() -> None:
    """Queue what may be tried again, pause what does harm, close what is finished."""
    take(Step.RETRY, _try_again)
    take(Step.CANCEL, _cancel_the_rest)
    take(Step.BREAKER, breaker.look)
    take(Step.CLOSE, _close)


def _try_again() -> None:
    transitions.requeue()
    requeuing.letters_once_more()
    requeuing.letters_in_no_batch()


def _close() -> None:
    close_lanes()
    finish()


def _cancel_the_rest() -> None:
    """Go on with cancellations that were cut short."""
    open_batches = Batch.objects.filter(campaign=OuterRef("pk"), done_at=None, lease_until=None)
    put_off = Deferral.objects.filter(campaign=OuterRef("pk"))
    for campaign in Campaign.objects.filter(status=Campaign.Status.CANCELLED).filter(
        Exists(open_batches) | Exists(put_off)
    ):
        transitions.cancel_waiting(campaign)


def close_lanes() -> None:
    """Lanes of which nothing waits or is on the line are done.

    Their batches are asked first: there are few, and while one is open the many deliveries need
    not be looked at. What still waits without a batch gets one.
    """
    open_batches = Batch.objects.filter(done_at=None, release=OuterRef("pk"))
    put_off = Deferral.objects.filter(campaign=OuterRef("campaign"))
    for release in Release.objects.filter(status=Release.Status.SENDING).exclude(
        Exists(open_batches) | Exists(put_off)
    ):
        with transaction.atomic(), connection.cursor() as cursor:
            # Locked by a statement of its own, so that the next one sees what reopened the lane.
            Release.objects.select_for_update().get(pk=release.pk)
            if not transitions.queue_waiting(release.campaign_id, release.pk):
                cursor.execute(CLOSE_LANE, {"release": release.pk})


def finish() -> list[Campaign]:
    """Close campaigns of which every lane is done, declined or lapsed, and the ledger balances."""
    open_lanes = Release.objects.filter(
        status__in=(
            Release.Status.WAITING,
            Release.Status.HELD,
            Release.Status.RELEASED,
            Release.Status.FREEZING,
            Release.Status.SENDING,
        )
    )
    finished = []
    candidates = Campaign.objects.filter(status=Campaign.Status.SENDING).exclude(
        kind=Campaign.Kind.LETTER
    )
    for campaign in candidates.exclude(pk__in=open_lanes.values("campaign_id")):
        with transaction.atomic():
            Campaign.objects.select_for_update().get(pk=campaign.pk)
            if open_lanes.filter(campaign=campaign).exists():
                continue  # one that was declined was released after all
            open_rows = Delivery.objects.filter(
                campaign=campaign, state__in=(Delivery.State.PENDING, Delivery.State.ARMED)
            )
            if open_rows.exists() or not ledger.read(campaign).balances:
                continue
            if Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.SENDING).update(
                status=Campaign.Status.FINISHED, finished_at=timezone.now(), trouble=""
            ):
                noticing.note([campaign])
                finished.append(campaign)
    return finished


def due_work() -> list[Campaign]:
    """Campaigns with a batch that may be worked on now.

    Letters first, then those that nobody works on: a large one must not hold up a small one.
    """
    leased = Batch.objects.leased().filter(campaign=OuterRef("pk"))
    from_batches = (
        Campaign.objects.filter(
            status=Campaign.Status.SENDING,
            batches__done_at=None,
            batches__lease_until=None,
            batches__held=False,
            batches__not_before__lte=Now(),
            batches__release__sleeps_until=None,
        )
        .distinct()
        .annotate(under_work=Exists(leased))
        .order_by("under_work", "pk")
    )
    return sorted(from_batches, key=lambda campaign: campaign.kind != Campaign.Kind.LETTER)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other process ticks at this moment: one is enough, however many are asked to.

    If the process that ticks is stopped, the database ends its session, and another one ticks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [TICKING])
        free = cursor.fetchone() == (True,)
        if not free:
            yield False
            return
        standstill = f"{settings.STANDSTILL * 1000:.0f}ms"
        cursor.execute("SELECT set_config('idle_session_timeout', %s, false)", [standstill])
        try:
            yield True
        finally:
            cursor.execute("RESET idle_session_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TICKING])


def tick() -> list[Campaign]:
    """Once a second: start what is due, heed quiet hours, tidy up, say who wants workers.

    Behind the fence nothing starts, expires or is woken. A step that fails stops no other
    (`faults.take`); what must not leave without one that failed waits for it.
    """
    if not fencing.check():
        return []
    this_round = faults.Round()
    take(Step.TAKE_BACK, transitions.take_back)
    take(Step.HAND_OVERS, handovers.carry_out_due)
    take(Step.LANES, releases.complete_open)
    take(Step.DATES, deadlines.tend)
    take(Step.REMINDERS, reminders.tend)
    take(Step.DIGESTS, digests.write_due)
    take(Step.OVERTAKEN, overtaken.stop)
    take(Step.START, freezing.start_due)
    take(Step.SUBJECTS, trials.tend)
    take(Step.QUIET, quiet.tend)
    tidy()
    this_round.close()
    return due_work()
