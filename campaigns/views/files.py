"""A table of a page as a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from crm.rules import tables
from crm.rules.tables import Value

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def refuse_unknown(file_format: str) -> None:
    """Raises Http404."""
    if file_format not in FORMATS:
        raise Http404


def download(
    rows: Iterable[Sequence[Value]], *, file_format: str, title: str, name: str
) -> HttpResponse:
    """These rows, the header first. Raises Http404 for a format that there is none of."""
    refuse_unknown(file_format)
    with TemporaryDirectory() as place:
        path = Path(place, "table")
        table = tables.made(file_format, path, title, get_language() or "en")
        for row in rows:
            table.write(row)
        table.close()
        response = HttpResponse(path.read_bytes(), content_type=FORMATS[file_format])
    disposition = content_disposition_header(True, f"{name}.{file_format}")
    response.headers["Content-Disposition"] = str(disposition)
    return response
