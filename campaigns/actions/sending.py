"""Claim, arm, send, settle: the ledger row is the truth, a broker message only a wake-up call.

A line is one thread with its own database session and its own connection to a mail server. It
puts a window of deliveries on the line, commits that, sends them, and settles what was accepted
in the commit that arms the next window. So a killed worker leaves at most one window of each of
its lines undecided, and nobody is written to twice. No transaction is open while the network is
waited for.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.db import OperationalError, connection, connections

from campaigns.actions import fencing, leases, paces, transitions
from campaigns.actions.breaker import Fuse
from campaigns.actions.leases import Lease
from campaigns.actions.letters import LetterPress
from campaigns.actions.transitions import Answer
from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import Reader
from campaigns.mail.transports import Relays, open_transport
from campaigns.mail.transports.contract import End, Envelope, Outcome, Unreachable
from campaigns.models import Campaign
from campaigns.rules.pacing import paced_window, timely_window

log = logging.getLogger(__name__)

UNREACHABLE_PAUSE = 5  # seconds before a server that does not answer is tried again
IDLE_PAUSE = 1  # seconds before a batch of which nothing may leave is looked at again
RESCUE = 20  # seconds to reach the database again with answers that are known
SLOTS = 7_305  # the class of advisory locks that limit how many processes send

NEXT_SLOT = """
UPDATE campaigns_campaign
SET next_slot_at = greatest(next_slot_at, clock_timestamp())
    + %(count)s * interval '1 second' / pace
WHERE id = %(campaign)s AND pace IS NOT NULL
RETURNING extract(epoch FROM next_slot_at - clock_timestamp())
    - %(count)s::float8 / pace
