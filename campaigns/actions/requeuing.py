"""Another try for what had an end: undecided mails, failed ones, letters.

A batch of exactly these deliveries is queued; arming them makes their next generation. Whoever
left in the meantime stays as they are: all withdrawals under way are waited for, as when a lane is
opened (the withdrawal barrier).
"""

from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import overtaken, transitions
from campaigns.models import Batch, Campaign, Delivery, Installation, Letter, Release
from campaigns.models.deliveries import ARCHIVED_OR_PAUSED, WITHDRAWN
from crm.actions.errors import IllegalTransition
from crm.rules.locks import WITHDRAWAL_BARRIER

# A mailbox that bounced is not tried again either. The 72 hours begin anew. What waited for the
# choice of a subject when a copy of the database was made goes on waiting for it.
AGAIN = f"""
WITH chosen AS (
    SELECT d.id, (c.kind <> 'letter' AND ({WITHDRAWN} OR {ARCHIVED_OR_PAUSED}))
        OR EXISTS (SELECT FROM crm_address a
                   WHERE a.id = d.address_id
                     AND (a.undeliverable_at IS NOT NULL OR a.email IS NULL)) AS barred
    FROM campaigns_delivery d JOIN campaigns_campaign c ON c.id = d.campaign_id
    WHERE d.id = ANY(%(ids)s::bigint[]) AND d.state = ANY(%(states)s::int[])
      AND c.id = %(campaign)s
      AND (%(generations)s::int[] IS NULL OR d.generation = (%(generations)s::int[])[
          array_position(%(ids)s::bigint[], d.id)])
    ORDER BY d.id FOR UPDATE OF d),
changed AS (
    UPDATE campaigns_delivery d SET state = 1, first_tried_at = NULL, settled_at = NULL
    FROM chosen WHERE d.id = chosen.id AND NOT chosen.barred
    RETURNING d.id, d.campaign_id, d.release_id, d.subject = 0 AND EXISTS (
        SELECT FROM campaigns_trial t WHERE t.campaign_id = d.campaign_id AND t.chosen = ''
    ) AS held),
queued AS (
    INSERT INTO campaigns_batch (campaign_id, release_id, first_id, last_id, ids, generation, held)
    SELECT campaign_id, release_id, min(id), max(id), array_agg(id ORDER BY id), 0, held
    FROM (SELECT *, (row_number() OVER (PARTITION BY release_id, held ORDER BY id) - 1)
              / %(size)s AS nth
          FROM changed) again
    GROUP BY campaign_id, release_id, held, nth)
SELECT d.id, d.release_id, chosen.barred FROM chosen JOIN campaigns_delivery d ON d.id = chosen.id
"""


class Tries(NamedTuple):
    """Deliveries that are tried again, and those that are not because their reader left."""

    again: list[int]
    barred: list[int]


def again(
    *,
    campaign: Campaign,
    ids: list[int],
    states: tuple[int, ...],
    generations: list[int] | None = None,
) -> Tries:
    """Queue those of `ids` that are in one of `states`; a settled one stays as it is.

    With `generations`, one for each, only those of which that attempt is still the last. A
    finished campaign sends again. Safe to ask twice: the second finds nothing.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        _refuse_where_nothing_may_leave(campaign)
        with connection.cursor() as cursor:
            # Of its own, first: the next statement sees every withdrawal that was under way.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WITHDRAWAL_BARRIER])
            cursor.execute(
                AGAIN,
                {
                    "campaign": campaign.pk,
                    "ids": ids,
                    "states": list(states),
                    "generations": generations,
                    "size": settings.SENDING_BATCH,
                    "today": timezone.localdate(),
                },
            )
            rows = cursor.fetchall()
        tries = Tries(
            [pk for pk, _lane, barred in rows if not barred],
            [pk for pk, _lane, barred in rows if barred],
        )
        if tries.again:
            _reopen(campaign, {lane for _pk, lane, barred in rows if lane and not barred})
    return tries


def _refuse_where_nothing_may_leave(campaign: Campaign) -> None:
    if campaign.status == Campaign.Status.CANCELLED:
        raise IllegalTransition(_("This campaign was cancelled; nothing of it leaves any more."))
    if why := overtaken.against(campaign):
        raise IllegalTransition(_("%(why)s So nothing of it is sent again.") % {"why": why})
    refuse_behind_the_fence()


def refuse_behind_the_fence() -> None:
    """Raises IllegalTransition where nothing may leave at all."""
    if Installation.objects.filter(fenced_at__isnull=False).exists():
        raise IllegalTransition(
            _("Nothing leaves before an administrator has confirmed this copy of the database.")
        )


def _reopen(campaign: Campaign, lanes: set[int]) -> None:
    campaign.releases.filter(pk__in=lanes, status=Release.Status.DONE).update(
        status=Release.Status.SENDING
    )
    Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.FINISHED).update(
        status=Campaign.Status.SENDING,
        finished_at=None,
        fence_epoch=Installation.objects.get().epoch,
    )


# Somebody waits in front of a form for this mail, and two of them do no harm: a letter of which
# nobody knows whether it arrived is sent once more by itself, and after that is for the desk. One
# that waited in a copy of the database is for the desk at once: nobody waits for it any more.
LETTERS_ONCE_MORE = """
WITH chosen AS (
    SELECT d.id FROM campaigns_letter l JOIN campaigns_delivery d ON d.id = l.delivery_id
    WHERE d.state = 8 AND (
        SELECT count(*) FROM campaigns_attempt a
        WHERE a.delivery_id = d.id AND a.outcome = 'unknown' AND a.phase <> 'copy') = 1
    ORDER BY d.id LIMIT 500 FOR UPDATE OF d SKIP LOCKED),
changed AS (
    UPDATE campaigns_delivery d SET state = 1, settled_at = NULL FROM chosen
    WHERE d.id = chosen.id RETURNING d.id, d.campaign_id)
INSERT INTO campaigns_batch (campaign_id, first_id, last_id, ids, generation)
SELECT campaign_id, min(id), max(id), array_agg(id ORDER BY id), 0 FROM changed
GROUP BY campaign_id
"""


def letters_in_no_batch() -> None:
    """Queue letters that turned out not to have left after their batch was over."""
    waiting: dict[int, list[int]] = {}
    rows = Letter.objects.filter(delivery__state=Delivery.State.PENDING).exclude(
        Exists(Batch.objects.filter(done_at=None, ids__contains=[OuterRef("delivery")]))
    )
    for campaign, delivery in rows.values_list("delivery__campaign", "delivery"):
        waiting.setdefault(campaign, []).append(delivery)
    for campaign, deliveries in waiting.items():
        transitions.queue_waiting(campaign, None, letters=deliveries)


def letters_once_more() -> None:
    """Send letters again whose first end is unknown. Run it as often as one likes."""
    with connection.cursor() as cursor:
        cursor.execute(LETTERS_ONCE_MORE)
