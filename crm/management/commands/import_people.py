"""A list of people and organisations into a cluster's address book, without the screens."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.actions import imports, two_sheets
from crm.actions.errors import Refused
from crm.models import Basis, Cluster, Import, ImportRow

VERDICTS = ("new", "changed", "same", "duplicate", "error", "unmailable")


class Command(BaseCommand):
    help = "Import a CSV, XLSX, XLS or ODS file into a cluster's address book."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--cluster", metavar="SLUG", required=True)
        parser.add_argument(
            "--origin", metavar="TEXT", required=True, help="where the list is from"
        )
        parser.add_argument("--basis", choices=Basis.values, required=True)
        parser.add_argument(
            "--on-existing", choices=Import.Policy.values, default=Import.Policy.FILL
        )
        parser.add_argument("--errors", type=Path, metavar="FILE", help="write rejected rows there")
        parser.add_argument(
            "--make-tags", action="store_true", help="words that are no tags yet become tags"
        )
        parser.add_argument("--dry-run", action="store_true", help="say only what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = Cluster.objects.filter(slug=options["cluster"]).first()
        if cluster is None:
            known = ", ".join(Cluster.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no cluster “{options['cluster']}”. There are: {known}.")
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            found = imports.upload(
                cluster=cluster,
                by=None,
                path=path,
                file_name=path.name,
                origin=options["origin"],
                basis=options["basis"],
                policy=options["on_existing"],
                make_tags=options["make_tags"],
            )
            if options["dry_run"]:
                imports.check(of_import=found)
            else:
                imports.run(of_import=found, by=None)
        except Refused as problem:
            raise CommandError(str(problem)) from problem
        if options["errors"]:
            _write_errors(found, options["errors"])
        self.stdout.write(f"Import {found.pk} of {found.file_name}")
        if found.beside:
            both = f"“{found.beside['sheet']}” (organisations) and “{found.sheet}” (people)"
            self.stdout.write(f"Read: the sheets {both}")
        if found.new_tags:
            new = "”, “".join(name for _pk, name in found.new_tags)
            made = "Made" if found.make_tags and not options["dry_run"] else "No"
            self.stdout.write(f"{made} tags: “{new}”")
        if left_out := two_sheets.left_out(found):
            self.stdout.write(f"Left out: the sheets “{'”, “'.join(left_out)}”")
        self.stdout.write(" ".join(f"{name}={found.counts.get(name, 0)}" for name in VERDICTS))


def _write_errors(found: Import, path: Path) -> None:
    rejected = found.rows.filter(
        verdict__in=(ImportRow.Verdict.ERROR, ImportRow.Verdict.DUPLICATE)
    ).order_by("number")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "verdict", "reason", *two_sheets.columns_of(found)])
        for row in rejected:
            place, sheet = two_sheets.place_of(found, row.number)
            writer.writerow(
                [f"{sheet} {place}".strip(), row.verdict, row.reason, *(row.cells or [])]
            )
