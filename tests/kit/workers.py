"""A worker in a process of its own that gets into trouble: real tasks, a real session, a real end.

The processes are forked from one that has loaded the product already, so that each starts at once.
"""

import itertools
import multiprocessing
import os
import pkgutil
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connection

from campaigns.models import Campaign, Fault
from worker import tasks
from worker.app import app

# What a process forgets when it is forked: what this test has set.
TAKEN_ALONG = ("EMAIL_URL", "WITNESS_DIR", "SENDING_BATCH", "SENDING_LINES", "SENDING_RETRY")
SOON = 0.5  # seconds until a lease is over, and a session that stands still

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["pytest", "worker.app", __name__])

Trouble = Callable[[], object]  # happens to the process before it does anything


class Failed(Exception):
    """The failure that a failpoint is there for; nothing in the product knows it."""


@dataclass(frozen=True)
class Failpoint:
    """Before or after the nth call of a step (a dotted name) the process fails."""

    step: str
    moment: str  # before, after
    nth: int = 1
    how: str = ""  # killed, failing, stopped

    def __call__(self) -> None:
        """Put it there, for the rest of this process's life."""
        owner, _, name = self.step.rpartition(".")
        place = pkgutil.resolve_name(owner)
        step = getattr(place, name)
        calls = itertools.count(1)

        @wraps(step)
        def faltering(*args: Any, **values: Any) -> Any:
            here = next(calls) == self.nth
            if here and self.moment == "before":
                self._fail()
            result = step(*args, **values)
            if here and self.moment == "after":
                self._fail()
            return result

        setattr(place, name, faltering)

    def _fail(self) -> None:
        if self.how == "failing":
            raise Failed
        os.kill(os.getpid(), {"killed": signal.SIGKILL, "stopped": signal.SIGSTOP}[self.how])


def no_room_for_files() -> None:
    """Whatever this process writes into a file fails, as on a full disk."""
    with Path(os.devnull).open("w") as nowhere:  # what we are told may be kept in a file as well
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))


def impatient() -> None:
    """The database gives this process no lock that it does not get soon."""
    connection.settings_dict["OPTIONS"]["options"] += f" -c lock_timeout={SOON * 500:.0f}"


@dataclass
class Worker:
    """The process, seen from the test."""

    process: Any
    failed: Event
    may_go_on: Event

    @property
    def in_trouble(self) -> bool:
        return self.dead or self.stands_still or self.failed.is_set()

    @property
    def dead(self) -> bool:
        return not self.process.is_alive()

    @property
    def stands_still(self) -> bool:
        try:
            status = Path(f"/proc/{self.process.pid}/stat").read_text()
        except FileNotFoundError:
            return False
        return status.rpartition(")")[2].split()[0] == "T"

    def go_on(self) -> int:
        """Let it go on to its end; its exit status, which is negative if it was killed."""
        self.may_go_on.set()
        if not self.dead:
            os.kill(self.process.pid, signal.SIGCONT)
        self.process.join(20)
        status: int = self.process.exitcode
        return status


@contextmanager
def worker(campaign: Campaign, trouble: Trouble) -> Iterator[Worker]:
    """A worker that goes on until the campaign is over, with a trouble of its own."""
    taken_along = {name: getattr(django_settings, name) for name in TAKEN_ALONG}
    taken_along |= {"SENDING_LEASE": SOON, "STANDSTILL": SOON}
    failed, may_go_on = _forks.Event(), _forks.Event()
    process = _forks.Process(
        target=_live,
        args=(campaign.pk, trouble, connection.settings_dict, taken_along),
        kwargs={"failed": failed, "may_go_on": may_go_on},
    )
    process.start()
    try:
        yield Worker(process, failed, may_go_on)
    finally:
        process.kill()
        process.join()
        process.close()


def _live(
    campaign: int,
    trouble: Trouble,
    database: dict[str, Any],
    settings: dict[str, object],
    *,
    failed: Event,
    may_go_on: Event,
) -> None:
    database["OPTIONS"]["options"] += f" -c idle_in_transaction_session_timeout={SOON * 1000:.0f}"
    connection.settings_dict.update(database)
    for name, value in settings.items():
        setattr(django_settings, name, value)
    trouble()
    while not Campaign.objects.filter(pk=campaign, status=Campaign.Status.FINISHED).exists():
        try:
            with at_once():
                tasks.tick()
            if Fault.objects.exists():  # a step that failed stops no other, and is told
                failed.set()
        except Failed:  # as in Celery's pool: the task has failed, the process lives
            failed.set()
            may_go_on.wait()
        except DatabaseTrouble:
            failed.set()
            close_old_connections()


@contextmanager
def at_once() -> Iterator[None]:
    """Tasks run where they are called, without a broker between."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    try:
        yield
    finally:
        app.conf.update(task_always_eager=False, task_eager_propagates=False)


def others_at_work(*, until: Callable[[], bool], seconds: float = 20) -> None:
    """What the other workers do meanwhile: the ordinary sweeps and ticks, here."""
    deadline = time.monotonic() + seconds
    with at_once():
        while not until():
            assert time.monotonic() < deadline, "the others did not get on without it"
            tasks.sweep()
            tasks.tick()
            time.sleep(0.05)
