"""Two sessions at once: what the one has written and not committed, the other must not miss."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction

MOMENT = 0.4


@contextmanager
def under_way(act: Callable[[], Any]) -> Iterator[None]:
    """`act` is done in a session of its own, which commits a moment later."""
    written = threading.Event()
    problems: list[Exception] = []

    def session() -> None:
        try:
            with transaction.atomic():
                act()
                written.set()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(%s)", [MOMENT])
        except Exception as problem:  # noqa: BLE001  told in the test's own thread
            problems.append(problem)
        finally:
            written.set()
            connections.close_all()

    thread = threading.Thread(target=session)
    thread.start()
    written.wait(10)
    try:
        yield
    finally:
        thread.join(10)
    assert not problems, problems
