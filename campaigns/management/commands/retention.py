"""What was kept long enough: shown, or deleted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from campaigns.actions import retention


class Command(BaseCommand):
    help = "Delete what was kept long enough, rule by rule; --dry only says what that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry", action="store_true", help="say only what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry"]:
            for found in retention.look():
                self.stdout.write(
                    f"{found.rule.name}: {found.due} from before {found.before:%Y-%m-%d} would go"
                )
            return
        for run in retention.carry_out():
            self.stdout.write(f"{run.rule}: {run.gone} from before {run.before:%Y-%m-%d} went")
