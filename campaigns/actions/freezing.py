"""Starting lanes: the audience becomes rows, once, and then never changes.

1. The lane says that it freezes and commits, so that a withdrawal from now on is later than it.
2. One statement judges every candidate; deliveries and exclusions are written in its transaction.
3. The withdrawal barrier is taken alone: it waits for withdrawals that were under way during the
   freeze, stops their deliveries, and only then opens the lane for sending.
A crash between 2 and 3 leaves the lane `freezing` with its ledger whole; step 3 is repeated.
"""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.actions import breaker, clicks, digests, faults, overtaken, quiet, transitions
from campaigns.models import (
    Campaign,
    ContentVersion,
    Delivery,
    Fault,
    Installation,
    Release,
    Trial,
)
from campaigns.models.faults import unseen_reminders
from campaigns.models.judgement import judge
from crm.actions import audit
from crm.models import ContactPoint, Participation
from crm.rules.locks import WITHDRAWAL_BARRIER

S = Campaign.Status

# A batch is worked on by one line. However few the readers are, every line shall find one.
BATCHES = 100
LEAST = 25  # deliveries in a batch, below which leasing it costs more than it brings

# The deliveries, lane by lane so that a batch's stand side by side, and the batches over them.
WRITE_DELIVERIES = """
WITH written AS (
    INSERT INTO campaigns_delivery (campaign_id, release_id, address_id, person_id,
        contact_point_id, occasion, language, variant, state, generation, deferred_n, reply,
        subject)
    SELECT %(campaign)s, v.release_id, v.address_id, v.person_id, d.contact_point_id,
        '', v.language, v.variant, 1, 0, 0, '', {subject}
    FROM verdicts v
    LEFT JOIN unnest(%(frozen)s::bigint[], %(desks)s::bigint[]) AS d (release_id, contact_point_id)
           ON d.release_id = v.release_id{drawn}
    WHERE v.reason IS NULL AND v.release_id = ANY(%(frozen)s)
    ORDER BY v.release_id, {subject} = 0, v.address_id
    RETURNING id, release_id, {held} AS held),
numbered AS (
    SELECT id, release_id, held,
           (row_number() OVER (PARTITION BY release_id, held ORDER BY id) - 1)
               / least(%(size)s, greatest(%(least)s, count(*) OVER () / %(batches)s)) AS nth
    FROM written)
INSERT INTO campaigns_batch (campaign_id, release_id, first_id, last_id, generation, held)
SELECT %(campaign)s, release_id, min(id), max(id), 0, held
FROM numbered GROUP BY release_id, held, nth ORDER BY min(id)
"""
# Where two subjects are tried, a share of each lane is drawn for either by a keyed hash of each
# person: at random, the same whenever it is asked, and nobody for both. The rest is held.
DRAWN = """
    JOIN (SELECT person_id,
                 row_number() OVER (PARTITION BY release_id ORDER BY sha256(convert_to(
                     %(seed)s || ':' || %(campaign)s || ':' || person_id, 'UTF8'))) AS nth,
                 round(count(*) OVER (PARTITION BY release_id) * %(share)s / 100.0) AS size
          FROM verdicts WHERE reason IS NULL AND release_id = ANY(%(frozen)s)) AS n
      ON n.person_id = v.person_id"""
DRAWN_SUBJECT = "CASE WHEN n.nth <= n.size THEN 1 WHEN n.nth <= 2 * n.size THEN 2 ELSE 0 END"

# Whoever stood in a lane that was frozen before, and was left out there, is counted there: a
# contact who became a follower since stands in another one.
LEAVE_COUNTED = """
DELETE FROM verdicts v WHERE v.reason IS NOT NULL AND EXISTS (
    SELECT FROM campaigns_exclusion e
    WHERE e.campaign_id = %(campaign)s AND e.person_id = v.person_id)
"""

