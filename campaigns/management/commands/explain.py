"""Why somebody did or did not get a campaign."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.actions.explaining import explain
from campaigns.models import Campaign
from crm.rules.addresses import InvalidAddress


class Command(BaseCommand):
    help = "Say why this address did or did not get a campaign."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--campaign", metavar="REF", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(ref=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign called {options['campaign']}.")
        try:
            for sentence in explain(text=options["address"], campaign=campaign):
                self.stdout.write(sentence)
        except InvalidAddress as problem:
            raise CommandError(str(problem)) from problem
