"""Send due mail from this terminal, without Celery or Redis."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.actions import fencing, sending, sweeping
from campaigns.models import Campaign
from crm.actions.errors import Refused


class Command(BaseCommand):
    help = "Send due mail without Celery or Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", metavar="REF", help="only this campaign")
        parser.add_argument("--until-empty", action="store_true", help="until nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        only = options["campaign"]
        if only and not Campaign.objects.filter(ref=only).exists():
            raise CommandError(f"There is no campaign called {only}.")
        totals: dict[str, int] = {}
        while True:
            self._ask_the_fence()
            worked = False
            for campaign in sweeping.tick():
                if only and campaign.ref != only:
                    continue
                tally = sending.work(campaign)
                worked = worked or tally.sent > 0
                for end, count in tally.ends.items():
                    totals[end] = totals.get(end, 0) + count
                if tally.trouble:
                    raise CommandError(tally.trouble)
            if not options["until_empty"] or not (worked or self._something_open(only)):
                break
            time.sleep(0 if worked else 0.2)
        sweeping.tidy()
        said = ", ".join(f"{count} {end}" for end, count in sorted(totals.items()))
        self.stdout.write(said or "Nothing was due.")

    def _ask_the_fence(self) -> None:
        try:
            may_send = fencing.check()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not may_send:
            raise CommandError(fencing.TROUBLE)

    def _something_open(self, only: str | None) -> bool:
        due = sweeping.due_work()
        return any(not only or campaign.ref == only for campaign in due)
