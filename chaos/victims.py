"""The processes that may be killed, and what they have on the line."""

import datetime as dt
import os
import signal
from contextlib import suppress
from typing import Any

from django.db import connection

# Batches leased by a database session of these processes.
LEASED = """
SELECT b.id, a.application_name FROM campaigns_batch b
JOIN pg_stat_activity a ON a.pid = b.session_pid AND a.backend_start = b.session_started_at
WHERE b.lease_until IS NOT NULL AND b.done_at IS NULL AND a.application_name = ANY(%s)
"""
SESSIONS = "SELECT pid, backend_start FROM pg_stat_activity WHERE application_name = ANY(%s)"
# A session that has ended still names its batches until the sweep takes them back.
LEFT = """
SELECT b.id FROM campaigns_batch b
JOIN unnest(%s::int[], %s::timestamptz[]) AS s (pid, started)
  ON s.pid = b.session_pid AND s.started = b.session_started_at
"""
# On the line, or just declared undecided by a sweep that came first.
ARMED = """
SELECT count(DISTINCT d.id) FROM campaigns_delivery d JOIN campaigns_batch b
  ON b.campaign_id = d.campaign_id AND b.release_id IS NOT DISTINCT FROM d.release_id
 AND d.id BETWEEN b.first_id AND b.last_id AND (b.ids IS NULL OR d.id = ANY(b.ids))
WHERE b.id = ANY(%s) AND d.armed_at <= %s
  AND (d.state = 2 OR (d.state = 8 AND d.settled_at >= %s))
"""


class Victims:
    """Some processes about to be killed, as the database knows them."""

    def __init__(self, pids: list[int]) -> None:
        self._names = [name(pid) for pid in pids]
        self._sessions = rows(SESSIONS, self._names)
        self._batches = {batch for batch, _name in rows(LEASED, self._names)}
        self._before = now()
        self._armed_before = self._armed(self._before)

    @property
    def gone(self) -> bool:
        """The database has noticed that they are dead."""
        return not rows(SESSIONS, self._names)

    def armed(self) -> int:
        """What they had on the line when they died: read before the kill and after it.

        After it is exact, as nobody else may touch the rows until the sessions are gone and the
        sweep came. Should it come before we look, its "undecided" still counts here.
        """
        pids, started = [pid for pid, _ in self._sessions], [at for _, at in self._sessions]
        self._batches |= {batch for (batch,) in rows(LEFT, pids, started)}
        return max(self._armed_before, self._armed(now()))

    def _armed(self, at: dt.datetime) -> int:
        ((count,),) = rows(ARMED, list(self._batches), at, self._before)
        assert isinstance(count, int)
        return count


def name(pid: int) -> str:
    """How a process of a worker signs its database sessions (worker/app.py)."""
    return f"liaison worker {pid}"


def sending(pids: list[int]) -> list[int]:
    """Those of them that hold a lease."""
    holders = {holder for _batch, holder in rows(LEASED, [name(pid) for pid in pids])}
    return [pid for pid in pids if name(pid) in holders]


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it ended by itself in this very moment
        os.kill(pid, signal.SIGKILL)


def now() -> dt.datetime:
    ((at,),) = rows("SELECT clock_timestamp()")
    assert isinstance(at, dt.datetime)
    return at


def rows(query: str, *values: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def deadlocks() -> int:
    ((count,),) = rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert isinstance(count, int)
    return count
