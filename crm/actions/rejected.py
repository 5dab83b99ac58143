"""The rows of a list that were not taken, as a table that can be mended and imported again."""

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crm.actions import audit, reasons, sheets, two_sheets
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
    names = two_sheets.names_of(of_import, sheets.layouts_of(of_import))
    rows = of_import.rows.filter(verdict__in=VERDICTS).order_by("number")
    audit.record(
        by=by,
        verb="download-rejected",
        row=of_import,
        cluster=of_import.cluster,
        count=sum(of_import.counts.get(verdict, 0) for verdict in VERDICTS),
    )
    header = [*map(escaped, names), _("What was wrong"), _("Row in the first file")]
    said = rows.values_list("number", "reason", "cells").iterator()
    return _lines(of_import, header, said, translation.get_language())


def _lines(
    of_import: Import, header: list[str], rows: Iterator[Any], language: str | None
) -> Iterator[list[str]]:
    names = header[:-2]
    yield header
    for number, reason, cells in rows:
        padded = [*(cells or []), *[""] * (len(names) - len(cells or []))]
        place, sheet = two_sheets.place_of(of_import, number)
        said = escaped(f"{sheet} {place}") if sheet else str(place)
        with translation.override(language):  # it is read when the page is answered already
            wrong = reasons.translated(reason)
        yield [*map(escaped, padded[: len(names)]), escaped(wrong), said]
