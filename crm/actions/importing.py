"""The background run of imports: taken up by a worker, told of while it goes on, stopped, cleared.

A run is one transaction of one session, which also holds the import's lock. If the process dies,
the database ends both: nothing is half written, and the next worker begins anew.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.actions import imports, undoing
from crm.actions.errors import Refused
from crm.models.imports import Import, ImportFile, ImportRow
from crm.rules.locks import IMPORT, IMPORTING

log = logging.getLogger(__name__)

MOST_TRIES = 3
TOLD_EVERY = 1.0  # seconds

Status = Import.Status
Stop = Callable[[], bool]


def never() -> bool:
    return False


def is_due() -> bool:
    """Whether a worker is wanted."""
    return Import.objects.due().exists()


def work_due(*, stop: Stop = never) -> int:
    """Look at and write what is due, the oldest first; how many imports were worked on.

    Safe to run any number of times at once: an import is worked on by one process at a time.
    """
    worked = 0
    for place in range(settings.IMPORT_WORKERS):
        with _held(IMPORTING, place) as free:
            if not free:
                continue
            for pk in Import.objects.due().order_by("pk").values_list("pk", flat=True):
                with _held(IMPORT, pk) as mine:
                    if mine and not stop():
                        worked += _work(pk, stop)
            break
    return worked


def forget() -> int:
    """Delete the files of imports that ended some days ago, and of cancelled ones; how many.

    What nobody went on with for as long is cancelled.
    """
    kept_since = timezone.now() - dt.timedelta(days=settings.IMPORT_KEPT)
    Import.objects.to_finish().filter(created_at__lt=kept_since).update(
        status=Status.CANCELLED, ended_at=timezone.now()
    )
    over = Import.objects.annotate(over=Coalesce("ended_at", "created_at")).filter(
        Q(over__lt=kept_since) | Q(status=Status.CANCELLED)
    )
    first = ImportFile.objects.filter(place=0, of_import__in=over.exclude(pk__in=over.due()))
    found = list(first.values_list("of_import_id", flat=True))
    for pk in found:
        with transaction.atomic():
            Import.objects.filter(pk=pk).update(heads=None)
            ImportRow.objects.filter(of_import=pk).update(cells=None)
            ImportFile.objects.filter(of_import=pk).delete()
    return len(found)


def _work(pk: int, stop: Stop) -> bool:
    """One run of one import, to whatever end; False where somebody was quicker."""
    taken = Import.objects.due().filter(pk=pk)
    if not taken.update(tries=F("tries") + 1, phase=Import.Phase.READING, rows_read=0):
        return False
    related = ("cluster__region", "by", "started_by", "undo_by")
    found = Import.objects.select_related(*related).get(pk=pk)
    who = found.undo_by or found.started_by or found.by
    with translation.override(who.language if who else None):
        if found.tries > MOST_TRIES:
            _fail(
                found,
                _(
                    "A worker stopped each time it was at this list, so it is not tried again. "
                    "Split the list into several files, or ask an administrator."
                ),
            )
        else:
            _attempt(found, stop)
    return True


def _attempt(found: Import, stop: Stop) -> None:
    watch = Watch(found, stop)
    try:
        _go(found, watch)
    except Refused as refused:
        if not watch.stopped:
            _fail(found, str(refused))
    except (InterfaceError, OperationalError):
        if not watch.stopped:
            raise  # the database is away or has no room: the next tick tries again
    except Exception:
        log.exception("Import %s failed.", found.pk)
        _fail(
            found,
            _(
                "Something went wrong here, and nothing was changed. Try it again; if it stays, "
                "ask an administrator."
            ),
        )
    if watch.stopped:  # of no fault of the list
        waiting = Import.objects.due().filter(pk=found.pk, tries__gt=0)
        waiting.update(tries=F("tries") - 1, phase="")


def _go(found: Import, watch: "Watch") -> None:
    if found.status == Status.DONE:
        undoing.undo(of_import=found, by=found.undo_by)
        return
    with watch:
        if found.status == Status.CHECKING:
            imports.check(of_import=found, tell=watch.tell)
        else:
            imports.run(of_import=found, by=found.started_by, tell=watch.tell)


def _fail(of_import: Import, why: str) -> None:
    told: dict[str, Any] = {"trouble": why[:300], "phase": "", "tries": 0}
    if of_import.status == Status.DONE:
        told["undo_asked_at"] = None
    else:
        told |= {"status": Status.FAILED, "ended_at": timezone.now()}
    Import.objects.due().filter(pk=of_import.pk).update(**told)


@contextmanager
def _held(kind: int, number: int) -> Iterator[bool]:
    """Whether this session alone holds the lock; a killed process leaves it at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        held = cursor.fetchone() == (True,)
        try:
            yield held
        finally:
            if held and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])


class Watch:
    """Tells the pages how far a run is, and the run that somebody stopped it.

    The run's own transaction shows nothing before its end, so this speaks from a thread with a
    session of its own. What the run's session is busy with for long, it breaks off.
    """

    def __init__(self, of_import: Import, stop: Stop) -> None:
        self.stopped = False
        self._import = of_import
        self._status = of_import.status
        self._stop = stop
        self._phase: str = Import.Phase.READING
        self._number = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch of an import")

    def tell(self, phase: str, number: int) -> None:
        """How far the run is. Raises Stopped where it must not go on."""
        self._phase, self._number = phase, number
        if self.stopped:
            raise imports.Stopped(_("This import was stopped."))

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._session: int = (cursor.fetchone() or (0,))[0]
        self._thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            while not self._ended.wait(TOLD_EVERY):
                self._look()
        except DatabaseError:
            log.warning("Nobody hears how far import %s is.", self._import.pk, exc_info=True)
        finally:
            connection.close()

    def _look(self) -> None:
        going_on = Import.objects.filter(pk=self._import.pk, status=self._status).update(
            phase=self._phase, rows_read=self._number, rows_total=self._import.rows_total
        )
        if (not going_on or self._stop()) and not self._ended.is_set():
            self.stopped = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_cancel_backend(%s)", [self._session])
