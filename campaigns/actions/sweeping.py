"""What the scheduler does besides starting: take back, try again, close, check."""

import logging

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns.actions import freezing, ledger
from campaigns.models import Campaign, Delivery, Letter, Release

log = logging.getLogger(__name__)

# An owner is dead when its database session is gone, or when its lease ran out.
TAKE_BACK = """
WITH dead AS (
    SELECT b.id, b.campaign_id, b.release_id, b.first_id, b.last_id, b.ids FROM campaigns_batch b
    WHERE b.done_at IS NULL AND b.lease_until IS NOT NULL
      AND (b.lease_until < clock_timestamp() OR NOT EXISTS (
            SELECT FROM pg_stat_activity a
            WHERE a.pid = b.session_pid AND a.backend_start = b.session_started_at))
    ORDER BY b.id FOR UPDATE OF b SKIP LOCKED),
undecided AS (
    UPDATE campaigns_delivery d SET state = 8, settled_at = clock_timestamp(),
        reply = 'The worker stopped while this mail was on the line.'
    FROM dead
    WHERE d.campaign_id = dead.campaign_id AND d.state = 2
      AND d.id BETWEEN dead.first_id AND dead.last_id
      AND (dead.ids IS NULL OR d.id = ANY(dead.ids))
      AND d.release_id IS NOT DISTINCT FROM dead.release_id
    RETURNING d.id, d.generation),
noted AS (
    INSERT INTO campaigns_attempt (delivery_id, generation, phase, text, outcome)
    SELECT id, generation, 'line', 'The worker stopped while this mail was on the line.', 'unknown'
    FROM undecided ON CONFLICT DO NOTHING)
UPDATE campaigns_batch b SET owner = NULL, lease_until = NULL, session_pid = NULL
FROM dead WHERE b.id = dead.id
RETURNING b.id
"""

# A batch can only be given back once; a worker that still holds it finds its lease gone.
REQUEUE = """
WITH due AS (
    DELETE FROM campaigns_deferral f USING (
        SELECT delivery_id FROM campaigns_deferral WHERE not_before <= clock_timestamp()
        ORDER BY delivery_id LIMIT 5000 FOR UPDATE SKIP LOCKED) chosen
    WHERE f.delivery_id = chosen.delivery_id RETURNING f.delivery_id, f.campaign_id),
expired AS (
    UPDATE campaigns_delivery d SET state = 7, settled_at = clock_timestamp()
    FROM due, campaigns_campaign c
    WHERE d.id = due.delivery_id AND d.state = 1 AND c.id = d.campaign_id AND c.status = 'sending'
      AND d.first_tried_at < clock_timestamp() - %(expiry)s * interval '1 second'
    RETURNING d.id)
INSERT INTO campaigns_batch (campaign_id, release_id, first_id, last_id, ids, generation)
SELECT d.campaign_id, d.release_id, min(d.id), max(d.id), array_agg(d.id ORDER BY d.id), 0
FROM due JOIN campaigns_delivery d ON d.id = due.delivery_id
WHERE d.state = 1 AND NOT EXISTS (SELECT FROM expired WHERE expired.id = d.id)
GROUP BY d.campaign_id, d.release_id
"""

CLOSE_BATCHES = """
UPDATE campaigns_batch b SET done_at = clock_timestamp()
WHERE b.done_at IS NULL AND b.lease_until IS NULL AND NOT EXISTS (
    SELECT FROM campaigns_delivery d
    WHERE d.campaign_id = b.campaign_id AND d.state IN (1, 2)
      AND d.id BETWEEN b.first_id AND b.last_id AND (b.ids IS NULL OR d.id = ANY(b.ids))
      AND d.release_id IS NOT DISTINCT FROM b.release_id
      AND NOT EXISTS (SELECT FROM campaigns_deferral f WHERE f.delivery_id = d.id))
"""

CLOSE_LANES = """
UPDATE campaigns_release r SET status = 'done'
WHERE r.status = 'sending' AND NOT EXISTS (
    SELECT FROM campaigns_delivery d
    WHERE d.campaign_id = r.campaign_id AND d.release_id = r.id AND d.state IN (1, 2))
"""


def take_back() -> int:
    """Give back the batches of dead workers; what they had on the line is undecided.

    Returns how many batches that were.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK)
        taken_back: int = cursor.rowcount
    return taken_back


def sweep() -> int:
    """Everything `tick` does, and the check of every ledger. Returns batches taken back."""
    taken_back = take_back()
    tidy()
    for campaign in Campaign.objects.under_way().exclude(kind=Campaign.Kind.LETTER):
        if not ledger.read(campaign).balances:
            log.error("The ledger of campaign %s does not balance.", campaign.ref)
    return taken_back


def tidy() -> None:
    """Queue what may be tried again, open lanes left half-frozen, close what is finished."""
    with connection.cursor() as cursor:
        cursor.execute(REQUEUE, {"expiry": settings.SENDING_EXPIRY})
        cursor.execute(CLOSE_BATCHES)
        cursor.execute(CLOSE_LANES)
    Letter.objects.filter(delivery__state=Delivery.State.EXPIRED).delete()
    finish()


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
            open_rows = Delivery.objects.filter(
                campaign=campaign, state__in=(Delivery.State.PENDING, Delivery.State.ARMED)
            )
            if open_rows.exists() or not ledger.read(campaign).balances:
                continue
            if Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.SENDING).update(
                status=Campaign.Status.FINISHED, finished_at=timezone.now(), trouble=""
            ):
                finished.append(campaign)
    return finished


def due_work() -> list[Campaign]:
    """Campaigns with a batch that may be worked on now; letters first."""
    from_batches = (
        Campaign.objects.filter(
            status=Campaign.Status.SENDING,
            batches__done_at=None,
            batches__lease_until=None,
            batches__not_before__lte=timezone.now(),
        )
        .distinct()
        .order_by("pk")
    )
    return sorted(from_batches, key=lambda campaign: campaign.kind != Campaign.Kind.LETTER)


def tick() -> list[Campaign]:
    """Once a second: start what is due, tidy up, and say which campaigns want workers."""
    take_back()
    freezing.start_due()
    tidy()
    return due_work()
