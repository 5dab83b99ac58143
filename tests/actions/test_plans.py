"""What PostgreSQL reads for a window of mails of a ledger just written, and for posts."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.actions import freezing, leases, statements, transitions
from campaigns.mail.readers import WAITING
from campaigns.models import Campaign
from tests.world import World

MANY = 20_000
WRITE = """
INSERT INTO campaigns_delivery (campaign_id, release_id, address_id, occasion, language, variant,
    state, generation, deferred_n, reply)
SELECT %s, %s, n, '', 'en', 'member', 1, 0, 0, '' FROM generate_series(1000000, %s) n
"""
ALL_AT_ONCE = "one_copy_per_address"  # the index that begins with the campaign


@pytest.fixture
def lease(world: World) -> leases.Lease:
    """A leased batch of a campaign with many deliveries."""
    world.person()
    campaign: Campaign = world.call()
    freezing.start_due()
    lane = campaign.releases.exclude(frozen_at=None).get(expected=1)
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [campaign.pk, lane.pk, 1_000_000 + MANY])
    lease = leases.claim(campaign)
    assert lease is not None
    return lease


def plan(sql: str, values: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    "sql", [transitions.EXCHANGE, WAITING, leases.FINISH], ids=["exchange", "waiting", "finish"]
)
def test_a_window_is_found_by_its_numbers_however_large_the_campaign_is(
    lease: leases.Lease, sql: str
) -> None:
    values = {
        **lease.names,
        "answered": [lease.first],
        "generations": [1],
        "replies": ["250"],
        "ids": list(range(lease.first, lease.first + 25)),
        "campaign": lease.campaign,
        "release": lease.release,
        "first": lease.first,
        "last": lease.first + 250,
        "posts": True,
        "sent": 25,
        "wait": 0,
        "today": timezone.localdate(),
    }

    chosen = plan(sql, values)

    assert "campaigns_delivery_pkey" in chosen
    assert ALL_AT_ONCE not in chosen


def test_posts_are_not_looked_up_in_the_slow_index_of_their_rule(world: World) -> None:
    """Its first two parts are no columns, so no question about a person or organisation fits it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indkey FROM pg_index "
            "WHERE indexrelid = 'one_post_at_a_time_per_organisation'::regclass"
        )
        (keys,) = cursor.fetchone() or ("",)

    assert keys.split()[:2] == ["0", "0"]


def test_arrays_reach_postgresql_as_they_are(world: World) -> None:
    said = ['250 "Ok"', "back\\slash", "", "NULL", "{a,b}", "naïve, 日本"]
    values = {"said": statements.texts(said), "none": statements.texts([])}
    values["ids"] = statements.numbers([1, 2_000_000_000_000])

    rows = statements.rows("SELECT %(said)s::text[], %(none)s::text[], %(ids)s::bigint[]", values)

    assert rows == [(said, [], [1, 2_000_000_000_000])]
