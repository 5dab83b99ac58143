"""Claim, arm, send, settle: the ledger row is the truth, a broker message only a wake-up call.

`arm` is committed before any body byte leaves, so a killed worker leaves at most the one delivery
it had on the line undecided, and nobody is written to twice. No transaction is open while the
network is waited for.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from campaigns.actions import feedback
from campaigns.mail.compose import CannotCompose, Composer
from campaigns.mail.transports.contract import End, Envelope, Outcome, Unreachable
from campaigns.mail.transports.smtp import Transport
from campaigns.models import Attempt, Batch, Campaign, Delivery, Letter
from campaigns.models.deliveries import WITHDRAWN
from campaigns.rules.pacing import backoff
from crm.models import Position

UNREACHABLE_PAUSE = 5  # seconds before a server that does not answer is tried again
SLOTS = 7_305  # the class of advisory locks that limit how many processes send
IDLE_PAUSE = 1  # seconds before a batch of which nothing may leave is looked at again

# A lease that ran out is never taken over here: only the sweep gives such a batch back, after it
# has declared what its owner left on the line undecided.
CLAIM = """
UPDATE campaigns_batch SET owner = %(owner)s, session_pid = pg_backend_pid(),
    session_started_at = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()),
    generation = generation + 1, lease_until = clock_timestamp() + %(lease)s * interval '1 second'
WHERE id = (
    SELECT b.id FROM campaigns_batch b
    JOIN campaigns_campaign c ON c.id = b.campaign_id
    JOIN campaigns_installation i ON i.epoch = c.fence_epoch
    LEFT JOIN campaigns_release r ON r.id = b.release_id
    WHERE b.campaign_id = %(campaign)s AND b.done_at IS NULL AND b.lease_until IS NULL
      AND b.not_before <= clock_timestamp() AND c.status = 'sending'
      AND (b.release_id IS NULL OR r.status = 'sending')
    ORDER BY b.id LIMIT 1 FOR UPDATE OF b SKIP LOCKED)
RETURNING id, generation
"""

# Only a delivery of my own live lease, of a campaign that may send, whose reader has not left.
ARM = f"""
UPDATE campaigns_delivery d SET state = 2, generation = d.generation + 1,
    armed_at = clock_timestamp(), first_tried_at = coalesce(d.first_tried_at, clock_timestamp())
FROM campaigns_batch b, campaigns_campaign c, campaigns_installation i
WHERE d.id = %(delivery)s AND d.state = 1
  AND b.id = %(batch)s AND b.owner = %(owner)s AND b.generation = %(generation)s
  AND b.done_at IS NULL AND b.lease_until > clock_timestamp()
  AND c.id = d.campaign_id AND c.status = 'sending' AND c.fence_epoch = i.epoch
  AND (c.kind = 'letter' OR NOT {WITHDRAWN})
RETURNING d.generation
"""

# Who left while their mail was on the line, and had it put off, waits for nothing any more.
STOP = f"""
UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()
FROM campaigns_campaign c
WHERE d.id = %(delivery)s AND d.state = 1 AND c.id = d.campaign_id AND c.kind <> 'letter'
  AND {WITHDRAWN}
"""

# A late settle of the same generation still counts: the answer was only slow in coming.
SETTLE = """
UPDATE campaigns_delivery d SET reply = %(reply)s, settled_at = clock_timestamp(),
    deferred_n = deferred_n + %(deferred)s,
    state = CASE WHEN %(state)s = 1 AND c.status = 'cancelled' THEN 6 ELSE %(state)s END
FROM campaigns_campaign c
WHERE d.id = %(delivery)s AND d.generation = %(generation)s AND d.state IN (2, 8)
  AND c.id = d.campaign_id
RETURNING d.deferred_n
"""

KEEP_LEASE = """
UPDATE campaigns_batch SET lease_until = clock_timestamp() + %(lease)s * interval '1 second'
WHERE id = %(batch)s AND owner = %(owner)s AND generation = %(generation)s AND done_at IS NULL
"""

NEXT_SLOT = """
UPDATE campaigns_campaign
SET next_slot_at = greatest(next_slot_at, clock_timestamp()) + interval '1 second' / pace
WHERE id = %(campaign)s AND pace IS NOT NULL
RETURNING extract(epoch FROM next_slot_at - clock_timestamp())
"""

FINISH_BATCH = """
UPDATE campaigns_batch b SET owner = NULL, lease_until = NULL,
    done_at = CASE WHEN EXISTS (
        SELECT FROM campaigns_delivery d
        WHERE d.campaign_id = b.campaign_id AND d.state IN (1, 2)
          AND d.id BETWEEN b.first_id AND b.last_id
          AND (b.ids IS NULL OR d.id = ANY(b.ids))
          AND d.release_id IS NOT DISTINCT FROM b.release_id
          AND NOT EXISTS (SELECT FROM campaigns_deferral f WHERE f.delivery_id = d.id)
    ) THEN NULL ELSE clock_timestamp() END,
    not_before = clock_timestamp() + %(wait)s * interval '1 second'