WRITE_EXCLUSIONS = """
INSERT INTO campaigns_exclusion (campaign_id, person_id, release_id, reason)
SELECT %(campaign)s, person_id, release_id, reason FROM verdicts
WHERE reason IS NOT NULL AND release_id = ANY(%(frozen)s)
ORDER BY person_id
"""

# Each lane by itself, so that every region hears of it evenly over the time.
SPREAD = """
UPDATE campaigns_batch b SET not_before = clock_timestamp() + %(hold)s * interval '1 second'
    + %(minutes)s * interval '1 minute' * n.nth / n.total
FROM (
    SELECT id, row_number() OVER (PARTITION BY release_id ORDER BY id) - 1 AS nth,
           count(*) OVER (PARTITION BY release_id) AS total
    FROM campaigns_batch WHERE release_id = ANY(%(lanes)s) AND NOT canary) n
WHERE b.id = n.id
"""

# What was judged, which the ledger's rows are later checked against.
COUNT_LANES = """
UPDATE campaigns_release r
SET expected = coalesce(v.expected, 0), excluded = coalesce(v.excluded, 0),
    frozen_at = clock_timestamp()
FROM unnest(%(frozen)s::bigint[]) AS lane (id)
LEFT JOIN (
    SELECT release_id, count(*) FILTER (WHERE reason IS NULL) AS expected,
           count(*) FILTER (WHERE reason IS NOT NULL) AS excluded
    FROM verdicts GROUP BY release_id) v ON v.release_id = lane.id
WHERE r.id = lane.id
"""


def start_due() -> list[Campaign]:
    """Start every due campaign and every released lane of one under way; safe from anywhere.

    One that cannot be started keeps no other waiting. A reminder waits until its deadline was
    looked at: what it says may be over.
    """
    for campaign in Campaign.objects.due().exclude(unseen_reminders()):
        faults.take(Fault.Step.START, partial(_start_in_time, campaign), campaign)
    waiting = Release.objects.leaving() | Release.objects.filter(status=Release.Status.FREEZING)
    waiting = waiting.filter(campaign__status=S.SENDING)
    under_way = Campaign.objects.filter(pk__in=waiting.values("campaign_id"))
    return [
        campaign
        for campaign in under_way
        if faults.take(Fault.Step.START, partial(freeze_lanes, campaign), campaign)
    ]


def _start_in_time(campaign: Campaign) -> None:
    if not overtaken.hold_back(campaign):
        start(campaign)


def start(campaign: Campaign) -> bool:
    """Scheduled → sending, with the content pinned.

    False: somebody else was first, or every signature was taken back and it waits for one, or for
    the end of the time in which the first one can be taken back.
    """
    with transaction.atomic():
        # Whoever writes its text at this moment holds it, and takes signatures back.
        Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        signed = (
            campaign.releases.leaving()
            .exclude(signed_version=None)
            .order_by("-signed_version__n")
            .values_list("signed_version", flat=True)
            .first()
        )
        if signed is None:
            return False
        changed = Campaign.objects.filter(pk=campaign.pk, status=S.SCHEDULED).update(
            status=S.SENDING,
            started_at=Now(),
            content_version=ContentVersion.objects.get(pk=signed),
            fence_epoch=Installation.objects.get().epoch,
        )
    return changed == 1


def freeze_lanes(campaign: Campaign) -> list[int]:
    """Freeze the released lanes of a campaign under way and open them. Returns their ids.

    Those whose signature can still be taken back wait for that.
    """
    now = timezone.now()
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        campaign.releases.leaving().update(status=Release.Status.FREEZING, freeze_began_at=now)
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        digests.hold(campaign)
        freezing = list(
            campaign.releases.filter(status=Release.Status.FREEZING).select_related("cluster")
        )
        unwritten = [lane for lane in freezing if lane.frozen_at is None]
        if unwritten:
            first = not campaign.releases.exclude(frozen_at=None).exists()
            _write(campaign, unwritten)
            clicks.prepare(campaign)
            if first:
                breaker.set_canary(campaign)
            _spread(campaign, unwritten)
    ids = [lane.pk for lane in freezing]
    if ids:
        _open(campaign, ids)
    return ids