"""


@dataclass
class Tally:
    """What one run did; `trouble` says why it could not go on."""

    ends: dict[End, int] = field(default_factory=dict)
    trouble: str = ""

    def count(self, end: End, times: int = 1) -> None:
        self.ends[end] = self.ends.get(end, 0) + times

    @property
    def sent(self) -> int:
        return sum(self.ends.values())

    def add(self, other: "Tally") -> None:
        for end, times in other.ends.items():
            self.count(end, times)
        self.trouble = self.trouble or other.trouble


class Writer(Protocol):
    """Writes the mails of one campaign. Raises CannotCompose for one that cannot be written."""

    def envelope(self, reader: Reader) -> Envelope: ...


def never() -> bool:
    return False


@contextmanager
def slot() -> Iterator[bool]:
    """One of the few places for processes that send mailings; False: all are taken.

    A lock of the database session, so a killed process leaves its place at once.
    """
    with connection.cursor() as cursor:
        for place in range(settings.SENDING_WORKERS):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SLOTS, place])
            if cursor.fetchone() == (True,):
                try:
                    yield True
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SLOTS, place])
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
    run = Run(campaign, seconds if seconds is not None else settings.SENDING_RUN, stop)
    run.go()
    return run.tally


class Run:
    """One stretch of sending by this process: its lines, and the time they may take."""

    def __init__(self, campaign: Campaign, seconds: float, stop: Callable[[], bool]) -> None:
        self.campaign = campaign
        self.ends_at = time.monotonic() + seconds
        self.stop = stop
        self.tally = Tally()
        self.writer: Writer = self._writer()
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
        """Work with one line; it asks for more once it knows how far away the server is."""
        try:
            self._line(first=True)
        finally:
            for thread in self._threads:
                thread.join()
        if self._failure:
            raise self._failure
        self._note_trouble()

    @property
    def lines(self) -> int:
        return 1 + len(self._threads)

    def widen(self, lines: int) -> None:
        """Bring as many lines as the way to the server is worth; letters need only one."""
        if self.campaign.kind == Campaign.Kind.LETTER:
            return
        for _n in range(1, lines):
            thread = threading.Thread(target=self._another_line, name="line")
            self._threads.append(thread)
            thread.start()

    def _another_line(self) -> None:
        try:
            self._line()
        except BaseException as failure:  # noqa: BLE001  raised again by `go`, in the first line
            self._failure = self._failure or failure
        finally:
            connections.close_all()

    def _line(self, *, first: bool = False) -> None:
        line = Line(self, open_transport(), first=first)
        try:
            line.work()
        finally:
            line.transport.close()
            with self._lock:
                self.tally.add(line.tally)

    def _writer(self) -> Writer:
        if self.campaign.kind == Campaign.Kind.LETTER:
            return LetterPress()
        return Press(self.campaign)

    def _note_trouble(self) -> None:
        """Keep the sentence on the campaign for its page; clear it once mail leaves again."""
        text = self.tally.trouble[:300]
        if text or self.tally.sent:
            Campaign.objects.filter(pk=self.campaign.pk).exclude(trouble=text).update(trouble=text)


class Line:
    """One connection to a mail server, and the mails that are on it."""

    def __init__(self, run: Run, transport: Relays, *, first: bool) -> None:
        self.run = run
        self.transport = transport
        self.tally = Tally()
        self._fuse = Fuse(run.campaign)
        self._asks_for_more = first
        self._answers: list[Answer] = []
        self._kept_at = 0.0
        self._seconds_a_mail = 0.0

    @property
    def over(self) -> bool:
        return bool(self.tally.trouble) or self.run.over

    def work(self) -> None:
        while not self.over and (lease := leases.claim(self.run.campaign)):
            self._kept_at = time.monotonic()
            self._batch(lease)

    def _batch(self, lease: Lease) -> None:
        before, wait = self.tally.sent, 0.0
        try:
            self.transport.connect()
            if self._asks_for_more:
                self._asks_for_more = False
                self.run.widen(self.transport.lines)
            self._send(lease)
        except Unreachable as problem:
            self.tally.trouble = str(problem)
            wait = UNREACHABLE_PAUSE
        except OperationalError:
            self._rescue()
            raise
        except Exception:
            self._settle()  # what is known of mails must not be lost with the line
            raise
        sent = self.tally.sent - before
        self._settle()
        leases.finish(lease, sent=sent, wait=wait or (0 if sent else IDLE_PAUSE))

    def _send(self, lease: Lease) -> None:
        """A batch in windows: what was accepted is settled in the commit that arms the next."""
        waiting = self._in_turn(leases.waiting(lease))
        while waiting:
            size = self._window()
            window, waiting = waiting[:size], waiting[size:]
            written = [self._written(reader) for reader in window]
            self._wait_for_slots(len(window))
            if self.over:
                return
            if time.monotonic() > self._kept_at + settings.SENDING_LEASE / 3:
                leases.keep(lease)
                self._kept_at = time.monotonic()
            ids = [reader.delivery for reader in window]
            armed = transitions.exchange(lease, self._answers, ids)
            self._answers = []
            if armed:
                self._attempt(written, armed)

    def _attempt(self, written: list[Envelope | Answer], armed: dict[int, int]) -> None:
        """Send what is armed. Accepted mails are settled with the next window, others at once."""
        ready, answers = [], []
        for mail in written:
            generation = armed.get(mail.delivery)
            if generation is None:
                continue
            if isinstance(mail, Envelope):
                ready.append(mail._replace(generation=generation))
            else:
                answers.append(mail._replace(generation=generation))
        if ready:
            for envelope, outcome in zip(ready, self._sent(ready), strict=True):
                answers.append(Answer(envelope.delivery, envelope.generation, outcome))
        outcomes = [answer.outcome for answer in answers]
        for outcome in outcomes:
            self.tally.count(outcome.end)
        self._answers = answers
        if any(outcome.end != End.ACCEPTED for outcome in outcomes) or self._is_letter:
            self._settle()
        if not self._is_letter:
            self._fuse.watch(outcomes)

    def _sent(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send, knowing that the deliveries are armed: what cannot be said now is put off."""
        began = time.monotonic()
        try:
            outcomes = self.transport.send(envelopes)
            self._seconds_a_mail = (time.monotonic() - began) / len(envelopes)
            return outcomes
        except Unreachable as problem:
            self.tally.trouble = str(problem)
            return [Outcome(End.DEFERRED, transitions.UNSENT, None, str(problem))] * len(envelopes)

    def _settle(self) -> None:
        answers, self._answers = self._answers, []
        try:
            transitions.settle(answers)
        except OperationalError:
            self._answers = answers
            self._rescue()
            raise

    def _rescue(self) -> None:
        """The database is away: what is known of the mails on this line must not be lost with it.

        An answer counts as long as nobody made a new attempt, even if the sweep has declared the
        mail undecided meanwhile.
        """
        deadline = time.monotonic() + RESCUE
        while self._answers and time.monotonic() < deadline:
            connection.close()
            try:
                transitions.settle(self._answers)
                self._answers = []
            except OperationalError as problem:
                log.warning("Answers wait for the database: %s", problem)
                time.sleep(0.5)

    @property
    def _is_letter(self) -> bool:
        return self.run.campaign.kind == Campaign.Kind.LETTER

    def _written(self, reader: Reader) -> Envelope | Answer:
        try:
            return self.run.writer.envelope(reader)
        except CannotCompose as problem:
            outcome = Outcome(End.FAILED, "compose", None, str(problem))
            return Answer(reader.delivery, 0, outcome)

    def _window(self) -> int:
        """How many to put on the line at once: no more than the pace and the server need."""
        if self._is_letter:
            return 1
        timely = timely_window(self._seconds_a_mail, self.run.lines)
        window = min(max(1, self.transport.window), timely)
        pace = self.run.campaign.pace
        return min(window, paced_window(pace)) if pace else window

    def _in_turn(self, readers: list[Reader]) -> list[Reader]:
        """Those who may get their mail now; others wait for their destination's pace."""
        slow = paces.slow_domains()
        if not slow or self._is_letter:
            return readers
        held: dict[str, list[int]] = {}
        for reader in readers:
            if reader.domain in slow:
                held.setdefault(reader.domain, []).append(reader.delivery)
        later: dict[int, float] = {}
        for domain, ids in held.items():
            slots = paces.take_slots(domain, ids)
            later |= {pk: seconds for pk, seconds in slots.items() if seconds > 0}
        transitions.postpone(later, why="The destination asked us to slow down.")
        return [reader for reader in readers if reader.delivery not in later]

    def _wait_for_slots(self, count: int) -> None:
        """Wait for this campaign's next slots, over all workers; nothing is armed meanwhile."""
        if self.run.campaign.pace is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(NEXT_SLOT, {"campaign": self.run.campaign.pk, "count": count})
            row = cursor.fetchone()
        if row:
            time.sleep(max(0.0, float(row[0])))
