"""The frequency guard: how often one address is written to in some days, and when it may be again.

It counts the mailings of all alliances, whether they arrived or may still: a reader does not tell
who wrote.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.models.campaigns import Campaign
from campaigns.models.deliveries import Delivery
from crm.models import PersonAddress

State = Delivery.State
UNCOUNTED = (Campaign.Kind.LETTER, Campaign.Kind.DIGEST)
COUNTED = (State.PENDING, State.ARMED, State.ACCEPTED, State.UNKNOWN)

# An address may be written to again once so many of its mailings are over that the newest ones
# left are fewer than the limit: when the limit-th newest is as old as the days that are counted.
AGAIN = """, again AS (
    SELECT d.address_id,
           (((array_agg(c.started_at ORDER BY c.started_at DESC))[%(too_many)s]
             + %(days)s * interval '1 day') AT TIME ZONE %(zone)s)::date AS day
    FROM campaigns_delivery d JOIN campaigns_campaign c ON c.id = d.campaign_id
    WHERE d.campaign_id = ANY(%(recent)s) AND d.state IN (1, 2, 3, 8)
      AND d.address_id IN (SELECT address_id FROM verdicts WHERE reason = {too_often})
    GROUP BY d.address_id)
"""
"""Goes on after the judgement: of each address that is held back the first day after it."""


def lately(campaign: Campaign) -> QuerySet[Campaign]:
    """The other mailings that count against this one, by the database's clock.

    Who chose one mail a day gets it: digests are neither counted nor held back.
    """
    started = Campaign.objects.filter(
        started_at__gt=Now() - dt.timedelta(days=settings.FREQUENCY_DAYS)
    )
    if campaign.is_digest:
        return started.none()
    return started.exclude(kind__in=UNCOUNTED).exclude(pk=campaign.pk)


def again(campaign: Campaign, people: Iterable[int]) -> dict[int, dt.date]:
    """Of these people each whom the guard holds back now, with the day on which it ends."""
    addresses = dict(
        PersonAddress.objects.filter(person__in=people, is_primary=True).values_list(
            "person_id", "address_id"
        )
    )
    started: dict[int, list[dt.datetime]] = defaultdict(list)
    mails = Delivery.objects.filter(
        campaign__in=[*lately(campaign).values_list("pk", flat=True)],
        state__in=COUNTED,
        address__in=addresses.values(),
    )
    newest_first = mails.order_by("-campaign__started_at")
    for address, at in newest_first.values_list("address_id", "campaign__started_at"):
        if at:
            started[address].append(at)
    limit, days = settings.FREQUENCY_LIMIT, dt.timedelta(days=settings.FREQUENCY_DAYS)
    return {
        person: timezone.localdate(started[address][limit - 1] + days)
        for person, address in addresses.items()
        if len(started[address]) >= limit
    }
