"""Load invented data at any size."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.demo import fixture
from crm.actions.errors import Refused


def count(text: str) -> int:
    if not text.isdigit():
        raise ArgumentTypeError(f"“{text}” is not a number of rows. Write one like 3300.")
    return int(text)


class Command(BaseCommand):
    """Adds people and organisations in bulk, only under reserved domains."""

    help = "Adds invented people and organisations at any size, for benchmarks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=count, required=True)
        parser.add_argument("--organisations", type=count, required=True)

    def handle(self, *args: Any, people: int, organisations: int, **options: Any) -> None:
        began = time.monotonic()
        try:
            fixture.load(people=people, organisations=organisations)
        except Refused as refusal:
            raise CommandError(
                f"The invented clusters do not fit into this database: {refusal} "
                "Load them into an empty one."
            ) from refusal
        self.stdout.write(
            f"Added {people} people and {organisations} organisations "
            f"in {time.monotonic() - began:.1f} s."
        )
