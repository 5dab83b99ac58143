"""The demo's proof: the ledger of the open mission's call, beside what the sink received."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.actions import following, ledger
from campaigns.actions.proving import Comparison
from campaigns.models import Campaign


class Command(BaseCommand):
    help = "Compare a campaign's ledger with the development sink, mail by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", metavar="REF", default="japan-next-call")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(ref=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign called {options['campaign']}.")
        book, sink = ledger.read(campaign), Comparison(campaign)
        for line in following.table(book, sink.by_place):
            self.stdout.write(line)
        self.stdout.write(
            f"The sink holds {sink.arrived.total()} mails = {book.total.accepted} accepted + "
            f"{sink.undecided_arrived} of the {book.total.undecided} undecided."
        )
        if sink.differences:
            raise CommandError(" ".join(sink.differences))
        if not book.balances:
            raise CommandError("The ledger does not balance.")
