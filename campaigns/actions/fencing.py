"""The fence: a database that was restored, copied or failed over sends nothing by itself.

The heartbeat in the database only grows, and a witness outside keeps the highest one seen. A
database behind its witness has forgotten something, perhaps whom it wrote to. Then the fence
epoch rises, which stops every campaign and letter, until a person confirms.
"""

import uuid
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.actions import campaigns, digests, witness
from campaigns.actions.witness import Mark
from campaigns.models import Campaign, Deferral, Delivery, Installation, Release
from crm.actions import audit, erasing
from crm.actions.errors import IllegalTransition
from crm.models import User

# A mail sent in the forgotten time carries its delivery's number in its links. No new delivery
# may get that number, or somebody else would be unsubscribed by it.
LEAVE_A_GAP = """
SELECT setval(pg_get_serial_sequence('campaigns_delivery', 'id'),
              nextval(pg_get_serial_sequence('campaigns_delivery', 'id')) + 10000000)
"""

# What waited in this copy may have left after it was made, as its next attempt.
DOUBT = """
WITH doubted AS (
    UPDATE campaigns_delivery d SET state = 8, settled_at = clock_timestamp(), reply = %(why)s,
        generation = d.generation + (d.state = 1)::int
    FROM campaigns_campaign c
    WHERE c.id = d.campaign_id AND c.status IN ('sending', 'paused') AND d.state IN (1, 2)
    RETURNING d.id, d.generation),
forgotten AS (
    DELETE FROM campaigns_deferral f USING doubted WHERE f.delivery_id = doubted.id)
INSERT INTO campaigns_attempt (delivery_id, generation, phase, text, outcome)
SELECT id, generation, 'copy', %(why)s, 'unknown' FROM doubted
ON CONFLICT DO NOTHING
"""

COUNT_DOUBTED = """
SELECT count(*) FROM campaigns_delivery d JOIN campaigns_campaign c ON c.id = d.campaign_id
WHERE c.status IN ('sending', 'paused') AND d.state IN (1, 2)
"""


TROUBLE = "This copy of the database waits for a person's confirmation; nothing leaves."


@dataclass(frozen=True)
class Doubts:
    """What a confirmation takes out of the mailing: it may have happened after the copy."""

    deliveries: int
    scheduled: int
    lanes: int


def check() -> bool:
    """Whether this database may send. One heartbeat; safe from many hosts at once.

    Raises Unwitnessed where this host alone cannot tell. Call it outside any transaction.
    """
    # The witness is read before the database: it never knows more than was committed by then.
    site = Installation.objects.values_list("site", flat=True).get()
    seen = witness.marks(site) if site else []
    with transaction.atomic(durable=True):
        here = Installation.objects.select_for_update().get()
        if here.fenced_at:
            return False
        if here.site != site:
            return True  # another host gave it its id just now, and has the first heartbeat
        if why := _suspicion(here, seen):
            _raise(here, seen, why)
            return False
        here.beat += 1
        if here.site is None:
            here.site = uuid.uuid4()
            # Known before others can read its name, or they would take it for a stranger.
            witness.keep(here.site, _mark(here))
        here.save(update_fields=["site", "beat"])
        with connection.cursor() as cursor:
            # A heartbeat that a crash took back would look like an older copy.
            cursor.execute("SET LOCAL synchronous_commit = on")
    witness.keep(here.site, _mark(here))
    return True


def _suspicion(here: Installation, seen: list[Mark]) -> str:
    """Why this database does not look like the one that ran here last; empty: it does."""
    if here.site is None:
        return ""
    if not seen:
        return (
            "This host and its broker have never seen this database: it was copied or restored, "
            "or both its witnesses were lost."
        )
    latest = max(seen)
    if latest.epoch > here.epoch:
        return "Another copy of this database was confirmed after this one was made."
    behind = max(mark.beat for mark in seen) - here.beat
    if behind > 0:
        return (
            f"This database is {behind} heartbeats behind the one that ran here: an older copy "
            "was restored, or a standby took over that had not received everything."
        )
    if latest.timeline not in (0, _timeline()):
        return (
            "A standby took over, or the database was restored to a moment. What was sent last may "
            "be unknown here, even if no heartbeat is missing."
        )
    return ""


def _mark(here: Installation) -> Mark:
    return Mark(here.epoch, here.beat, _timeline())


