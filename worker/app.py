"""The Celery application: `celery -A worker worker` and `celery -A worker beat`."""

import os
import signal
import sys
from types import FrameType

import django
from billiard import Event
from celery import Celery
from celery.beat import Service
from celery.signals import (
    beat_init,
    task_failure,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_shutting_down,
)
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
django.setup()

from django.conf import settings  # noqa: E402  settings are there only after the line above
from django.db import close_old_connections, connections  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from worker.broker import Broker  # noqa: E402
from worker.schedule import SCHEDULE  # noqa: E402

# Made before the pool forks, so that its processes see it: finish the mail at hand, then stop.
stopping = Event()

app = Celery("worker", amqp=Broker)
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # as long as it takes
    broker_transport_options={"visibility_timeout": 3600},
    task_ignore_result=True,
    task_acks_late=False,
    task_default_queue="bulk",
    task_routes={
        "worker.tasks.letters": {"queue": "letters"},
        "worker.tasks.listen": {"queue": "letters"},
        "worker.tasks.tick": {"queue": "letters"},
    },
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    beat_schedule=SCHEDULE,
    beat_scheduler="celery.beat:Scheduler",  # the schedule is code; nothing to keep in a file
    task_queues=[Queue("letters"), Queue("bulk")],
    # Three more than may send or import: one for dry runs and one for looks outside, which may take
    # their time, and one so that letters and the tick never wait for any of them.
    worker_concurrency=settings.SENDING_WORKERS + settings.IMPORT_WORKERS + 3,
    timezone="UTC",
    include=["worker.tasks"],
    # Celery would close the database session after each task, and a new one costs both sides more
    # than a tick. `_keep_session` looks after it instead.
    CELERY_DB_REUSE_MAX=sys.maxsize,
)


@task_prerun.connect
def _keep_session(**_: object) -> None:
    """A session that is broken or old (CONN_MAX_AGE) makes room for a new one."""
    close_old_connections()


@task_failure.connect
def _end_session(**_: object) -> None:
    """The scheduler sees by it that what the task had leased has no owner any more."""
    connections.close_all()


@worker_init.connect
def _read_addresses(**_: object) -> None:
    """Mails name pages, whose addresses take half a second to read: once, before the pool forks."""
    get_resolver().reverse_dict  # noqa: B018  a property that reads them


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    stopping.set()


@beat_init.connect
def _end_when_told(sender: Service, **_: object) -> None:
    """Celery's handler raises `SystemExit` and no more. In the middle of a publication the broker's
    client hides it behind an exception of its own, and the scheduler would go on for ever."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        sender.stop()
        raise SystemExit

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end)


@worker_process_init.connect
def _sign(**_: object) -> None:
    """Let the database say which process of the pool a session belongs to."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    options["application_name"] = f"liaison worker {os.getpid()}"
