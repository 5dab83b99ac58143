"""Imports: a cluster's file from the upload to the address book.

A file is looked at before anything is written, by the same statements that write it later. What is
written is one transaction: a list is in the address book, or it is not.
"""

import datetime as dt
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit, duplicates, import_columns, sheets, two_sheets
from crm.actions.errors import IllegalTransition, Refused
from crm.actions.judging import alone, judge
from crm.actions.staging import Stage
from crm.actions.writing import keep_rows, write
from crm.models import Basis, Cluster, User
from crm.models.imports import Import
from crm.resources.contacts import ContactResource
from crm.rules.columns import TAGS
from crm.rules.rows import rows, rows_beside
from crm.rules.sheets import Sheet, UnreadableFile, open_sheets

Status = Import.Status
Phase = Import.Phase
Tell = Callable[[str, int], None]

NAMING = {"name", "given", "family", "email", "legal_name"}  # columns without which no row counts
MANY = {"email", "phone", *TAGS.values()}  # columns of which a list may have several
MANY_ROWS = 5_000  # of more it is worth while to have them read by a program beside


class Stopped(IllegalTransition):
    """Somebody else moved the import on while it was read or written."""


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
    make_tags: bool = False,
) -> Import:
    """Keep a file and guess how it is to be read. Raises Refused with what is wrong with it.

    Who sends the same file twice gets the import that waits already.
    """
    file_hash = sheets.file_hash(path)
    if by:
        waiting = Import.objects.filter(cluster=cluster, by=by, status=Status.DESCRIBED)
        if again := waiting.filter(file_hash=file_hash).first():
            return again
    with tempfile.TemporaryDirectory() as workspace:
        try:
            found = open_sheets(path, Path(workspace))
            heads = sheets.heads_of(found)
            looked = [sheets.look(cluster, sheet) for sheet in found]
        except UnreadableFile as problem:
            raise Refused(str(problem)) from problem
    people, organisations = two_sheets.pair(looked) or (sheets.fullest(looked), None)
    dialect = next(sheet.dialect for sheet in found if sheet.name == people.name)
    with transaction.atomic():
        kept = Import.objects.create(
            cluster=cluster,
            by=by,
            file_name=file_name[:200],
            file_hash=file_hash,
            sheet=people.name,
            encoding=dialect.encoding,
            separator=dialect.separator,
            header=people.layout.header,
            columns=people.columns,
            beside=organisations and organisations.said,
            heads=heads,
            origin=origin.strip(),
            dated=dated,
            basis=basis,
            policy=policy,
            make_tags=make_tags,
        )
        sheets.keep(kept, path)
        audit.record(by=by, verb="upload", row=kept, cluster=cluster)
    return kept


def describe(
    *,
    of_import: Import,
    by: User | None,
    sheet: str,
    encoding: str,
    separator: str,
    header: int,
    columns: Sequence[str],
    beside: dict[str, Any] | None = None,
) -> Import:
    """Say how the file is read and what its columns hold; a worker then looks at every row.

    `beside` is the sheet of organisations that is read with it: its name, header and columns.
    """
    known = import_columns.known(of_import.cluster)
    _refuse_columns(columns, known)
    if beside:
        _refuse_columns(beside["columns"], known)
        two_sheets.refuse(beside, sheet=sheet, columns=columns)
    with transaction.atomic():
        _move(
            of_import,
            (Status.DESCRIBED, Status.CHECKED, Status.FAILED),
            status=Status.CHECKING,
            sheet=sheet,
            encoding=encoding,
            separator=separator,
            header=header,
            columns=list(columns),
            beside=beside,
            rows_total=None,
            ended_at=None,
        )
        audit.record(by=by, verb="describe", row=of_import, cluster=of_import.cluster)
    return of_import