WHERE id = %(batch)s AND owner = %(owner)s AND generation = %(generation)s
"""

STATES = {
    End.ACCEPTED: Delivery.State.ACCEPTED,
    End.FAILED: Delivery.State.FAILED,
    End.DEFERRED: Delivery.State.PENDING,
    End.UNKNOWN: Delivery.State.UNKNOWN,
}


@dataclass(frozen=True)
class Lease:
    """A batch this process works on, until somebody else's lease proves it dead."""

    batch: Batch
    owner: uuid.UUID
    generation: int

    @property
    def names(self) -> dict[str, Any]:
        return {"batch": self.batch.pk, "owner": self.owner, "generation": self.generation}


@dataclass
class Tally:
    """What one run did; `trouble` says why it could not go on."""

    ends: dict[End, int] = field(default_factory=dict)
    trouble: str = ""

    def count(self, end: End) -> None:
        self.ends[end] = self.ends.get(end, 0) + 1

    @property
    def sent(self) -> int:
        return sum(self.ends.values())


def never() -> bool:
    return False


@contextmanager
def slot() -> Iterator[bool]:
    """One of the few places for processes that send mailings; False: all are taken.

    A lock of the database session, so a killed process leaves its place at once.
    """
    with connection.cursor() as cursor:
        for place in range(settings.SENDING_WORKERS):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SLOTS, place])
            if cursor.fetchone() == (True,):
                try:
                    yield True
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SLOTS, place])
                return
    yield False


def work(
    campaign: Campaign, *, seconds: float | None = None, stop: Callable[[], bool] = never
) -> Tally:
    """Send a campaign's due deliveries until none is left, the time is over or `stop` says so.

    Safe to run any number of times at once: each run leases batches of its own.
    """
    run = Run(campaign, seconds if seconds is not None else settings.SENDING_RUN, stop)
    with run.transport:
        while not run.over and (lease := claim(campaign)):
            run.batch(lease)
    return run.tally


def claim(campaign: Campaign) -> Lease | None:
    """The next open batch of a campaign under way, leased to this process; None: nothing due."""
    owner = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {"owner": owner, "campaign": campaign.pk, "lease": settings.SENDING_LEASE},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Lease(Batch.objects.get(pk=row[0]), owner, row[1])


