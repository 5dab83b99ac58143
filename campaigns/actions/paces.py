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

# Only slots that begin within a second are taken. Were later ones taken, too, their mails would
# find themselves behind their own reservations when they come back.
TAKE_SLOTS = """
WITH free AS (
    SELECT domain, rate, clock_timestamp() AS now,
           greatest(next_slot_at, clock_timestamp()) AS first
    FROM campaigns_domainpace WHERE domain = %(domain)s FOR UPDATE),
taken AS (
    SELECT *, least(%(count)s::int, greatest(0, ceil(
        (1 - extract(epoch FROM first - now)::float8) * rate))::int) AS count FROM free)
UPDATE campaigns_domainpace p
SET next_slot_at = taken.first + taken.count / taken.rate * interval '1 second'
FROM taken WHERE p.domain = taken.domain
RETURNING taken.count, extract(epoch FROM p.next_slot_at - taken.now)::float8, taken.rate
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
    """421 says it for the whole server, 4.7.x for a rate or policy (RFC 5321, RFC 3463).

    A provider that asks for fewer calls means us, not a reader's domain: it is asked later.
    """
    return outcome.end == End.DEFERRED and (
        outcome.code == 421 or bool(_TOO_FAST.search(outcome.text))
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
    """Seconds after which each mail to this domain may ask again; 0: it may leave now."""
    wanted = list(ids)
    found = statements.rows(TAKE_SLOTS, {"domain": domain, "count": len(wanted)})
    if not found:  # it became free meanwhile
        return dict.fromkeys(wanted, 0.0)
    taken, tail, rate = found[0]
    waits = {pk: max(0, tail - 1) + n / rate for n, pk in enumerate(wanted[taken:], start=1)}
    return dict.fromkeys(wanted[:taken], 0.0) | waits


def next_slots(campaign: Campaign, count: int) -> float:
    """Seconds until a campaign's next mails may leave, over all workers; they are taken."""
    found = statements.rows(NEXT_SLOTS, {"campaign": campaign.pk, "count": count})
    return float(found[0][0]) if found else 0.0