def compare(
    *,
    of_import: Import,
    by: User | None,
    policy: str,
    origin: str = "",
    dated: dt.date | None = None,
    basis: str = "",
    make_tags: bool = False,
) -> Import:
    """Look at every row anew under another policy, or with the tags that it makes; what was said
    of the list already is kept."""
    with transaction.atomic():
        _move(
            of_import,
            (Status.CHECKED,),
            status=Status.CHECKING,
            policy=policy,
            make_tags=make_tags,
            origin=origin.strip(),
            dated=dated,
            basis=basis,
        )
        audit.record(
            by=by,
            verb="compare",
            row=of_import,
            cluster=of_import.cluster,
            detail={"policy": policy},
        )
    return of_import


def decide(
    *,
    of_import: Import,
    by: User | None,
    policy: str,
    origin: str,
    dated: dt.date | None,
    basis: str,
    make_tags: bool = False,
) -> Import:
    """Have the list written as it was shown. Under another policy it is shown anew first."""
    if policy != of_import.policy or make_tags != of_import.make_tags:
        return compare(
            of_import=of_import,
            by=by,
            policy=policy,
            origin=origin,
            dated=dated,
            basis=basis,
            make_tags=make_tags,
        )
    if dated and dated > timezone.localdate():
        raise Refused(_("The list cannot be from the future. Give the day it was made."))
    _refuse_unless(of_import, Status.CHECKED)
    _refuse_without_reason(of_import.columns, origin.strip(), basis)
    with transaction.atomic():
        _move(
            of_import,
            (Status.CHECKED,),
            status=Status.WRITING,
            origin=origin.strip(),
            dated=dated,
            basis=basis,
            started_by=by,
        )
        audit.record(by=by, verb="decide", row=of_import, cluster=of_import.cluster)
    return of_import


def cancel(*, of_import: Import, by: User | None) -> Import:
    """Stop at any step before the end: nothing of the list stays in the address book."""
    with transaction.atomic():
        _move(
            of_import,
            (
                Status.DESCRIBED,
                Status.CHECKING,
                Status.CHECKED,
                Status.WRITING,
                Status.FAILED,
            ),
            status=Status.CANCELLED,
            ended_at=timezone.now(),
        )
        audit.record(by=by, verb="cancel", row=of_import, cluster=of_import.cluster)
    return of_import


def ask_undo(*, of_import: Import, by: User | None) -> Import:
    """Have a worker take back what the import wrote."""
    now = timezone.now()
    with transaction.atomic():
        written = Import.objects.filter(
            pk=of_import.pk, status=Status.DONE, undo_asked_at__isnull=True
        )
        if not written.update(
            undo_asked_at=now, undo_by=by, trouble="", phase="", tries=0, rows_read=0
        ):
            of_import.refresh_from_db(fields=["status", "undo_asked_at"])
            _refuse_unless(of_import)
        audit.record(by=by, verb="ask-undo", row=of_import, cluster=of_import.cluster)
    of_import.undo_asked_at, of_import.undo_by = now, by
    return of_import


def _to_nobody(_phase: str, _number: int) -> None:
    """A run in the foreground needs no news of how far it is."""


def check(*, of_import: Import, tell: Tell = _to_nobody) -> Import:
    """Say of every row what would become of it; nothing in the address book changes.

    `tell` hears the phase and how many rows were read, and may raise to stop.
    """
    _refuse_unless(of_import, Status.DESCRIBED, Status.CHECKED, Status.CHECKING)
    with sheets.opened(of_import) as sheet, transaction.atomic():
        number = _stage(of_import, sheet, tell)
        tell(Phase.COMPARING, number)
        judge(of_import)
        two_sheets.renumber(of_import)
        counts = keep_rows(of_import, written=False)
        _settle(
            of_import,
            status=Status.CHECKED,
            counts=counts,
            rows_total=number,
            beside=of_import.beside,
            new_tags=of_import.new_tags,
        )
    return of_import


