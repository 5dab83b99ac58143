"""The steps of a delivery from one state to the next that workers and the sweep make.

`arm` is committed before any body byte leaves; every arm is a new generation, and an answer to an
older one changes nothing. A row on the line goes back to waiting only on a definite answer.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.actions import feedback, paces, statements
from campaigns.actions.leases import Lease
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Attempt, Campaign, Deferral, Delivery, Exclusion, Letter
from campaigns.models.deliveries import ARCHIVED, ARCHIVED_OR_PAUSED, WITHDRAWN
from campaigns.rules.pacing import backoff

CANCELLED_AT_ONCE = 20  # batches
UNSENT = "line"  # the phase of a mail of which the server was told nothing

# Rows are found by their numbers here. Their campaign is compared with IS NOT DISTINCT FROM, which
# no index answers: with "=" PostgreSQL, which knows little of a ledger just written, reads the
# index of the whole campaign for every window of it.

# The answers of the last mails and the arming of the next share one statement and one commit. What
# failed of an attempt that was accepted came back before we wrote that down: its bounce is shown.
# Only deliveries of my own live lease, of a campaign that may send and a lane that does not sleep,
# whose reader has neither left nor asked for silence, and was not archived.
ACCEPT = """
UPDATE campaigns_delivery d SET state = 3, settled_at = clock_timestamp(),
    reply = CASE WHEN d.state = 4 THEN d.reply ELSE a.reply END
FROM unnest(%(answered)s::bigint[], %(generations)s::int[], %(replies)s::text[])
    AS a (id, generation, reply)
WHERE d.id = a.id AND d.generation = a.generation AND d.state IN (2, 4, 8)
"""
EXCHANGE = f"""
WITH accepted AS ({ACCEPT}),
c AS MATERIALIZED (
    SELECT c.id, c.kind, c.alliance_id, c.topic_id
    FROM campaigns_batch b JOIN campaigns_campaign c ON c.id = b.campaign_id
    JOIN campaigns_installation i ON i.epoch = c.fence_epoch AND i.fenced_at IS NULL
    LEFT JOIN campaigns_release r ON r.id = b.release_id
    WHERE b.id = %(batch)s AND b.owner = %(owner)s AND b.generation = %(batch_generation)s
      AND b.done_at IS NULL AND b.lease_until > clock_timestamp() AND c.status = 'sending'
      AND r.sleeps_until IS NULL)
UPDATE campaigns_delivery d SET state = 2, generation = d.generation + 1,
    armed_at = clock_timestamp(), first_tried_at = coalesce(d.first_tried_at, clock_timestamp())
FROM c
WHERE d.id = ANY(%(ids)s::bigint[]) AND d.state = 1 AND d.campaign_id IS NOT DISTINCT FROM c.id
  AND (c.kind = 'letter' OR NOT ({WITHDRAWN} OR {ARCHIVED_OR_PAUSED}))
RETURNING d.id, d.generation
"""

# A late answer to the present attempt still counts: it was only slow in coming. Where a bounce was
# quicker, only that the mail was accepted says more.
SETTLE = """
UPDATE campaigns_delivery d SET settled_at = clock_timestamp(),
    reply = CASE WHEN d.state = 4 THEN d.reply ELSE a.reply END,
    deferred_n = d.deferred_n + a.deferred,
    state = CASE WHEN a.state = 1 AND c.status = 'cancelled' THEN 6 ELSE a.state END
FROM unnest(%(ids)s::bigint[], %(generations)s::int[], %(states)s::int[], %(replies)s::text[],
            %(deferred)s::int[]) AS a (id, generation, state, reply, deferred),
    campaigns_campaign c, campaigns_delivery before
WHERE d.id = a.id AND d.generation = a.generation AND c.id = d.campaign_id AND before.id = d.id
  AND (d.state IN (2, 8) OR d.state = 4 AND a.state = 3)
RETURNING d.id, d.state, d.deferred_n, d.campaign_id, d.release_id, before.state
"""

# A mail that was declared undecided turns out not to have left: its lane and campaign may have been
# closed meanwhile.
REOPEN = """
WITH lanes AS (
    UPDATE campaigns_release SET status = 'sending'
    WHERE id = ANY(%(lanes)s) AND status IN ('sending', 'done'))
UPDATE campaigns_campaign SET status = 'sending', finished_at = NULL,
    fence_epoch = (SELECT epoch FROM campaigns_installation)
