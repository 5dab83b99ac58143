"""Replace the database by a backup. Nothing leaves it until a person confirms."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.actions import backups
from crm.actions.errors import Refused


class Command(BaseCommand):
    help = (
        "Replace this database by a backup, whole or not at all. Stop web, workers and scheduler "
        "first. Nothing leaves the restored database until somebody confirms it "
        "(confirm_database)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--force", metavar="SENTENCE", default="", help="replace a database that holds data"
        )
        parser.add_argument("--dry-run", action="store_true", help="only check the backup")

    def handle(
        self, *args: Any, directory: Path, force: str, dry_run: bool, **options: Any
    ) -> None:
        try:
            manifest = backups.restore(directory=directory, force=force, dry_run=dry_run)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        found = f"The backup of {manifest.made_at} ({sum(manifest.rows.values())} rows) "
        if dry_run:
            self.stdout.write(found + "is whole and could be restored.")
        else:
            self.stdout.write(
                found + "is restored. Next: python manage.py migrate; then look at what waits, "
                "and let it send again with: python manage.py confirm_database"
            )
            if not backups.is_up_to_date():
                self.stdout.write(
                    "It is older than this program, so nobody was erased once more yet. After "
                    "migrate: python manage.py replay_erasures"
                )
