"""The erasure log: a file outside the database, from which a restore erases once more.

It holds keyed hashes, ids and times, and names nobody. Each line is an erasure as JSON.
"""

import datetime as dt
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from crm.models import Erasure

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One line of the file; the fields are those of `Erasure`."""

    key: UUID
    hmac: bytes | None
    scope: str
    cluster: int | None
    people: list[list[Any]]
    at: dt.datetime
    by: int | None


def path() -> Path:
    """`ERASURE_LOG`, or beside what this host remembers of the database."""
    return Path(settings.ERASURE_LOG or Path(settings.WITNESS_DIR) / "erasures.log")


def keep() -> int:
    """Write to the file what is not in it yet; again later where the disk does not take it."""
    with transaction.atomic():
        rows = list(
            Erasure.objects.filter(logged_at=None)
            .select_for_update(skip_locked=True)
            .order_by("pk")
        )
        if not rows:
            return 0
        try:
            _append(rows)
        except OSError:
            log.exception("%s cannot be written; erasures are kept in the database only.", path())
            return 0
        Erasure.objects.filter(pk__in=[row.pk for row in rows]).update(logged_at=timezone.now())
    return len(rows)


def bring_up_to_date() -> None:
    """Write every erasure of this database to the file that it lacks: before it is replaced."""
    if Erasure._meta.db_table in connection.introspection.table_names():
        known = {entry.key for entry in read()}
        missing = [row for row in Erasure.objects.order_by("pk") if row.key not in known]
        if missing:
            _append(missing)


def read() -> list[Entry]:
    """What the file holds; a line that was cut off by a crash is left out and said in the log."""
    try:
        lines = path().read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    entries = []
    for number, line in enumerate(lines, 1):
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, TypeError, KeyError):
            log.warning("Line %s of %s cannot be read and is left out.", number, path())
    return entries


def _append(rows: Iterable[Erasure]) -> None:
    """In one write, on the disk when it returns; after a line that was cut off on a new one."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(_told(row)) + "\n" for row in rows)
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        whole = not size or os.pread(handle, 1, size - 1) == b"\n"
        left = (text if whole else f"\n{text}").encode()
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(row: Erasure) -> dict[str, Any]:
    return {
        "key": str(row.key),
        "hmac": bytes(row.hmac).hex() if row.hmac else None,
        "scope": row.scope,
        "cluster": row.cluster_id,
        "people": row.people,
        "at": row.at.isoformat(),
        "by": row.by_id,
    }


def _entry(told: dict[str, Any]) -> Entry:
    return Entry(
        key=UUID(told["key"]),
        hmac=bytes.fromhex(told["hmac"]) if told["hmac"] else None,
        scope=told["scope"],
        cluster=told["cluster"],
        people=told["people"],
        at=dt.datetime.fromisoformat(told["at"]),
        by=told["by"],
    )
