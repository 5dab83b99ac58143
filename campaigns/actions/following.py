"""Following a campaign from a terminal until it ends, and what to print then."""

import datetime as dt
import time
from collections.abc import Callable, Mapping

from django.conf import settings
from django.utils import timezone

from campaigns.actions.ledger import Ledger, read
from campaigns.models import Campaign, Release

ENDED = (Campaign.Status.FINISHED, Campaign.Status.CANCELLED, Campaign.Status.PAUSED)


class NotFinished(Exception):
    """The campaign cannot go on by itself; the message is a sentence for the user."""


def follow(campaign: Campaign, *, say: Callable[[str], None]) -> Ledger:
    """Wait until the campaign ended, saying each change. Raises NotFinished.

    Lanes that still wait for their signature end the waiting, too: they may take days.
    """
    last, trouble_since, moved_at = "", None, time.monotonic()
    while True:
        campaign.refresh_from_db()
        ledger = read(campaign)
        total = ledger.total
        line = f"{total.accepted} of {total.expected} accepted, {total.left} to go"
        if campaign.trouble:
            line = campaign.trouble
            trouble_since = trouble_since or time.monotonic()
            if time.monotonic() - trouble_since > settings.ANNOUNCE_PATIENCE:
                raise NotFinished(campaign.trouble)
        else:
            trouble_since = None
        if line != last:
            say(line)
            last, moved_at = line, time.monotonic()
        if campaign.status in ENDED or _only_unsigned_lanes_left(campaign, ledger):
            return ledger
        if nobody_works(campaign) and time.monotonic() - moved_at > settings.ANNOUNCE_PATIENCE:
            raise NotFinished(
                "No worker takes it. Start one with: celery -A worker worker --beat; "
                "it then leaves by itself."
            )
        time.sleep(0.5)


def nobody_works(campaign: Campaign, *, since: dt.timedelta = dt.timedelta(0)) -> bool:
    """Whether nothing is leased although something could leave since then, or it never started."""
    due = timezone.now() - since
    if campaign.status == Campaign.Status.SCHEDULED:
        if campaign.send_at and campaign.send_at > due:
            return False
        signed = campaign.releases.filter(status=Release.Status.RELEASED)
        return signed.exclude(undo_until__gt=due).exists() or not signed.exists()
    open_batches = campaign.batches.filter(done_at=None, held=False, release__sleeps_until=None)
    if campaign.canary and (campaign.canary_ends_at is None or campaign.canary_ends_at > due):
        open_batches = open_batches.filter(canary=True)
    waits = open_batches.filter(not_before__lte=due).exists()
    return waits and not open_batches.filter(lease_until__isnull=False).exists()


def _only_unsigned_lanes_left(campaign: Campaign, ledger: Ledger) -> bool:
    started = [lane for lane in ledger.lanes if lane.release and lane.release.frozen_at]
    unsigned = [lane for lane in ledger.lanes if lane.release and not lane.release.frozen_at]
    return bool(
        campaign.status == Campaign.Status.SENDING
        and unsigned
        and started
        and all(lane.release and lane.release.status == "done" for lane in started)
        and all(
            lane.release and lane.release.status in ("waiting", "held", "declined", "lapsed")
            for lane in unsigned
        )
    )


def table(ledger: Ledger, arrived: Mapping[tuple[int | None, str], int] | None = None) -> list[str]:
    """The ledger as lines: region, language, recipients, accepted, left out by reason.

    `arrived` (lane, language → mails) adds a column with what a sink received.
    """
    lines = [_row("Lane", "Language", "Recipients", "Accepted", "In sink" if arrived else "")]
    for lane in ledger.lanes:
        release = lane.release
        assert release
        name = str(release.cluster.region) if release.cluster else release.name
        for language, count in sorted(lane.languages.items()):
            there = arrived.get((release.pk, language), 0) if arrived else ""
            lines.append(_row(name, language, count, lane.accepted_by_language[language], there))
        reasons = ", ".join(f"{count} {reason}" for reason, count in lane.reasons) or "–"
        lines.append(f"{name:<24} left out: {reasons}")
    total = ledger.total
    lines += [
        _row("All lanes", "", total.expected, total.accepted, ""),
        f"{total.candidates} candidates = {total.expected} recipients + "
        f"{total.excluded.total()} left out",
        f"{total.expected} recipients = {total.accepted} accepted + {total.failed} failed + "
        f"{total.stopped} stopped + {total.undecided} undecided + {total.left} to go",
        "The ledger balances." if ledger.balances else "The ledger does NOT balance.",
    ]
    return lines


def _row(*cells: object) -> str:
    lane, language, recipients, accepted, arrived = cells
    return f"{lane:<24} {language:<9} {recipients:>10} {accepted:>9} {arrived:>8}".rstrip()
