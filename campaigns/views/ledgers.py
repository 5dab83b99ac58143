"""The ledger on a campaign's page: the equation lane by lane, and what holds a campaign back."""

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from campaigns.actions import campaigns, overview
from campaigns.actions.ledger import Lane, State
from campaigns.actions.overview import Overview
from campaigns.models import Campaign, Delivery, DomainPace
from campaigns.views import cards
from campaigns.views.cards import Viewing
from crm.models import User

ALWAYS = (3, 4, 8)  # accepted, failed and undecided are told even if there are none


def table(seen: Overview, view: Viewing) -> dict[str, Any] | None:
    """Every started lane that the viewer reads, and their sum; None before the first start."""
    started = [lane for lane in cards.narrowed(seen, view).lanes if overview.is_frozen(lane)]
    if not started:
        return None
    total = _row(overview.summed(started), _("together"))
    rows = [_row(lane, lane.release.name if lane.release else "") for lane in started]
    # What is nil everywhere takes room from what is not.
    shown = [n for n, (_label, count) in enumerate(total["parts"]) if count or n in ALWAYS]
    for row in (total, *rows):
        row["parts"] = [row["parts"][n] for n in shown]
    return {
        "rows": rows,
        "sum": total if len(started) > 1 else None,
        "balances": all(lane.balances for lane in started),
    }


def _row(lane: Lane, name: str) -> dict[str, Any]:
    states = lane.states
    return {
        "name": name,
        "expected": lane.expected,
        "parts": [
            (_("waiting"), lane.waiting - lane.claimed),
            (_("taken"), lane.claimed),
            (_("on the line"), states[State.ARMED]),
            (_("accepted"), states[State.ACCEPTED]),
            (_("failed"), states[State.FAILED]),
            (_("stopped"), states[State.SUPPRESSED]),
            (_("cancelled"), states[State.CANCELLED]),
            (_("expired"), states[State.EXPIRED]),
            (_("undecided"), states[State.UNKNOWN]),
        ],
        "balances": lane.balances,
    }


def held_back(campaign: Campaign, user: User, edits: bool) -> dict[str, Any]:
    """Who paused it, whether it waits for its canary, and which destinations are slow."""
    paused = campaign.status == Campaign.Status.PAUSED
    by = campaigns.paused_by(campaign) if paused else None
    canary = None
    if campaign.canary and campaign.status == Campaign.Status.SENDING:
        batches = campaign.batches.filter(canary=True)
        canary = {
            "sent": batches.aggregate(sent=Sum("sent"))["sent"] or 0,
            "ends_at": campaign.canary_ends_at,
        }
    under_way = campaign.status in (Campaign.Status.SENDING, Campaign.Status.PAUSED)
    return {
        "tripped": paused and by is None,
        "canary": canary,
        "slow": _slow(campaign, user) if edits and under_way else None,
    }


def _slow(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """Destinations that asked us to slow down; a domain is named to who may read its addresses."""
    paces = {pace.domain: pace for pace in DomainPace.objects.all()}
    if not paces:
        return None
    waiting = (
        Delivery.objects.filter(campaign=campaign, deferral__isnull=False)
        .filter(address__domain__in=paces)
        .order_by()
        .values_list("address__domain", "person__cluster")
        .distinct()
    )
    named: dict[str, bool] = {}
    for domain, cluster in waiting:
        readable = user.scope.admin or user.scope.reads_whole(cluster)
        named[domain] = named.get(domain, False) or readable
    return {
        "named": sorted(
            (paces[domain] for domain, readable in named.items() if readable),
            key=lambda pace: pace.domain,
        ),
        "unnamed": sum(not readable for readable in named.values()),
    }
