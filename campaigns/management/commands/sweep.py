"""What the scheduler does every 30 seconds, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from campaigns.actions import sweeping


class Command(BaseCommand):
    help = "Take back what dead workers held, and check the ledgers."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweeping.sweep()} batches taken back")
