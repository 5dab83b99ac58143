"""Leases: which process works on which deliveries, and who has stopped working.

The lease lives in the batch, a row for some hundred deliveries. Its owner is dead when its
database session is gone, or when the lease ran out by the database's clock. A dead owner's batch
is never taken over directly: the sweep first declares what was on the line undecided.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from campaigns.actions import statements
from campaigns.mail.readers import WAITING, Reader
from campaigns.models import Campaign

_CLAIM = """
UPDATE campaigns_batch SET owner = %(owner)s, session_pid = pg_backend_pid(),
    session_started_at = (SELECT backend_start FROM pg_stat_get_activity(pg_backend_pid())),
    generation = generation + 1, lease_until = clock_timestamp() + %(lease)s * interval '1 second'
WHERE id = (
    SELECT b.id FROM campaigns_batch b
    JOIN campaigns_campaign c ON c.id = b.campaign_id
    JOIN campaigns_installation i ON i.epoch = c.fence_epoch AND i.fenced_at IS NULL
    LEFT JOIN campaigns_release r ON r.id = b.release_id
    WHERE b.campaign_id = %(campaign)s AND b.done_at IS NULL AND b.lease_until IS NULL
      AND b.not_before <= clock_timestamp() AND c.status = 'sending'
      AND (b.canary OR NOT c.canary) AND NOT b.held
      AND (b.release_id IS NULL OR r.status = 'sending' AND r.sleeps_until IS NULL)
      {lane} LIMIT 1 FOR UPDATE OF b SKIP LOCKED)
RETURNING id, generation, release_id, first_id, last_id, ids
"""
# Whoever stays in a lane, and else begins where nobody works, need not compile all editions.
CLAIM_IN_LANE = _CLAIM.format(lane="AND b.release_id = %(lane)s ORDER BY b.id")
CLAIM = _CLAIM.format(
    lane="""ORDER BY b.release_id IN (
        SELECT release_id FROM campaigns_batch
        WHERE campaign_id = %(campaign)s AND done_at IS NULL AND lease_until IS NOT NULL), b.id"""
)

KEEP = """
UPDATE campaigns_batch SET lease_until = clock_timestamp() + %(lease)s * interval '1 second'
WHERE id = %(batch)s AND owner = %(owner)s AND generation = %(batch_generation)s
  AND done_at IS NULL
"""

# Done, unless something in it still waits or is on the line; what was put off comes back in a
# batch of its own.
FINISH = """
UPDATE campaigns_batch b SET owner = NULL, lease_until = NULL, sent = sent + %(sent)s,
    done_at = CASE WHEN EXISTS (
        SELECT FROM campaigns_delivery d
        WHERE d.campaign_id IS NOT DISTINCT FROM b.campaign_id AND d.state IN (1, 2)
          AND d.id BETWEEN b.first_id AND b.last_id
          AND (b.ids IS NULL OR d.id = ANY(b.ids))
          AND d.release_id IS NOT DISTINCT FROM b.release_id
          AND NOT EXISTS (SELECT FROM campaigns_deferral f WHERE f.delivery_id = d.id)
    ) THEN NULL ELSE clock_timestamp() END,
    not_before = clock_timestamp() + %(wait)s * interval '1 second'
WHERE id = %(batch)s AND owner = %(owner)s AND generation = %(batch_generation)s
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """A batch this thread works on, until somebody else's lease proves it dead."""

    campaign: int
    batch: int
    owner: uuid.UUID
    generation: int
    release: int | None
    first: int
    last: int
    ids: list[int] | None

    @property
    def names(self) -> dict[str, Any]:
        """What guards every statement of this lease."""
        return {"batch": self.batch, "owner": self.owner, "batch_generation": self.generation}


def claim(campaign: Campaign, *, lane: int | None = None) -> Lease | None:
    """The next open batch of a campaign under way, leased to this thread; None: nothing due.

    It is of the release `lane` if anything is due there, and else of one where nobody works.
    """
    owner = uuid.uuid4()
    values = {"owner": owner, "campaign": campaign.pk, "lease": settings.SENDING_LEASE}
    found = lane and statements.rows(CLAIM_IN_LANE, {**values, "lane": lane})
    found = found or statements.rows(CLAIM, values)
    if not found:
        return None
    batch, generation, release, first, last, ids = found[0]
    return Lease(campaign.pk, batch, owner, generation, release, first, last, ids)


def waiting(lease: Lease, *, posts: bool = True) -> list[Reader]:
    """What still waits in a batch, with what its mails need to know; without `posts` their
    readers' organisation is empty.
    """
    values = {
        "posts": posts,
        "campaign": lease.campaign,
        "release": lease.release,
        "first": lease.first,
        "last": lease.last,
        "ids": lease.ids,
    }
    return [Reader._make(row) for row in statements.rows(WAITING, values)]


def keep(lease: Lease) -> None:
    """Go on for another term."""
    statements.run(KEEP, {**lease.names, "lease": settings.SENDING_LEASE})


def finish(lease: Lease, *, sent: int, wait: float) -> None:
    """Give the batch back; what is left of it may be worked on after `wait` seconds."""
    statements.run(FINISH, {**lease.names, "sent": sent, "wait": wait})