def run(*, of_import: Import, by: User | None, tell: Tell = _to_nobody) -> Import:
    """Write the list into the address book, as it is now: it is judged anew."""
    _refuse_unless(of_import, Status.DESCRIBED, Status.CHECKED, Status.WRITING)
    _refuse_without_reason(of_import.columns, of_import.origin, of_import.basis)
    source: dict[str, Any] = {"import": of_import.pk} | ({"user": by.pk} if by else {})
    with sheets.opened(of_import) as sheet, transaction.atomic(), pghistory.context(**source):
        alone(of_import.cluster_id)
        number = _stage(of_import, sheet, tell)
        tell(Phase.COMPARING, number)
        judge(of_import, hold=True)
        tell(Phase.WRITING, number)
        barred = write(of_import)
        two_sheets.renumber(of_import)
        counts = keep_rows(of_import, written=True) | ({"barred": barred} if barred else {})
        sheets.remember(of_import)
        audit.record(
            by=by,
            verb="import",
            row=of_import,
            cluster=of_import.cluster,
            count=number,
            detail={"counts": counts},
        )
        if counts.keys() & {"new", "changed"}:
            duplicates.ask(cluster_id=of_import.cluster_id)
        _settle(
            of_import,
            status=Status.DONE,
            counts=counts,
            rows_total=number,
            written=of_import.written,
            beside=of_import.beside,
            new_tags=of_import.new_tags,
            ended_at=timezone.now(),
        )
    return of_import


def _stage(of_import: Import, sheet: Sheet, tell: Tell) -> int:
    """Put every row into the tables of this transaction; how many there are."""
    of_import.rows_total = of_import.rows_total or sheets.lines(sheet)
    tell(Phase.READING, 0)
    stage = Stage(of_import, lambda number: tell(Phase.READING, number))
    reader = ContactResource.reader(two_sheets.columns_of(of_import), of_import.cluster)
    read = rows_beside if of_import.rows_total > MANY_ROWS else rows
    with closing(read(sheet, two_sheets.header_of(of_import), reader)) as found:
        stage.fill(found)
    of_import.new_tags = stage.shelf.new_tags
    if not stage.number:
        raise Refused(_("There is no row below the header. Choose another header row or sheet."))
    return stage.number


def _move(of_import: Import, expected: Sequence[str], **values: Any) -> None:
    """One step of the wizard, from where the import is known to be."""
    values = {"phase": "", "rows_read": 0, "tries": 0, "trouble": "", **values}
    moved = Import.objects.filter(pk=of_import.pk, status__in=expected).update(**values)
    if not moved:
        of_import.refresh_from_db(fields=["status"])
        _refuse_unless(of_import, *expected)
        raise IllegalTransition(_("Somebody else is at this import. Look at it again."))
    for name, value in values.items():
        setattr(of_import, name, value)


def _settle(of_import: Import, **values: Any) -> None:
    """The last step of a run, in its transaction: without it nothing of the run remains."""
    values = {"phase": "", "tries": 0, "rows_read": values["rows_total"], **values}
    unmoved = Import.objects.filter(pk=of_import.pk, status=of_import.status)
    if not unmoved.update(**values):
        raise Stopped(_("This import was stopped."))
    for name, value in values.items():
        setattr(of_import, name, value)


def _refuse_unless(of_import: Import, *statuses: str) -> None:
    if of_import.status not in statuses:
        raise IllegalTransition(
            _("That cannot be done now: “%(file)s” %(status)s.")
            % {"file": of_import.file_name, "status": of_import.said}
        )


def _refuse_columns(columns: Sequence[str], known: Collection[str]) -> None:
    taken = [name for name in columns if name]
    if not taken:
        raise Refused(_("Say what at least one column holds."))
    if not NAMING.intersection(taken):
        raise Refused(
            _("Say which column holds names, addresses or companies: a row needs one of them.")
        )
    for name in taken:
        if name not in known:
            raise Refused(_("“%(name)s” is no column that can be imported.") % {"name": name[:40]})
        if taken.count(name) > 1 and name not in MANY:
            raise Refused(_("Two columns are said to hold the same. Choose one of them."))


def _refuse_without_reason(columns: Sequence[str], origin: str, basis: str) -> None:
    """GDPR, articles 5(2) and 14: where the data come from, and why they may be used."""
    if not origin:
        raise Refused(_("Say where the list comes from: the people in it may ask."))
    if basis not in Basis.values:
        raise Refused(_("Say on which legal basis these people may be written to."))
    if not any(columns):
        raise Refused(_("Say what at least one column holds."))
