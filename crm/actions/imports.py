"""Imports: a cluster's file from the upload to the address book.

A file is looked at before anything is written, by the same statements that write it later. What is
written is one transaction: a list is in the address book, or it is not.
"""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.actions.judging import judge
from crm.actions.staging import Stage
from crm.actions.writing import keep_rows, write
from crm.models import Basis, Cluster, User
from crm.models.imports import ColumnMemory, Import, ImportFile
from crm.resources.contacts import ContactResource
from crm.rules.columns import guess_all, is_known
from crm.rules.entries import Entry, EntryReader
from crm.rules.names import fold
from crm.rules.sheets import Layout, Sheet, UnreadableFile, guess_layout, layout_at, open_sheets

PIECE = 2**20  # bytes of a file in one row

Status = Import.Status


def upload(
    *,
    cluster: Cluster,
    by: User | None,
    path: Path,
    file_name: str,
    origin: str = "",
    dated: dt.date | None = None,
    basis: str = "",
    policy: str = Import.Policy.FILL,
) -> Import:
    """Keep a file and guess how it is to be read. Raises Refused with what is wrong with it."""
    with tempfile.TemporaryDirectory() as workspace:
        try:
            sheet = _fullest(open_sheets(path, Path(workspace)))
            layout = guess_layout(sheet.head(), is_known)
        except UnreadableFile as problem:
            raise Refused(str(problem)) from problem
    with transaction.atomic():
        found = Import.objects.create(
            cluster=cluster,
            by=by,
            file_name=file_name[:200],
            file_hash=_hash(path),
            sheet=sheet.name,
            encoding=sheet.dialect.encoding,
            separator=sheet.dialect.separator,
            header=layout.header,
            columns=_remembered(cluster, layout) or guess_all(layout.names),
            origin=origin.strip(),
            dated=dated,
            basis=basis,
            policy=policy,
        )
        with path.open("rb") as file:
            place = 0
            while piece := file.read(PIECE):
                ImportFile.objects.create(of_import=found, place=place, content=piece)
                place += 1
        audit.record(by=by, verb="upload", row=found, cluster=cluster)
    return found


def check(*, of_import: Import) -> Import:
    """Say of every row what would become of it; nothing in the address book changes."""
    _refuse_unless(of_import, Status.DESCRIBED, Status.CHECKED, Status.CHECKING)
    with transaction.atomic():
        number = _stage(of_import)
        judge(of_import)
        of_import.counts = keep_rows(of_import, written=False)
        of_import.rows_total = number
        of_import.status = Status.CHECKED
        of_import.save(update_fields=["counts", "rows_total", "status"])
    return of_import


def run(*, of_import: Import, by: User | None) -> Import:
    """Write the list into the address book, as it is now: it is judged anew."""
    _refuse_unless(of_import, Status.DESCRIBED, Status.CHECKED, Status.WRITING)
    _refuse_without_reason(of_import)
    with transaction.atomic(), pghistory.context(**{"import": of_import.pk}):
        locked = Import.objects.select_for_update().get(pk=of_import.pk)
        _refuse_unless(locked, Status.DESCRIBED, Status.CHECKED, Status.WRITING)
        number = _stage(of_import)
        judge(of_import)
        write(of_import)
        of_import.counts = keep_rows(of_import, written=True)
        of_import.rows_total = of_import.rows_read = number
        of_import.status, of_import.ended_at = Status.DONE, timezone.now()
        of_import.save(
            update_fields=["counts", "rows_total", "rows_read", "status", "ended_at", "written"]
        )
        _remember(of_import)
        audit.record(
            by=by,
            verb="import",
            row=of_import,
            cluster=of_import.cluster,
            count=number,
            detail={"counts": of_import.counts},
        )
    return of_import


@contextmanager
def opened(of_import: Import) -> Iterator[Sheet]:
    """The import's table. Raises Refused where its file was deleted or cannot be read."""
    pieces = of_import.pieces.order_by("place").values_list("content", flat=True)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "file"
        with path.open("wb") as file:
            for piece in pieces.iterator(chunk_size=8):
                file.write(piece)
        workspace = Path(directory) / "sheets"
        workspace.mkdir()
        try:
            sheets = open_sheets(path, workspace)
            sheet = next((each for each in sheets if each.name == of_import.sheet), sheets[0])
            yield sheet.written_as(encoding=of_import.encoding, separator=of_import.separator)
        except UnreadableFile as problem:
            raise Refused(str(problem)) from problem


def layout_of(of_import: Import, sheet: Sheet) -> Layout:
    return layout_at(sheet.head(), of_import.header, is_known)


def _stage(of_import: Import) -> int:
    """Put every row into the tables of this transaction; how many there are."""
    stage = Stage(of_import, lambda _number: None)
    reader = ContactResource.reader(of_import.columns, of_import.cluster)
    with opened(of_import) as sheet:
        stage.fill(_entries(sheet, of_import.header, reader))
    return stage.number


def _entries(sheet: Sheet, header: int, reader: EntryReader) -> Iterator[tuple[Entry, list[str]]]:
    for number, row in enumerate(sheet.rows(), start=1):
        if number <= header + 1:
            continue
        entry = reader.read(number, row)
        if entry is not None:
            yield entry, row


def _fullest(sheets: list[Sheet]) -> Sheet:
    """Of several sheets the one whose header says most."""

    def score(sheet: Sheet) -> int:
        return sum(map(is_known, guess_layout(sheet.head(), is_known).names))

    return max(sheets, key=score)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _header_hash(layout: Layout) -> str:
    return hashlib.sha256("\n".join(fold(name) for name in layout.names).encode()).hexdigest()


def _remembered(cluster: Cluster, layout: Layout) -> list[str] | None:
    memory = ColumnMemory.objects.filter(cluster=cluster, header_hash=_header_hash(layout)).first()
    return memory.columns if memory else None


def _remember(of_import: Import) -> None:
    with opened(of_import) as sheet:
        layout = layout_of(of_import, sheet)
    ColumnMemory.objects.update_or_create(
        cluster=of_import.cluster,
        header_hash=_header_hash(layout),
        defaults={"columns": of_import.columns},
    )


def _refuse_unless(of_import: Import, *statuses: str) -> None:
    if of_import.status not in statuses:
        raise IllegalTransition(
            _("This import is %(status)s.") % {"status": of_import.get_status_display()}
        )


def _refuse_without_reason(of_import: Import) -> None:
    """GDPR, articles 5(2) and 14: where the data come from, and why they may be used."""
    if not of_import.origin:
        raise Refused(_("Say where the list comes from: the people in it may ask."))
    if of_import.basis not in Basis.values:
        raise Refused(_("Say on which legal basis these people may be written to."))
    if not any(of_import.columns):
        raise Refused(_("Say what at least one column holds."))
