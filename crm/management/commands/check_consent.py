"""Whether today's reasons to write follow from the proofs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.actions import reckoning


class Command(BaseCommand):
    help = "Compare legal bases with the consent records they come from; fails where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        found = reckoning.check()
        for difference in reckoning.differences():
            self.stdout.write(
                f"person {difference.person}, {difference.purpose}, "
                f"alliance {difference.alliance or 'any'}: {difference.sentence}"
            )
        if found.differing:
            raise CommandError(f"{found.differing} legal bases differ from their proofs.")
        self.stdout.write(f"{found.compared} legal bases follow from their proofs.")
