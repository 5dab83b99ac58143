"""Erase once more whom an older copy of the database brought back."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.actions import erasing, erasure_log


class Command(BaseCommand):
    help = (
        "Erase once more whom a restored database brought back, by the erasure log (ERASURE_LOG). "
        "`restore` and `confirm_database` do it as well; twice is as once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        entries = len(erasure_log.read())
        done = erasing.replay_all()
        self.stdout.write(
            f"{done} of the {entries} erasures in {erasure_log.path()} were not in this database; "
            "now they are."
        )
