"""Exports: a list taken out as a file, by whoever may read it, as far as they may.

Asking writes a row. Small files are made at once, larger ones by a worker, which asks the list's
question anew: whoever lost a role since gets nothing, whoever objected since is not in it.
"""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Cluster, Export, ExportPiece, Person, User
from crm.models.scope import Scope
from crm.resources.contacts import Contact, ContactResource
from crm.resources.lists import LISTS, card, contacts, kept_by, own_columns
from crm.rules import tables, vcards
from crm.rules.headers import own_header
from crm.rules.locks import EXPORTING

Rows = Callable[[str, User, str], tuple[QuerySet[Any], list[int]]]
"""Noun, user, question → the rows of that list for that user, and their ids in its order."""

PIECE = 2**20  # bytes of a file in one row
CHUNK = 1_000  # rows that are read at once
TURNS = 3  # tries to make one export

Format, Status = Export.Format, Export.Status


class _NotMine(Exception):
    """Somebody else makes this export by now, or it was deleted."""


def ask(
    *,
    by: User,
    noun: str,
    question: str,
    file_format: str,
    columns: Sequence[str],
    language: str,
    number: int,
) -> Export:
    """Write down which list is wanted; `number` is how many rows it has now."""
    if not number:
        raise Refused(_("There is nothing to export: this list is empty for you."))
    if number > settings.EXPORT_MOST:
        raise Refused(
            _("These are %(number)s rows; a file takes %(most)s. Narrow the list by a filter.")
            % {"number": number, "most": settings.EXPORT_MOST}
        )
    known = [*LISTS[noun].all, *own_columns(noun, by)]
    chosen = [name for name in known if name in columns]
    if not chosen:
        raise Refused(_("Choose at least one column."))
    expires = timezone.now() + dt.timedelta(days=settings.EXPORT_DAYS)
    return Export.objects.create(
        by=by,
        noun=noun,
        question=question,
        file_format=Format(file_format),
        columns=chosen,
        language=language,
        rows_total=number,
        expires_at=expires,
    )


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other process makes exports at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [EXPORTING])
        free = cursor.fetchone() == (True,)
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [EXPORTING])


def is_due() -> bool:
    """Whether a worker is wanted."""
    return Export.objects.due(timezone.now()).exists()


def make_next(rows: Rows) -> bool:
    """Make the export that waits longest; False where none does."""
    export = Export.objects.due(timezone.now()).first()
    if export is None:
        return False
    make(export=export, rows=rows)
    return True


def make(*, export: Export, rows: Rows) -> None:
    """Make the file. Safe to call twice and at once: one caller makes it."""
    taken = Export.objects.due(timezone.now()).filter(pk=export.pk, turn=export.turn)
    if not taken.order_by().update(
        status=Status.MAKING, turn=F("turn") + 1, seen_at=timezone.now(), rows_written=0
    ):
        return
    export.refresh_from_db()
    if export.turn > TURNS:
        _fail(export, _("The file could not be made. Try a smaller list, or another format."))
        return
    with translation.override(export.language), tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "export"
        try:
            _write(export, path, rows)
        except _NotMine:
            return
        if export.rows_written:
            _keep(export, path)
        else:
            _fail(export, _("There is nothing left to export: you may read none of these rows."))


def fetch(*, export: Export, by: User) -> Iterator[bytes]:
    """The file, piece by piece, for whoever asked for it and may still read what is in it."""
    if export.by_id != by.pk:
        raise Refused(_("This export is somebody else's."))
    if export.is_expired:
        raise Refused(_("This file has expired and is deleted. Export the list anew."))
    if export.status != Status.READY:
        raise Refused(_("This file is not made yet."))
    scope = by.scope
    unread = set(export.clusters) - scope.clusters or set(export.shared_clusters) - scope.reads
    if unread and not scope.admin:
        raise Refused(_("You may no longer read the records in this file."))
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(downloaded_at=timezone.now())
        audit.record(by=by, verb="download", row=export, count=export.rows_written)
    pieces = export.pieces.order_by("place").values_list("content", flat=True)
    return (bytes(piece) for piece in pieces.iterator(chunk_size=8))


def fetch_card(*, person: Person, by: User) -> str:
    """The vCard of one person, as far as the user may read it."""
    found = Person.objects.visible_to(by).filter(pk=person.pk)
    (contact,) = contacts(found, [person.pk], by.scope)
    audit.record(by=by, verb="export", row=person, cluster=person.cluster, count=1)
    return vcards.written(card(contact, ContactResource()))


