"""Copy the database and the uploaded files into a new directory."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.actions import backups
from crm.actions.errors import Refused


class Command(BaseCommand):
    help = (
        "Write a consistent copy of the database and the uploaded files into a new directory, "
        "while Liaison runs. SECRET_KEY and ADDRESS_KEY are not in it: keep them elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be copied")

    def handle(self, *args: Any, directory: Path, dry_run: bool, **options: Any) -> None:
        try:
            manifest = backups.make(directory=directory, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{sum(manifest.rows.values())} rows of {len(manifest.rows)} tables and "
            f"{max(0, len(manifest.files) - 1)} files "
            + (f"would be written to {directory}." if dry_run else f"are in {directory}.")
        )
