"""Load the demo data."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.demo import users
from campaigns.demo.load import load
from crm.actions.errors import Refused
from crm.models import Organisation, Person


class Command(BaseCommand):
    """Enters what is missing; a second run changes nothing."""

    help = (
        "Loads three alliances, six clusters, invented companies and people, missions and events."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            help="The day from which coming dates are counted, like 2026-10-09.",
        )

    def handle(self, *args: Any, today: dt.date | None = None, **options: Any) -> None:
        try:
            done = load(today or timezone.localdate())
        except Refused as refusal:
            raise CommandError(
                f"The demo data does not fit into this database: {refusal} "
                "Load it into an empty one."
            ) from refusal
        self.stdout.write(f"Loaded: {', '.join(done) or 'nothing new'}.")
        if not settings.EMAIL_URL:
            self.stdout.write("The past mailings wait: EMAIL_URL names no mail server.")
        self.stdout.write(
            f"{Organisation.objects.count()} organisations, {Person.objects.count()} people."
        )
        self.stdout.write(
            f"Sign in as {users.COORDINATOR} or {users.ADMINISTRATOR}, password {users.PASSWORD}"
        )