def delete(*, export: Export, by: User) -> None:
    """Delete the file, or stop its making; that it was asked for stays in the audit."""
    with transaction.atomic():
        audit.record(by=by, verb="delete_export", row=export, count=export.rows_written)
        export.delete()


def forget() -> int:
    """Delete the files that have expired, and a while later the rows, too."""
    now = timezone.now()
    gone = Export.objects.expired(now)
    ExportPiece.objects.filter(of_export__in=gone).delete()
    number, _by_model = gone.filter(expires_at__lte=now - dt.timedelta(days=30)).delete()
    return number


def _write(export: Export, path: Path, rows: Rows) -> None:
    """Write the file row by row, telling how far it is."""
    user = User.objects.get(pk=export.by_id)
    scope = user.scope
    found, ordered = rows(export.noun, user, export.question)
    own = own_columns(export.noun, user)
    known = {*LISTS[export.noun].all, *own}
    export.columns = [name for name in export.columns if name in known]
    whole: set[int] = set()
    shared: set[int] = set()
    cards = export.file_format == Format.VCARD
    writer = _Cards(path, export) if cards else _Rows(path, export, own)
    with closing(writer):
        for pks in _chunks(ordered):
            for contact in contacts(found, pks, scope):
                writer.write(contact)
                (whole if contact.readable is None else shared).update(_kept_by(contact, scope))
                export.rows_written += 1
            _tell(export)
    export.clusters, export.shared_clusters = sorted(whole), sorted(shared - whole)


def _kept_by(contact: Contact, scope: Scope) -> set[int]:
    """Whose records a row shows."""
    if contact.person:
        return {contact.person.cluster_id}
    assert contact.organisation
    if contact.membership:
        return {contact.membership.cluster_id}
    kept = {each.cluster_id for each in kept_by(contact.organisation)}
    return kept if scope.admin else kept & scope.reads


class _Rows:
    """A table, one row for each contact."""

    def __init__(self, path: Path, export: Export, own: Mapping[str, str]) -> None:
        self._columns = export.columns
        self._resource = ContactResource()
        self._table = _table(path, export)
        said = [
            own_header(own[name], export.language) if name in own else self._resource.header(name)
            for name in self._columns
        ]
        self._table.write(said)

    def write(self, contact: Contact) -> None:
        self._table.write(self._resource.values(contact, self._columns))

    def close(self) -> None:
        self._table.close()


class _Cards:
    """A vCard for each contact."""

    def __init__(self, path: Path, _export: Export) -> None:
        self._resource = ContactResource()
        self._file = path.open("w", encoding="utf-8", newline="", errors="replace")

    def write(self, contact: Contact) -> None:
        self._file.write(vcards.written(card(contact, self._resource)))

    def close(self) -> None:
        self._file.close()


def _table(path: Path, export: Export) -> tables.Table:
    name = str(export.get_noun_display()).capitalize()
    return tables.made(export.file_format, path, name, export.language)


def _tell(export: Export) -> None:
    mine = Export.objects.filter(pk=export.pk, status=Status.MAKING, turn=export.turn)
    if not mine.update(rows_written=export.rows_written, seen_at=timezone.now()):
        raise _NotMine


def _keep(export: Export, path: Path) -> None:
    """Put the file into the database and say that it is ready; all of it, or nothing."""
    with transaction.atomic():
        mine = Export.objects.filter(pk=export.pk, status=Status.MAKING, turn=export.turn)
        export.status, export.size = Status.READY, path.stat().st_size
        ready = mine.update(
            status=export.status,
            size=export.size,
            rows_written=export.rows_written,
            clusters=export.clusters,
            shared_clusters=export.shared_clusters,
        )
        if not ready:
            return
        with path.open("rb") as file:
            place = 0
            while content := file.read(PIECE):
                ExportPiece.objects.create(of_export=export, place=place, content=content)
                place += 1
        _audit(export)


def _audit(export: Export) -> None:
    """One entry, whose detail names every cluster whose records went out."""
    concerned = [*export.clusters, *export.shared_clusters]
    audit.record(
        by=export.by,
        verb="export",
        row=export,
        cluster=Cluster.objects.get(pk=concerned[0]) if len(concerned) == 1 else None,
        count=export.rows_written,
        detail={
            "of": export.noun,
            "format": export.file_format,
            "columns": export.columns,
            "clusters": concerned,
        },
    )


def _fail(export: Export, sentence: str) -> None:
    export.status, export.trouble = Status.FAILED, sentence[:300]
    Export.objects.filter(pk=export.pk, status=Status.MAKING, turn=export.turn).update(
        status=export.status, trouble=export.trouble
    )


def _chunks(pks: list[int]) -> Iterator[list[int]]:
    rest = iter(pks)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
