"""Following a campaign from a terminal until it ends, and what to print then."""

import time
from collections.abc import Callable

from django.conf import settings

from campaigns.actions.ledger import Ledger, read
from campaigns.models import Campaign

ENDED = (Campaign.Status.FINISHED, Campaign.Status.CANCELLED, Campaign.Status.PAUSED)


class NotFinished(Exception):
    """The campaign cannot go on by itself; the message is a sentence for the user."""


def follow(campaign: Campaign, *, say: Callable[[str], None]) -> Ledger:
    """Wait until the campaign ended, saying each change. Raises NotFinished.

    Lanes that still wait for their signature end the waiting, too: they may take days.
    """
    last, trouble_since = "", None
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
            last = line
        if campaign.status in ENDED or _only_unsigned_lanes_left(campaign, ledger):
            return ledger
        time.sleep(0.5)


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


def table(ledger: Ledger) -> list[str]:
    """The ledger as lines: region, language, recipients, accepted, excluded by reason."""
    lines = [f"{'Lane':<24} {'Language':<9} {'Recipients':>10} {'Accepted':>9}  Left out"]
    for lane in ledger.lanes:
        release = lane.release
        assert release
        name = str(release.cluster.region) if release.cluster else release.name
        reasons = ", ".join(f"{count} {reason}" for reason, count in lane.reasons)
        rows = sorted(lane.languages.items())
        for language, count in rows:
            accepted = lane.accepted_by_language[language]
            lines.append(f"{name:<24} {language:<9} {count:>10} {accepted:>9}")
        lines.append(f"{name:<24} {'all':<9} {lane.expected:>10} {lane.accepted:>9}  {reasons or '–'}")
    total = ledger.total
    lines.append(f"{'All lanes':<24} {'':<9} {total.expected:>10} {total.accepted:>9}")
    lines.append(
        f"{total.candidates} candidates = {total.expected} recipients + "
        f"{total.excluded.total()} left out"
    )
    lines.append(
        f"{total.expected} recipients = {total.accepted} accepted + {total.failed} failed + "
        f"{total.stopped} stopped + {total.undecided} undecided + {total.left} to go"
    )
    lines.append("The ledger balances." if ledger.balances else "The ledger does NOT balance.")
    return lines
