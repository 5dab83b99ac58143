"""Everything that the database holds, to be compared with what it held before."""

import json
from collections.abc import Collection
from typing import Any

from django.db import connection

# What must grow: history, audit, and how often a row was changed.
NEVER_AS_BEFORE = ("history", "pghistory_", "crm_auditentry", "django_session")


def snapshot(*, but: Collection[str] = ()) -> dict[str, list[str]]:
    """Each table's rows as text, in order. `but`: tables by the beginning or end of their name."""
    left_out = (*NEVER_AS_BEFORE, *but)
    tables = [
        name
        for name in connection.introspection.django_table_names(only_existing=True)
        if not name.startswith(left_out) and not name.endswith(left_out)
    ]
    return {table: sorted(map(_said, _rows(table))) for table in tables}


def _rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) - 'version' FROM {table} t")
        return list(cursor.fetchall())


def _said(row: tuple[Any, ...]) -> str:
    (value,) = row
    return json.dumps(json.loads(value) if isinstance(value, str) else value, sort_keys=True)


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is there in one of them only, with a + or -, by table."""
    found = {}
    for table in before.keys() | after.keys():
        was, is_ = before.get(table, []), after.get(table, [])
        rows = [f"- {row}" for row in was if row not in is_]
        rows += [f"+ {row}" for row in is_ if row not in was]
        if rows:
            found[table] = rows
    return found
