"""Delivers each message of the broker's queues three times."""

import threading
from types import TracebackType
from typing import Self

import redis

QUEUES = ("bulk", "letters")


class Repeater:
    """Watches the broker and puts each message that a Celery process sends in twice more."""

    def __init__(self, url: str) -> None:
        self.repeated = 0
        self._watching = redis.Redis.from_url(url)
        self._sending = redis.Redis.from_url(url, single_connection_client=True)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="repeater", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._thread.is_alive():
            raise RuntimeError("The repeater failed; the reason stands above.")
        self._over.set()
        self._thread.join(10)

    def _repeat(self) -> None:
        ours = self._sending.client_info()["addr"]
        with self._watching.monitor() as monitor:  # type: ignore[no-untyped-call]
            while not self._over.is_set():
                seen = monitor.next_command()  # workers ask for messages every second
                verb, _, rest = seen["command"].partition(" ")
                queue, _, message = rest.partition(" ")
                sender = f"{seen['client_address']}:{seen['client_port']}"
                if verb.upper() == "LPUSH" and queue in QUEUES and sender != ours:
                    self._sending.lpush(queue, message, message)
                    self.repeated += 1
