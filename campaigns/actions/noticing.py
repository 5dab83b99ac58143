"""Whoever was told by their first mail where their data comes from is not told again.

What was told follows from what was accepted, so a crash loses nothing of it: every mail to somebody
who is still to be told says it. At worst two campaigns at once say it twice.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation

from campaigns.mail import origins
from campaigns.models import Campaign, Delivery
from crm.actions import wordings
from crm.models import Cluster, ConsentRecord, Notice

LATELY = dt.timedelta(days=92)

TOLD = """
WITH accepted AS (
    SELECT DISTINCT ON (n.person_id) n.person_id, n.origin, p.cluster_id AS controller,
           d.id AS delivery_id, d.address_id, d.language,
           coalesce(d.settled_at, %(now)s) AS at
    FROM crm_notice n
    JOIN crm_person p ON p.id = n.person_id
    JOIN campaigns_delivery d ON d.person_id = n.person_id AND d.campaign_id = %(campaign)s
    WHERE n.told_at IS NULL AND d.state = %(state)s
    ORDER BY n.person_id, d.id),
told AS (
    UPDATE crm_notice n SET told_at = accepted.at
    FROM accepted WHERE n.person_id = accepted.person_id AND n.told_at IS NULL
    RETURNING n.person_id)
SELECT accepted.* FROM accepted JOIN told USING (person_id)
"""


def note(campaigns: Iterable[Campaign]) -> int:
    """Write down who was told by these campaigns, each with a proof. Returns how many."""
    told = 0
    for campaign in campaigns:
        if not Notice.objects.filter(told_at=None).exists():
            break
        told += _note(campaign)
    return told


def note_lately() -> int:
    """The same of everything that began within a quarter of a year, for what was decided late."""
    since = timezone.now() - LATELY
    mailings = Campaign.objects.exclude(kind=Campaign.Kind.LETTER)
    return note(mailings.filter(started_at__gt=since).order_by("pk"))


def _note(campaign: Campaign) -> int:
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "state": Delivery.State.ACCEPTED.value,
        "now": timezone.now(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOLD, values)
        rows = cursor.fetchall()
        said = {(row[2], row[5]) for row in rows}
        words = {
            (cluster, language): wordings.keep(
                slug=f"first-mail-{Cluster.objects.get(pk=cluster).slug}",
                language=language,
                text=_words(cluster, language),
            )
            for cluster, language in said
        }
        ConsentRecord.objects.bulk_create(
            [
                ConsentRecord(
                    person_id=person,
                    address_id=address,
                    cluster_id=controller,
                    alliance_id=campaign.alliance_id,
                    purpose=campaign.purpose or "",
                    act=ConsentRecord.Act.NOTICED,
                    wording=words[controller, language],
                    language=language,
                    source=origin,
                    delivery=delivery,
                    at=at,
                )
                for person, origin, controller, delivery, address, language, at in rows
            ],
            batch_size=1_000,
        )
    return len(rows)


def _words(cluster_id: int, language: str) -> str:
    """The notice without what differs from person to person."""
    with translation.override(language):
        return origins.said(Cluster.objects.get(pk=cluster_id), "…")
