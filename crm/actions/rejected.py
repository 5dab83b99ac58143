"""The rows of a list that were not taken, as a table that can be mended and imported again."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from crm.actions import audit, sheets
from crm.actions.errors import Refused
from crm.models import User
from crm.models.imports import Import, ImportRow
from crm.rules.formulas import escaped

VERDICTS = (ImportRow.Verdict.DUPLICATE, ImportRow.Verdict.ERROR)


def table(*, of_import: Import, by: User | None) -> Iterator[list[str]]:
    """The header, then row by row what the file said, its number and the reason.

    No cell is one that a spreadsheet would compute. Raises Refused where the file is gone.
    """
    if not of_import.pieces.exists():
        raise Refused(_("The file of this import was deleted, as every file is after some days."))
    head = sheets.head_of(
        of_import,
        sheet=of_import.sheet,
        encoding=of_import.encoding,
        separator=of_import.separator,
    )
    names = sheets.layout_of(head, of_import.header).names
    rows = of_import.rows.filter(verdict__in=VERDICTS).order_by("number")
    audit.record(
        by=by,
        verb="download-rejected",
        row=of_import,
        cluster=of_import.cluster,
        count=sum(of_import.counts.get(verdict, 0) for verdict in VERDICTS),
    )
    return _lines(names, rows.values_list("number", "reason", "cells").iterator())


def _lines(names: tuple[str, ...], rows: Iterator[Any]) -> Iterator[list[str]]:
    yield [*map(escaped, names), _("What was wrong"), _("Row in the first file")]
    for number, reason, cells in rows:
        padded = [*(cells or []), *[""] * (len(names) - len(cells or []))]
        yield [*map(escaped, padded[: len(names)]), escaped(reason), str(number)]