class Run:
    """One stretch of sending: a connection, the time it may take, and what it did."""

    def __init__(self, campaign: Campaign, seconds: float, stop: Callable[[], bool]) -> None:
        self.campaign = campaign
        self.ends_at = time.monotonic() + seconds
        self.stop = stop
        self.transport = Transport()
        self.tally = Tally()
        self._write: Callable[[Delivery], Envelope] | None = None

    @property
    def over(self) -> bool:
        return bool(self.tally.trouble) or self.stop() or time.monotonic() >= self.ends_at

    def batch(self, lease: Lease) -> None:
        """Send a leased batch one by one: settling one and arming the next share a commit."""
        wait, before = 0, self.tally.sent
        try:
            self.transport.connect()
            self._each(lease)
            wait = IDLE_PAUSE if self.tally.sent == before else 0
        except Unreachable as problem:
            self.tally.trouble = str(problem)
            wait = UNREACHABLE_PAUSE
        self._note_trouble()
        with connection.cursor() as cursor:
            cursor.execute(FINISH_BATCH, {**lease.names, "wait": wait})

    def _each(self, lease: Lease) -> None:
        open_end: tuple[Delivery, int, Outcome] | None = None
        for delivery in self._waiting(lease.batch):
            envelope = self._written(delivery)
            self._pace()
            if self.over:
                break
            with transaction.atomic():
                if open_end:
                    settle(*open_end)
                    open_end = None
                generation = arm(lease, delivery)
                if generation and isinstance(envelope, Outcome):
                    settle(delivery, generation, envelope)
            if generation is None or isinstance(envelope, Outcome):
                continue
            outcome = self._attempt(envelope)
            self.tally.count(outcome.end)
            open_end = (delivery, generation, outcome)
        if open_end:
            with transaction.atomic():
                settle(*open_end)

    def _attempt(self, envelope: Envelope) -> Outcome:
        """Send, knowing that the delivery is armed: what cannot be said now is put off."""
        try:
            return self.transport.send(envelope)
        except Unreachable as problem:
            self.tally.trouble = str(problem)
            return Outcome(End.DEFERRED, "connect", None, str(problem))

    def _written(self, delivery: Delivery) -> Envelope | Outcome:
        try:
            return self.write(delivery)
        except CannotCompose as problem:
            return Outcome(End.FAILED, "compose", None, str(problem))

    @property
    def write(self) -> Callable[[Delivery], Envelope]:
        if self._write is None:
            if self.campaign.kind == Campaign.Kind.LETTER:
                self._write = letter
            else:
                self._write = Composer(self.campaign).compose
        return self._write

    def _waiting(self, batch: Batch) -> Iterator[Delivery]:
        rows: QuerySet[Delivery] = Delivery.objects.filter(
            campaign=self.campaign,
            release=batch.release_id,
            state=Delivery.State.PENDING,
            deferral=None,
            pk__range=(batch.first_id, batch.last_id),
        )
        if batch.ids is not None:
            rows = rows.filter(pk__in=batch.ids)
        posts = Position.objects.current().select_related("organisation")
        return iter(
            rows.order_by("pk")
            .select_related("address", "person", "contact_point", "release__cluster__region")
            .prefetch_related(Prefetch("person__positions", posts))
        )

    def _pace(self) -> None:
        """Wait for this campaign's next slot, over all workers; nothing is armed meanwhile."""
        if self.campaign.pace is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(NEXT_SLOT, {"campaign": self.campaign.pk})
            row = cursor.fetchone()
        if row:
            time.sleep(max(0.0, float(row[0])))

    def _note_trouble(self) -> None:
        """Keep the sentence on the campaign for its page; clear it once mail leaves again."""
        text = self.tally.trouble[:300]
        if text or self.tally.sent:
            Campaign.objects.filter(pk=self.campaign.pk).exclude(trouble=text).update(trouble=text)


def arm(lease: Lease, delivery: Delivery) -> int | None:
    """Put a delivery on the line: its new generation, or None where it may not leave (any more).

    The caller's transaction must be committed before the first body byte leaves.
    """
    with connection.cursor() as cursor:
        cursor.execute(KEEP_LEASE, {**lease.names, "lease": settings.SENDING_LEASE})
        cursor.execute(ARM, {**lease.names, "delivery": delivery.pk})
        row = cursor.fetchone()
        if row is None:
            cursor.execute(STOP, {"delivery": delivery.pk})
    return row[0] if row else None


def settle(delivery: Delivery, generation: int, outcome: Outcome) -> None:
    """Write down how an attempt ended; a settle of an older generation changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            SETTLE,
            {
                "delivery": delivery.pk,
                "generation": generation,
                "state": STATES[outcome.end].value,
                "reply": f"{outcome.code or ''} {outcome.text}".strip()[:160],
                "deferred": int(outcome.end == End.DEFERRED),
            },
        )
        row = cursor.fetchone()
    if row is None:
        return
    if outcome.end != End.ACCEPTED:
        Attempt.objects.bulk_create(
            [
                Attempt(
                    delivery=delivery,
                    generation=generation,
                    phase=outcome.phase,
                    code=outcome.code,
                    text=outcome.text[:300],
                    outcome=outcome.end.value,
                )
            ],
            ignore_conflicts=True,
        )
    if outcome.end == End.DEFERRED:
        put_off(delivery, tries=row[0], why=outcome.text)
    elif outcome.end == End.FAILED:
        feedback.refused(delivery=delivery, reply=outcome.text, phase=outcome.phase)
    if outcome.end in (End.ACCEPTED, End.FAILED):
        Letter.objects.filter(delivery=delivery).delete()


def put_off(delivery: Delivery, *, tries: int, why: str) -> None:
    """Try again later, a little later each time."""
    from_now = dt.timedelta(seconds=backoff(tries, settings.SENDING_RETRY))
    delivery.campaign.deferrals.update_or_create(
        delivery=delivery,
        defaults={"not_before": timezone.now() + from_now, "reason": why[:200]},
    )


def letter(delivery: Delivery) -> Envelope:
    """A transactional mail: its bytes were finished when it was asked for."""
    kept = Letter.objects.filter(delivery=delivery).first()
    if kept is None or delivery.address.email is None:
        raise CannotCompose("This letter was already settled.")
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return Envelope(sender, delivery.address.email, bytes(kept.mail))