def _write(campaign: Campaign, lanes: list[Release]) -> None:
    desks = {lane.pk: resolve_desk(campaign, lane) for lane in lanes}
    for lane in lanes:
        Release.objects.filter(pk=lane.pk).update(contact_point=desks[lane.pk])
    judgement = judge(campaign)
    frozen: dict[str, Any] = {
        "campaign": campaign.pk,
        "frozen": [lane.pk for lane in lanes],
        "desks": [desk.pk if desk else None for desk in desks.values()],
        "size": settings.SENDING_BATCH,
        "least": 1 if campaign.spread_minutes else LEAST,
        "batches": BATCHES,
    }
    with connection.cursor() as cursor:
        # After the semijoin the planner expects one row; nested loops then cost 0.8 s per 100k.
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            "CREATE TEMP TABLE verdicts ON COMMIT DROP AS "
            + judgement.sql
            + " SELECT * FROM verdicts",
            judgement.params,
        )
        if campaign.is_digest:
            digests.portion(campaign, cursor)
        written = _writing(campaign, frozen)
        for statement in (LEAVE_COUNTED, written, WRITE_EXCLUSIONS, COUNT_LANES):
            cursor.execute(statement, frozen)
        if campaign.is_digest:
            digests.keep(campaign, cursor)
        cursor.execute("DROP TABLE verdicts")
    for lane in lanes:
        lane.refresh_from_db()
        audit.record(by=None, verb="frozen", row=lane, cluster=lane.cluster, count=lane.expected)


def _writing(campaign: Campaign, values: dict[str, Any]) -> str:
    """The statement that writes the deliveries, each with the subject that it has."""
    trial = Trial.objects.filter(campaign=campaign).first()
    if trial is None or trial.chosen:
        subject = trial.for_the_rest if trial else Delivery.Subject.ONLY
        return WRITE_DELIVERIES.format(subject=subject.value, held="false", drawn="")
    values |= {"seed": trial.seed, "share": trial.share}
    return WRITE_DELIVERIES.format(subject=DRAWN_SUBJECT, held="subject = 0", drawn=DRAWN)


def _spread(campaign: Campaign, lanes: list[Release]) -> None:
    """Let each lane's batches leave evenly over the hours that were wished.

    A canary goes ahead, so that what is wrong is seen early; the hours begin with the look at it.
    """
    if not campaign.spread_minutes:
        return
    held = Campaign.objects.filter(pk=campaign.pk, canary=True).exists()
    values: dict[str, Any] = {
        "lanes": [lane.pk for lane in lanes],
        "minutes": campaign.spread_minutes,
        "hold": settings.CANARY_HOLD if held else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, values)


def _open(campaign: Campaign, lanes: list[int]) -> None:
    quiet.tend(Release.objects.filter(pk__in=lanes))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WITHDRAWAL_BARRIER])
        transitions.stop_withdrawn(campaign, lanes)
        Release.objects.filter(pk__in=lanes, status=Release.Status.FREEZING).update(
            status=Release.Status.SENDING
        )


def resolve_desk(campaign: Campaign, lane: Release) -> ContactPoint | None:
    """The lane's contact point today: the mission's own, else the cluster's general one.

    Of a press release the one for the media before both. The alliance's own lane gets the
    coordinating cluster's.
    """
    today = timezone.localdate()
    cluster_id = lane.cluster_id
    if cluster_id is None:
        coordinating = Participation.objects.valid_on(today).filter(
            alliance=campaign.alliance_id, role=Participation.Role.COORDINATOR
        )
        first = coordinating.first()
        if first is None:
            return None
        cluster_id = first.cluster_id
    desks = ContactPoint.objects.filter(cluster_id=cluster_id)
    by_cluster = desks.desks_on(today, campaign.mission_id, media=campaign.is_for_press)
    return by_cluster.get(cluster_id)
