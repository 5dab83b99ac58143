"""Prepared statements on this thread's database connection.

Django's own cursors write every value into the text of a statement, which PostgreSQL then plans
anew. A statement that runs once for every few mails is planned once.
"""

import select
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import pq
from psycopg.errors import InvalidSqlStatementName, error_from_result

Row = tuple[str | None, ...]
Result = pq.abc.PGresult
Values = Mapping[str, Any]

# Of each session, the statements that `begin` has prepared there, by their texts.
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()
_numbers = count()
_under_way: "WeakKeyDictionary[psycopg.Connection[Any], Flight]" = WeakKeyDictionary()


def rows(sql: str, values: Values) -> list[Any]:
    """Run a statement that returns rows; inside the caller's transaction, or its own commit."""
    with connection.wrap_database_errors, _cursor() as cursor:
        cursor.execute(sql, values, prepare=True)
        return cursor.fetchall()


def numbers(values: Iterable[int]) -> str:
    """An array as PostgreSQL reads it: written at once, not element by element."""
    return f"{{{','.join(map(str, values))}}}"


def texts(values: Collection[str]) -> str:
    """The same of texts."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(quoted) + '"}' if values else "{}"


def run(sql: str, values: Values) -> int:
    """Run a statement and say how many rows it changed."""
    with connection.wrap_database_errors, _cursor() as cursor:
        cursor.execute(sql, values, prepare=True)
        return cursor.rowcount


def _cursor() -> "psycopg.Cursor[Any]":
    connection.ensure_connection()
    _land()
    return psycopg.Cursor(connection.connection)


# --- statements that the database works on while we go on


class Flight:
    """A statement under way. Whatever else the session is asked waits for its end."""

    def __init__(self, session: "psycopg.Connection[Any]", sql: str, values: Values) -> None:
        self._session, self._sql, self._values = session, sql, values
        self._send()
        self._result: Result | None = None
        self._error: psycopg.Error | None = None

    @property
    def under_way(self) -> bool:
        """Whether the end has not come yet; never waits for it."""
        if self._result or self._error:
            return False
        try:
            self._session.pgconn.consume_input()
            return bool(self._session.pgconn.is_busy())
        except psycopg.Error as error:
            self._error = error
            return False

    def land(self) -> None:
        """Wait for the statement's end, which is its commit."""
        if self._result or self._error:
            return
        try:
            try:
                self._result = _result(self._session.pgconn)
            except InvalidSqlStatementName:
                # After a rollback psycopg forgets all prepared statements: nothing was done yet.
                del _prepared[self._session]
                self._send()
                self._result = _result(self._session.pgconn)
        except psycopg.Error as error:
            self._error = error

    def _send(self) -> None:
        known = _prepared.setdefault(self._session, {})
        pgconn = self._session.pgconn
        if self._sql not in known:
            known[self._sql] = _prepare(pgconn, self._sql, self._values)
        given = [None if value is None else str(value).encode() for value in self._values.values()]
        pgconn.send_query_prepared(known[self._sql], given)
        _push(pgconn)

    def rows(self) -> list[Row]:
        """The rows as PostgreSQL writes them, once they are committed.

        Raises what any statement would, such as OperationalError for a lost session.
        """
        self.land()
        with connection.wrap_database_errors:
            if self._error:
                raise self._error
        result = self._result
        assert result
        return [
            tuple(_text(result.get_value(row, column)) for column in range(result.nfields))
            for row in range(result.ntuples)
        ]


class Landed:
    """The same of a statement inside somebody's transaction, which no one need wait for."""

    def __init__(self, sql: str, values: Values) -> None:
        self._rows = rows(sql, values)

    under_way = False

    def rows(self) -> list[Row]:
        return [tuple(None if value is None else str(value) for value in row) for row in self._rows]


def begin(sql: str, values: Values) -> Flight | Landed:
    """Send a statement with its own commit, and go on while PostgreSQL works on it.

    psycopg can only wait, or leave the commit to a whole pipeline's end; so this speaks with
    libpq, in values that PostgreSQL reads as texts.
    """
    if connection.in_atomic_block:
        return Landed(sql, values)
    connection.ensure_connection()
    _land()
    if _land_first not in connection.execute_wrappers:
        connection.execute_wrappers.append(_land_first)
    session: psycopg.Connection[Any] = connection.connection
    with connection.wrap_database_errors:
        flight = _under_way[session] = Flight(session, sql, values)
    return flight


def _land() -> None:
    """Wait for what this thread's session works on, if anything."""
    flight = _under_way.pop(connection.connection, None)
    if flight:
        flight.land()


def _land_first(
    execute: Callable[..., Any], sql: str, values: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around every statement of Django's own."""
    _land()
    return execute(sql, values, many, context)


def _prepare(session: pq.abc.PGconn, sql: str, names: Iterable[str]) -> bytes:
    name = b"begun_%d" % next(_numbers)
    numbered = sql % {each: f"${n}" for n, each in enumerate(names, start=1)}
    session.send_prepare(name, numbered.encode())
    _push(session)
    _result(session)
    return name


def _push(session: pq.abc.PGconn) -> None:
    while session.flush():
        _wait(session, select.POLLIN | select.POLLOUT)
        session.consume_input()


def _result(session: pq.abc.PGconn) -> Result:
    """The end of the one statement that is under way."""
    found = []
    while True:
        while session.is_busy():
            _wait(session, select.POLLIN)
            session.consume_input()
        result = session.get_result()
        if result is None:
            break
        found.append(result)
    if found[-1].status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        raise error_from_result(found[-1])
    return found[-1]


def _wait(session: pq.abc.PGconn, events: int) -> None:
    poll = select.poll()
    poll.register(session.socket, events)
    poll.poll()


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
