"""The scheduler ends when it is told to, whatever it is doing."""

import os
import signal
from collections.abc import Iterator

import pytest
from celery.beat import Scheduler, Service

from worker.app import app


class Interrupted(Scheduler):
    """Is told to end while it publishes, where a library's own cleaning up hides that."""

    ticks = 0

    def tick(self, *_args: object, **_options: object) -> float:
        self.ticks += 1
        assert self.ticks == 1, "the scheduler went on"
        with pytest.raises(SystemExit):
            os.kill(os.getpid(), signal.SIGTERM)
        return 0


@pytest.fixture
def handlers() -> Iterator[None]:
    signals = signal.SIGTERM, signal.SIGINT
    before = [signal.getsignal(each) for each in signals]
    yield
    for each, handler in zip(signals, before, strict=True):
        signal.signal(each, handler)


@pytest.mark.usefixtures("handlers")
def test_the_scheduler_ends_though_its_end_was_hidden_by_another_exception() -> None:
    Service(app, scheduler_cls=Interrupted).start()