def _timeline() -> int:
    """The first eight digits of the name of the file that PostgreSQL writes its log to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)")
        (digits,) = cursor.fetchone()
    return int(digits, 16)


def _raise(here: Installation, seen: list[Mark], why: str) -> None:
    here.epoch = max([here.epoch, *(mark.epoch for mark in seen)]) + 1
    here.fenced_at = Now()
    here.fenced_why = why[:300]
    here.save(update_fields=["epoch", "fenced_at", "fenced_why"])
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_A_GAP)
    audit.record(by=None, verb="fenced", row=here, detail={"why": why, "epoch": here.epoch})


def doubts() -> Doubts:
    """What `confirm` would set aside now."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_DOUBTED)
        (deliveries,) = cursor.fetchone()
    return Doubts(
        deliveries,
        Campaign.objects.filter(status=Campaign.Status.SCHEDULED).count(),
        _unfrozen_lanes().count(),
    )


def confirm(*, by: User | None, nothing_left_since: bool = False) -> Doubts:
    """A person says that this copy is the one to go on with. Returns what was set aside.

    What waited in this copy may have left after it was made. So it becomes undecided, what was
    scheduled becomes a draft again, and lanes that were about to be frozen are held: nobody is
    written to twice. With `nothing_left_since` all of it simply goes on. Who was erased since the
    copy was made is erased once more before.
    """
    erasing.replay_all()
    with transaction.atomic():
        here = Installation.objects.select_for_update().get()
        if here.fenced_at is None:
            raise IllegalTransition(_("This database is not held back; nothing is to confirm."))
        here.site = here.site or uuid.uuid4()
        set_aside = Doubts(0, 0, 0)
        if nothing_left_since:
            Delivery.objects.filter(
                state=Delivery.State.PENDING,
                first_tried_at__isnull=False,
                campaign__status=Campaign.Status.SENDING,
            ).update(first_tried_at=F("first_tried_at") + (Now() - Value(here.fenced_at)))
        else:
            set_aside = _set_aside()
        Campaign.objects.filter(
            status__in=(Campaign.Status.SENDING, Campaign.Status.PAUSED)
        ).update(fence_epoch=here.epoch)
        here.beat = max([here.beat, *(mark.beat for mark in _marks_if_any(here.site))]) + 1
        here.fenced_at, here.fenced_why = None, ""
        here.save()
        audit.record(
            by=by,
            verb="confirmed",
            row=here,
            count=set_aside.deliveries,
            detail={"epoch": here.epoch, "nothing_left_since": nothing_left_since},
        )
        # Inside, so that a confirmation that nobody can witness is none.
        witness.keep(here.site, _mark(here))
    return set_aside


def _marks_if_any(site: uuid.UUID) -> list[Mark]:
    """The witnesses' marks; a host that has none yet may confirm all the same."""
    try:
        return witness.marks(site)
    except witness.Unwitnessed:
        return []


def _set_aside() -> Doubts:
    found = doubts()
    with connection.cursor() as cursor:
        cursor.execute(
            DOUBT, {"why": "It waited in a copy of the database and may have left after it."}
        )
    Deferral.objects.filter(delivery__state=Delivery.State.UNKNOWN).delete()
    _set_digests_aside()
    Campaign.objects.filter(status=Campaign.Status.SCHEDULED).update(
        status=Campaign.Status.DRAFT, send_at=None
    )
    _unfrozen_lanes().update(
        status=Release.Status.HELD,
        freeze_began_at=None,
        note=_("It was about to be sent when this copy of the database was made."),
    )
    return found


def _set_digests_aside() -> None:
    """What was owed may have been told after the copy was made; of no digest anything is written.

    One of which mails wait already is a campaign like any other.
    """
    digests.set_aside()
    unwritten = Campaign.objects.filter(kind=Campaign.Kind.DIGEST).exclude(
        Exists(Release.objects.filter(campaign=OuterRef("pk"), frozen_at__isnull=False))
    )
    for campaign in unwritten.exclude(status__in=Campaign.ENDED):
        campaigns.cancel(campaign=campaign, by=None)


def _unfrozen_lanes() -> QuerySet[Release]:
    return Release.objects.filter(
        status__in=(Release.Status.RELEASED, Release.Status.FREEZING),
        frozen_at=None,
        campaign__status__in=(Campaign.Status.SENDING, Campaign.Status.PAUSED),
    )
