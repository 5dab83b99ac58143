"""Confirm that this copy of the database is the one to go on with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.actions import fencing
from campaigns.models import Installation
from crm.actions.errors import Refused
from crm.models import User


class Command(BaseCommand):
    help = (
        "Let a restored, copied or failed-over database send again. What waited in it may have "
        "left after the copy was made, so it becomes undecided and is not sent by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", metavar="EMAIL", help="the user who confirms, for the audit")
        parser.add_argument(
            "--nothing-left-since",
            action="store_true",
            help="you know that nothing was sent after this copy was made: all of it goes on",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        by = None
        if options["by"]:
            by = User.objects.filter(email=options["by"]).first()
            if by is None:
                raise CommandError(f"There is no user {options['by']}.")
        if options["dry_run"]:
            here = Installation.objects.get()
            self.stdout.write(here.fenced_why or "This database is not held back.")
            found = fencing.Doubts(0, 0, 0) if options["nothing_left_since"] else fencing.doubts()
            would = "would be "
        else:
            try:
                found = fencing.confirm(by=by, nothing_left_since=options["nothing_left_since"])
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            would = ""
        self.stdout.write(
            f"{found.deliveries} mails {would}undecided, {found.scheduled} scheduled campaigns "
            f"{would}drafts again, {found.lanes} lanes {would}on hold."
        )
