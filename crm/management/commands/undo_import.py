"""An import taken back, without the screens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from crm.actions.errors import Refused
from crm.actions.undoing import undo
from crm.models import Import


class Command(BaseCommand):
    help = "Take one import back: what it brought goes, what it changed is put back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int)
        parser.add_argument("--dry-run", action="store_true", help="say only what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Import.objects.filter(pk=options["id"]).first()
        if found is None:
            raise CommandError(f"There is no import {options['id']}.")
        try:
            with transaction.atomic():
                done = undo(of_import=found, by=None)
                for row in done.rows.exclude(conflict=None).order_by("number").iterator():
                    said = ", ".join(f"{what}: {now}" for what, now in (row.conflict or {}).items())
                    self.stdout.write(f"row {row.number} stays as it is ({said})")
                transaction.set_rollback(options["dry_run"])
        except Refused as problem:
            raise CommandError(str(problem)) from problem
        counts = done.undone
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