WHERE id = ANY(%(campaigns)s) AND status = 'finished'
"""

# Waiting deliveries of a lane, or letters, that stand in no open batch: somebody else finished the
# batch while nobody knew yet that they had not left.
QUEUE_WAITING = """
INSERT INTO campaigns_batch (campaign_id, release_id, first_id, last_id, ids, generation)
SELECT campaign_id, release_id, min(id), max(id), array_agg(id ORDER BY id), 0
FROM (
    SELECT d.id, d.campaign_id, d.release_id,
           (row_number() OVER (ORDER BY d.id) - 1) / %(size)s AS nth
    FROM campaigns_delivery d
    WHERE d.state = 1 AND d.campaign_id = %(campaign)s
      AND d.release_id IS NOT DISTINCT FROM %(release)s
      AND (%(letters)s::bigint[] IS NULL OR d.id = ANY(%(letters)s))
      AND NOT EXISTS (SELECT FROM campaigns_deferral f WHERE f.delivery_id = d.id)
      AND NOT EXISTS (
        SELECT FROM campaigns_batch b
        WHERE b.campaign_id = d.campaign_id AND b.done_at IS NULL
          AND b.release_id IS NOT DISTINCT FROM d.release_id
          AND d.id BETWEEN b.first_id AND b.last_id AND (b.ids IS NULL OR d.id = ANY(b.ids)))) alone
GROUP BY campaign_id, release_id, nth
"""

# Who left while their mail was on the line, or put off, waits for nothing any more; nor does who
# asked for silence, or somebody whose record was archived since.
STOP = f"""
UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp(),
    stopped_for = CASE WHEN {WITHDRAWN} THEN NULL
                       WHEN {ARCHIVED} THEN {Exclusion.Reason.ARCHIVED.value}
                       ELSE {Exclusion.Reason.PAUSED.value} END
FROM campaigns_campaign c
WHERE d.id = ANY(%(ids)s::bigint[]) AND d.state = 1 AND c.id = d.campaign_id
  AND c.kind <> 'letter' AND ({WITHDRAWN} OR {ARCHIVED_OR_PAUSED})
"""

# Withdrawals that were under way while a lane was frozen. Few addresses are suppressed at all, and
# few leave a topic, so those are looked up first, and the long question is asked for them alone.
STOP_IN_LANES = f"""
WITH suppressed AS MATERIALIZED (
    SELECT id FROM campaigns_delivery
    WHERE campaign_id = %(campaign)s AND release_id = ANY(%(releases)s) AND state = 1
      AND (address_id IN (SELECT address_id FROM crm_suppression WHERE lifted_at IS NULL)
        OR person_id IN (
            SELECT person_id FROM crm_subscription WHERE state = 'left' AND topic_id = %(topic)s
            UNION ALL
            SELECT p.id FROM crm_person p JOIN crm_subscription w ON w.person_id = p.merged_into_id
            WHERE w.state = 'left' AND w.topic_id = %(topic)s)))
UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()
FROM suppressed, campaigns_campaign c
WHERE d.id = suppressed.id AND d.state = 1 AND c.id = d.campaign_id AND {WITHDRAWN}
"""

POSTPONE = """
INSERT INTO campaigns_deferral (delivery_id, campaign_id, not_before, reason)
SELECT d.id, d.campaign_id, clock_timestamp() + w.wait * interval '1 second', %(why)s
FROM unnest(%(ids)s::bigint[], %(waits)s::float8[]) AS w (id, wait)
JOIN campaigns_delivery d ON d.id = w.id AND d.state = 1
ON CONFLICT DO NOTHING
"""

DEAD = """
SELECT b.id FROM campaigns_batch b
WHERE b.done_at IS NULL AND b.lease_until IS NOT NULL
  AND (b.lease_until < clock_timestamp() OR NOT EXISTS (
        SELECT FROM pg_stat_get_activity(b.session_pid) a
        WHERE a.backend_start = b.session_started_at))
ORDER BY b.id FOR UPDATE OF b SKIP LOCKED
"""
# A statement of its own: it sees what a session committed last before it was found dead.
TAKE_BACK = """
WITH dead AS (
    SELECT b.id, b.campaign_id, b.release_id, b.first_id, b.last_id, b.ids FROM campaigns_batch b
    WHERE b.id = ANY(%(batches)s)),
