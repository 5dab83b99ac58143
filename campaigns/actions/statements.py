"""Prepared statements on this thread's database connection.

Django's own cursors write every value into the text of a statement, which PostgreSQL then plans
anew. A statement that runs once for every few mails is planned once.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import psycopg
from django.db import connection


def rows(sql: str, values: Mapping[str, Any]) -> list[Any]:
    """Run a statement that returns rows; inside the caller's transaction, or its own commit."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, values, prepare=True)
        return cursor.fetchall()


def numbers(values: Iterable[int]) -> str:
    """An array as PostgreSQL reads it: written at once, not element by element."""
    return f"{{{','.join(map(str, values))}}}"


def texts(values: Collection[str]) -> str:
    """The same of texts."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(quoted) + '"}' if values else "{}"


def run(sql: str, values: Mapping[str, Any]) -> int:
    """Run a statement and say how many rows it changed."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, values, prepare=True)
        return cursor.rowcount
