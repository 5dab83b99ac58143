"""Sending as this process does it: the ledger row is the truth, a broker message a wake-up call.

Its crews do the work: one of them near the mail server, and many far from it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections

from campaigns.actions import fencing
from campaigns.actions.breaker import Fuse
from campaigns.actions.crews import Crew, Tally, Writer
from campaigns.actions.letters import LetterPress
from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose
from campaigns.models import Campaign
from crm.rules.locks import SENDING


def never() -> bool:
    return False


@contextmanager
def slot() -> Iterator[bool]:
    """One of the few places for processes that send mailings; False: all are taken.

    A lock of the database session, so a killed process leaves its place at once.
    """
    with connection.cursor() as cursor:
        for place in range(settings.SENDING_WORKERS):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SENDING, place])
            if cursor.fetchone() == (True,):
                try:
                    yield True
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SENDING, place])
                return
    yield False


def work(
    campaign: Campaign, *, seconds: float | None = None, stop: Callable[[], bool] = never
) -> Tally:
    """Send a campaign's due deliveries until none is left, the time is over or `stop` says so.

    Safe to run any number of times at once: each line leases batches of its own.
    """
    if not fencing.check():
        return Tally(trouble=fencing.TROUBLE)
    try:
        run = Run(campaign, seconds if seconds is not None else settings.SENDING_RUN, stop)
    except CannotCompose as problem:  # none of its mails, whoever reads it
        tally = Tally(trouble=str(problem))
        _note_trouble(campaign, tally)
        return tally
    run.go()
    return run.tally


class Run:
    """One stretch of sending by this process: its crews, and the time they may take."""

    def __init__(self, campaign: Campaign, seconds: float, stop: Callable[[], bool]) -> None:
        self.campaign = campaign
        self.ends_at = time.monotonic() + seconds
        self.stop = stop
        self.tally = Tally()
        self.writer: Writer = self._writer()
        self.fuse = Fuse(campaign)
        self._threads: list[threading.Thread] = []
        self._failure: BaseException | None = None
        self._lock = threading.Lock()

    @property
    def over(self) -> bool:
        return (
            bool(self.tally.trouble)
            or self._failure is not None
            or time.monotonic() >= self.ends_at
            or self.stop()
        )

    def go(self) -> None:
        """Work with one crew; it asks for more once it knows how far away the server is."""
        try:
            self._crew(first=True)
        finally:
            for thread in self._threads:
                thread.join()
        if self._failure:
            raise self._failure
        _note_trouble(self.campaign, self.tally)

    @property
    def crews(self) -> int:
        return 1 + len(self._threads)

    def bring(self, crews: int) -> None:
        """Let as many work as the way to the server is worth."""
        for _n in range(1, crews):
            thread = threading.Thread(target=self._another_crew, name="crew")
            self._threads.append(thread)
            thread.start()

    def _another_crew(self) -> None:
        try:
            self._crew()
        except BaseException as failure:  # noqa: BLE001  raised again by `go`, in the first crew
            self._failure = self._failure or failure
        finally:
            connections.close_all()

    def _crew(self, *, first: bool = False) -> None:
        crew = Crew(self, first=first)
        try:
            crew.work()
        finally:
            crew.close()
            with self._lock:
                self.tally.add(crew.tally)

    def _writer(self) -> Writer:
        if self.campaign.kind == Campaign.Kind.LETTER:
            return LetterPress()
        return Press(self.campaign)


def _note_trouble(campaign: Campaign, tally: Tally) -> None:
    """Keep the sentence on the campaign for its page; clear it once mail leaves again."""
    text = tally.trouble[:300]
    if text or tally.sent:
        Campaign.objects.filter(pk=campaign.pk).exclude(trouble=text).update(trouble=text)