undecided AS (
    UPDATE campaigns_delivery d SET state = 8, settled_at = clock_timestamp(),
        reply = 'The worker stopped while this mail was on the line.'
    FROM dead
    WHERE d.campaign_id IS NOT DISTINCT FROM dead.campaign_id AND d.state = 2
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
"""

# A batch can only be given back once; a worker that still holds it finds its lease gone.
REQUEUE = """
WITH due AS (
    DELETE FROM campaigns_deferral f USING (
        SELECT delivery_id FROM campaigns_deferral WHERE not_before <= clock_timestamp()
        ORDER BY not_before LIMIT 5000 FOR UPDATE SKIP LOCKED) chosen
    WHERE f.delivery_id = chosen.delivery_id RETURNING f.delivery_id, f.campaign_id),
expired AS (
    UPDATE campaigns_delivery d SET state = 7, settled_at = clock_timestamp()
    FROM due, campaigns_campaign c
    WHERE d.id = due.delivery_id AND d.state = 1 AND c.id = d.campaign_id AND c.status = 'sending'
      AND d.first_tried_at < clock_timestamp() - %(expiry)s * interval '1 second'
    RETURNING d.id)
INSERT INTO campaigns_batch (campaign_id, release_id, first_id, last_id, ids, generation)
SELECT campaign_id, release_id, min(id), max(id), array_agg(id ORDER BY id), 0
FROM (
    SELECT d.id, d.campaign_id, d.release_id,
           (row_number() OVER (PARTITION BY d.campaign_id, d.release_id ORDER BY d.id) - 1)
               / %(size)s AS nth
    FROM due JOIN campaigns_delivery d ON d.id = due.delivery_id
    WHERE d.state = 1 AND NOT EXISTS (SELECT FROM expired WHERE expired.id = d.id)) again
GROUP BY campaign_id, release_id, nth
"""

CANCEL = """
WITH waiting AS (
    SELECT d.id FROM campaigns_batch b JOIN campaigns_delivery d
        ON d.id BETWEEN b.first_id AND b.last_id
        AND d.campaign_id IS NOT DISTINCT FROM b.campaign_id
    WHERE b.id = ANY(%(batches)s) AND d.state = 1
    ORDER BY d.id FOR UPDATE OF d)
UPDATE campaigns_delivery d SET state = 6, settled_at = clock_timestamp()
FROM waiting WHERE d.id = waiting.id
"""

STATES = {
    End.ACCEPTED: Delivery.State.ACCEPTED,
    End.FAILED: Delivery.State.FAILED,
    End.DEFERRED: Delivery.State.PENDING,
    End.UNKNOWN: Delivery.State.UNKNOWN,
}


class Answer(NamedTuple):
    """How the attempt of one generation ended."""

    delivery: int
    generation: int
    outcome: Outcome

    @property
    def reply(self) -> str:
        return f"{self.outcome.code or ''} {self.outcome.text}".strip()[:160]


class Exchange:
    """What was accepted is settled and the next deliveries are armed, in one commit.

    The database works on it from now on, and `armed` waits for the end of that.
    """

    def __init__(self, lease: Lease, answers: Sequence[Answer], ids: list[int]) -> None:
        self._ids = ids
        self._flight = statements.begin(
            EXCHANGE,
            {**lease.names, **_arrays(answers), "ids": statements.numbers(ids), "today": _today()},
        )

    @property
    def under_way(self) -> bool:
        return self._flight.under_way

    def armed(self) -> dict[int, int]:
        """The generation of each that was armed, once that is committed.

        What is missing may not leave (any more): the lease is gone, the campaign stands still, the
        lane sleeps, or the reader has left, asked for silence or was archived.
        """
        armed = {int(pk or 0): int(generation or 0) for pk, generation in self._flight.rows()}
        if len(armed) < len(self._ids):
            left = [pk for pk in self._ids if pk not in armed]
            statements.run(STOP, {"ids": left, "today": _today()})
        return armed


def exchange(lease: Lease, answers: Sequence[Answer], ids: list[int]) -> dict[int, int]:
    """The same, waited for: the generation of each that was armed."""
    return Exchange(lease, answers, ids).armed()


def arm(lease: Lease, ids: list[int]) -> dict[int, int]:
    """Put deliveries on the line: their new generations. Commit before any body byte leaves."""
    return exchange(lease, (), ids)


def _today() -> str:
    """The day of the installation's clocks, through which a pause lasts."""
    return timezone.localdate().isoformat()


def _arrays(answers: Sequence[Answer]) -> dict[str, str]:
    return {
        "answered": statements.numbers([answer.delivery for answer in answers]),
        "generations": statements.numbers([answer.generation for answer in answers]),
        "replies": statements.texts([answer.reply for answer in answers]),
    }


def accept(answers: Sequence[Answer]) -> None:
    """Write down that mails were accepted; of letters, `settle` does that."""
    if answers:
        statements.run(ACCEPT, _arrays(answers))


def settle(answers: Iterable[Answer]) -> None:
    """Write down how attempts ended, whatever the end was."""
    by_id = {answer.delivery: answer for answer in answers}
    if not by_id:
        return
    given = list(by_id.values())
    with transaction.atomic():
        settled = statements.rows(
            SETTLE,
            {
                "ids": [answer.delivery for answer in given],
                "generations": [answer.generation for answer in given],
                "states": [STATES[answer.outcome.end].value for answer in given],
                "replies": [answer.reply for answer in given],
                "deferred": [int(_was_put_off(answer.outcome)) for answer in given],
            },
        )
        _note_attempts([by_id[pk] for pk, *_rest in settled])
        _reopen([row for row in settled if row[1] == Delivery.State.PENDING])
        for pk, state, tries, campaign_id, _lane, _before in settled:
            outcome = by_id[pk].outcome
            if state == Delivery.State.PENDING and _was_put_off(outcome):
                _put_off(pk, campaign_id, tries, outcome)
            elif state == Delivery.State.FAILED:
                delivery = Delivery.objects.select_related("address").get(pk=pk)
                feedback.refused(
                    delivery=delivery,
                    reply=outcome.text,
                    phase=outcome.phase,
                    code=outcome.code,
                )
        over = [pk for pk, state, *_rest in settled if state in (3, 4, 6)]
        Letter.objects.filter(delivery__in=over).delete()


def _reopen(settled: Sequence[tuple[int, ...]]) -> None:
    """Deliveries that wait again after they were undecided."""
    late = [row for row in settled if row[5] == Delivery.State.UNKNOWN]
    if late:
        values = {
            "campaigns": [row[3] for row in late],
            "lanes": [row[4] for row in late if row[4]],
        }
        statements.run(REOPEN, values)


def queue_waiting(
    campaign_id: int, release_id: int | None, *, letters: Sequence[int] | None = None
) -> int:
    """Batches for waiting deliveries that stand in none; how many batches that are.

    Of a lane, or of a standing campaign those that belong to `letters`.
    """
    values = {
        "campaign": campaign_id,
        "release": release_id,
        "letters": None if letters is None else list(letters),
        "size": settings.SENDING_BATCH,
    }
    return statements.run(QUEUE_WAITING, values)


def _was_put_off(outcome: Outcome) -> bool:
    return outcome.end == End.DEFERRED and outcome.phase != UNSENT


def _note_attempts(answers: list[Answer]) -> None:
    Attempt.objects.bulk_create(
        [
            Attempt(
                delivery_id=answer.delivery,
                generation=answer.generation,
                relay=answer.outcome.relay[:80],
                phase=answer.outcome.phase,
                code=answer.outcome.code,
                text=answer.outcome.text[:300],
                outcome=answer.outcome.end.value,
            )
            for answer in answers
            if answer.outcome.end in (End.FAILED, End.UNKNOWN) or _was_put_off(answer.outcome)
        ],
        ignore_conflicts=True,
    )


def _put_off(delivery_id: int, campaign_id: int, tries: int, outcome: Outcome) -> None:
    """Try again later, a little later each time; not before the server asked for."""
    seconds = max(backoff(tries, settings.SENDING_RETRY), outcome.wait or 0)
    Deferral.objects.update_or_create(
        delivery_id=delivery_id,
        defaults={
            "campaign_id": campaign_id,
            "not_before": Now() + dt.timedelta(seconds=seconds),
            "reason": outcome.text[:200],
        },
    )
    if paces.asks_to_slow_down(outcome):
        domain = Delivery.objects.values_list("address__domain", flat=True).get(pk=delivery_id)
        paces.slow_down(domain, why=outcome.text)


def postpone(waits: dict[int, float], *, why: str) -> None:
    """Let waiting deliveries wait some seconds longer, each its own; no attempt is made."""
    if waits:
        statements.run(POSTPONE, {"ids": list(waits), "waits": list(waits.values()), "why": why})


def stop_withdrawn(campaign: Campaign, releases: list[int]) -> None:
    """Stop the readers of lanes who left while the lanes were being frozen."""
    with connection.cursor() as cursor:
        cursor.execute(
            STOP_IN_LANES,
            {"campaign": campaign.pk, "releases": releases, "topic": campaign.topic_id},
        )


def cancel_waiting(campaign: Campaign) -> int:
    """What has not left never leaves. Returns how many that are.

    Some batches at a time, each in its own transaction, so that nobody waits for a lock; safe to
    run again after it was cut short. A batch somebody works on is closed by its owner, or by
    `take_back`: what is on the line is still settled.
    """
    cancelled = 0
    batches = list(campaign.batches.filter(ids=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(batches), CANCELLED_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(CANCEL, {"batches": batches[start : start + CANCELLED_AT_ONCE]})
            cancelled += cursor.rowcount
    campaign.deferrals.all().delete()
    campaign.batches.filter(done_at=None, lease_until=None).update(done_at=timezone.now())
    return cancelled


def take_back() -> int:
    """Give back the batches of dead owners; what they had on the line is undecided.

    Returns how many batches that were.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DEAD)
        dead = [pk for (pk,) in cursor.fetchall()]
        if dead:
            cursor.execute(TAKE_BACK, {"batches": dead})
    return len(dead)


def requeue() -> None:
    """Batches for what may be tried again; what was tried for too long expires."""
    with connection.cursor() as cursor:
        cursor.execute(REQUEUE, {"expiry": settings.SENDING_EXPIRY, "size": settings.SENDING_BATCH})
    Letter.objects.filter(delivery__state=Delivery.State.EXPIRED).delete()
