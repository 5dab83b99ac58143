"""Paces: of a campaign, as its sender asked, and of a destination.

A domain that asks us to slow down gets its mail more slowly.

The rate lives in the database, so it holds over all campaigns and workers. Each request to slow
down halves it; ten quiet minutes double it, until the domain is as free as any other.
"""

import datetime as dt
import re
from collections.abc import Iterable

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from campaigns.actions import statements
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Campaign, DomainPace

SLOWEST = 1 / 60  # mails a second
FREE = 50.0  # from this rate on a domain needs no pace of its own
QUIET = 600  # seconds without a request before the rate doubles

_TOO_FAST = re.compile(r"\b4\.7\.\d+\b")  # RFC 3463: a policy or rate limit, for now

SLOW_DOWN = """
INSERT INTO campaigns_domainpace AS p (domain, rate, next_slot_at, slowed_at, why)
VALUES (%(domain)s, %(first)s, clock_timestamp() + %(pause)s * interval '1 second',
        clock_timestamp(), %(why)s)
ON CONFLICT (domain) DO UPDATE SET
    rate = CASE WHEN p.slowed_at > clock_timestamp() - interval '5 seconds' THEN p.rate
                ELSE greatest(p.rate / 2, %(slowest)s) END,
    next_slot_at = greatest(p.next_slot_at, clock_timestamp() + %(pause)s * interval '1 second'),
    slowed_at = clock_timestamp(), why = %(why)s
"""

TAKE_SLOTS = """
UPDATE campaigns_domainpace
SET next_slot_at = greatest(next_slot_at, clock_timestamp())
    + %(count)s / rate * interval '1 second'
WHERE domain = %(domain)s
RETURNING extract(epoch FROM next_slot_at - clock_timestamp())::float8 - %(count)s / rate, rate
"""

NEXT_SLOTS = """
UPDATE campaigns_campaign
SET next_slot_at = greatest(next_slot_at, clock_timestamp())
    + %(count)s * interval '1 second' / pace
WHERE id = %(campaign)s AND pace IS NOT NULL
RETURNING extract(epoch FROM next_slot_at - clock_timestamp())
    - %(count)s::float8 / pace
"""


def asks_to_slow_down(outcome: Outcome) -> bool:
    """421 says it for the whole server, 4.7.x for a rate or policy (RFC 5321, RFC 3463)."""
    return outcome.end == End.DEFERRED and (
        outcome.code in (421, 429) or bool(_TOO_FAST.search(outcome.text))
    )


def slow_down(domain: str, *, why: str) -> None:
    """Half as fast from now on, after a pause; several requests at once count as one."""
    with connection.cursor() as cursor:
        cursor.execute(
            SLOW_DOWN,
            {
                "domain": domain,
                "first": settings.DOMAIN_RATE,
                "pause": settings.SENDING_RETRY,
                "slowest": SLOWEST,
                "why": why[:300],
            },
        )


def speed_up() -> None:
    """Double the rate of domains that were quiet for a while; forget those that are free."""
    quiet = Now() - dt.timedelta(seconds=QUIET)
    DomainPace.objects.filter(slowed_at__lt=quiet).update(rate=F("rate") * 2, slowed_at=Now())
    DomainPace.objects.filter(rate__gte=FREE).delete()


def slow_domains() -> set[str]:
    return {domain for (domain,) in statements.rows("SELECT domain FROM campaigns_domainpace", {})}


def take_slots(domain: str, ids: Iterable[int]) -> dict[int, float]:
    """Seconds from now at which each mail to this domain may leave."""
    wanted = list(ids)
    found = statements.rows(TAKE_SLOTS, {"domain": domain, "count": float(len(wanted))})
    if not found:  # it became free meanwhile
        return dict.fromkeys(wanted, 0.0)
    first, rate = found[0]
    return {pk: max(0.0, first + n / rate) for n, pk in enumerate(wanted)}


def next_slots(campaign: Campaign, count: int) -> float:
    """Seconds until a campaign's next mails may leave, over all workers; they are taken."""
    found = statements.rows(NEXT_SLOTS, {"campaign": campaign.pk, "count": count})
    return float(found[0][0]) if found else 0.0
