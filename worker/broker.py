"""The connection to the broker, which is asked for often while it is away."""

from typing import Any, Self

from celery.app.amqp import AMQP
from kombu import Connection

ASKED_EVERY = 5  # seconds; Celery's own pauses grow to thirty, and mail would wait as long


class EagerConnection(Connection):
    """Pauses between two tries stay short, however long the broker has been away."""

    def ensure_connection(self, *args: Any, **options: Any) -> Self:
        return super().ensure_connection(*args, **{"interval_max": ASKED_EVERY, **options})


class Broker(AMQP):
    Connection = EagerConnection
