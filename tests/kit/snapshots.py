"""What a test's surroundings were made of, put back without making them again.

Surroundings are built through actions, as the screens would do it, which takes a second: history,
proofs, audit, passwords. They are the same for each test, so their rows are kept when they were
first built, and are copied back afterwards as they were.
"""

import functools
import pickle
from collections.abc import Callable
from typing import TypeVar

from django.db import connection, transaction
from django.utils import timezone

Made = TypeVar("Made")
Rows = dict[str, list[bytes]]
"""Lines of COPY's text format, by table and columns."""

TABLES = """
SELECT format('%I (%s)', c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)),
       format('SELECT %s FROM %I', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
              c.relname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname
"""


def remembered(build: Callable[[], Made]) -> Callable[[], Made]:
    """`build`, which runs only once a process and day: dates are counted from today."""
    kept: dict[object, tuple[Rows, bytes]] = {}

    @functools.wraps(build)
    def built() -> Made:
        today = timezone.localdate()
        if today in kept:
            rows, made = kept[today]
            _put_back(rows)
            return pickle.loads(made)  # type: ignore[no-any-return]
        before = _rows()
        world = build()
        kept[today] = (_new(before, _rows()), pickle.dumps(world))
        return world

    return built


def _rows() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, select in cursor.fetchall():
            with cursor.copy(f"COPY ({select}) TO STDOUT") as copy:
                found[table] = b"".join(copy).splitlines(keepends=True)
    return found


def _new(before: Rows, after: Rows) -> Rows:
    changed = [table for table, rows in before.items() if set(rows) - set(after[table])]
    assert not changed, f"What was there before is changed in {changed}: it could not be put back."
    new = {
        table: [row for row in rows if row not in set(before[table])]
        for table, rows in after.items()
    }
    return {table: rows for table, rows in new.items() if rows}


def _put_back(rows: Rows) -> None:
    """No trigger speaks: what they wrote is among the rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, lines in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(b"".join(lines))
        cursor.execute("SET LOCAL session_replication_role = origin")
