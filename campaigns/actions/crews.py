"""A crew: one thread with a database session and its lines to a mail server.

A line is a connection to a mail server. A window of deliveries is put on it and that is committed,
then they are sent, and what was accepted is settled in the commit that arms a next window. So a
killed worker leaves at most one window of each of its lines undecided, and nobody is written to
twice. No transaction is open while the network is waited for.

Far from the server a crew keeps one line, and there are many crews; near by one crew keeps a few
lines, whose mails leave in turn. While the database commits a crew's windows and while the mail
server looks at its mails, the next ones are written.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.db import OperationalError, connection

from campaigns.actions import leases, paces, transitions
from campaigns.actions.breaker import Fuse
from campaigns.actions.leases import Lease
from campaigns.actions.transitions import Answer
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import Reader
from campaigns.mail.transports import Relays, open_transport
from campaigns.mail.transports.contract import (
    End,
    Envelope,
    Flights,
    Outcome,
    Unreachable,
    in_turn,
)
from campaigns.models import Campaign
from campaigns.rules.pacing import is_near, paced_window, timely_window

log = logging.getLogger(__name__)

UNREACHABLE_PAUSE = 5  # seconds before a server that does not answer is tried again
IDLE_PAUSE = 1  # seconds before a batch of which nothing may leave is looked at again
RESCUE = 20  # seconds to reach the database again with answers that are known


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
    """Writes the mails of one campaign. Raises CannotCompose for one that cannot be written.

    `names_posts` says whether it needs to know where a reader works.
    """

    names_posts: bool

    def envelope(self, reader: Reader) -> Envelope: ...


class Run(Protocol):
    """What a crew knows of the run that it is part of."""

    campaign: Campaign
    writer: Writer
    fuse: Fuse

    @property
    def over(self) -> bool: ...

    @property
    def crews(self) -> int: ...

    def bring(self, crews: int) -> None: ...


# What is put on each line at once: finished mails, and answers for those that cannot be written.
Windows = list[tuple[Relays, list[Envelope | Answer]]]


class Crew:
    """One thread with its lines to a mail server, and the mails that are on them."""

    def __init__(self, run: Run, *, first: bool) -> None:
        self.run = run
        self.lines = [open_transport()]
        self.tally = Tally()
        self._asks_for_more = first
        self._answers: list[Answer] = []
        self._failure: Exception | None = None
        self._kept_at = 0.0
        self._seconds_a_mail = 0.0

    def close(self) -> None:
        for line in self.lines:
            line.close()

    @property
    def over(self) -> bool:
        return bool(self.tally.trouble) or self.run.over

    def work(self) -> None:
        """Send batch after batch, until none is due or the run is over."""
        lane = None
        while not self.over and (lease := leases.claim(self.run.campaign, lane=lane)):
            lane = lease.release
            self._kept_at = time.monotonic()
            self._batch(lease)

    def _batch(self, lease: Lease) -> None:
        before, wait = self.tally.sent, 0.0
        try:
            self.lines[0].connect()
            if self._asks_for_more:
                self._asks_for_more = False
                self._widen(self.lines[0])
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

    def _widen(self, line: Relays) -> None:
        """As many lines as the way to the server is worth; letters need only one.

        Near by they are all of one crew, for threads would only wait for each other there; and one
        is enough to keep a pace.
        """
        if self._is_letter:
            return
        if not is_near(line.round_trip, settings.SENDING_NEAR):
            self.run.bring(line.lines)
            return
        if self.run.campaign.pace is not None:
            return
        for _n in range(1, line.lines):
            other = open_transport()
            try:
                other.connect()
            except Unreachable as problem:
                log.warning("Mails leave on %s lines only: %s", len(self.lines), problem)
                return
            self.lines.append(other)

    def _send(self, lease: Lease) -> None:
        """A batch in windows: what was accepted is settled in the commit that arms the next."""
        readers = leases.waiting(lease, posts=self.run.writer.names_posts)
        waiting = deque(self._in_turn(readers))
        windows: Windows = []
        _finish(self._write(windows, waiting))
        while windows:
            ids = [mail.delivery for _line, written in windows for mail in written]
            self._wait_for_slots(len(ids))
            if self.over:
                return
            if time.monotonic() > self._kept_at + settings.SENDING_LEASE / 3:
                leases.keep(lease)
                self._kept_at = time.monotonic()
            exchange = transitions.Exchange(lease, self._answers, ids)
            following: Windows = []
            writing = self._held(self._write(following, waiting))
            while exchange.under_way and next(writing, False):
                pass
            armed = exchange.armed()
            self._answers = []
            if armed:
                self._attempt(windows, armed, writing)
            _finish(writing)
            if self._failure:
                raise self._failure
            windows = following

    def _write(self, windows: Windows, waiting: deque[Reader]) -> Iterator[bool]:
        """Write the mails of the next readers, one a step: a window for each line."""
        room = self._room()
        size = max(1, room // len(self.lines))
        for line in self.lines:
            written: list[Envelope | Answer] = []
            for _n in range(min(size, max(1, line.window), room, len(waiting))):
                written.append(self._written(waiting.popleft()))
                yield True
            room -= len(written)
            if written:
                windows.append((line, written))

    def _attempt(self, windows: Windows, armed: dict[int, int], writing: Iterator[bool]) -> None:
        """Send what is armed. Accepted mails are settled with the next windows, others at once."""
        ready: list[tuple[Relays, list[Envelope]]] = []
        answers = []
        for line, written in windows:
            may_leave = [
                mail._replace(generation=armed[mail.delivery])
                for mail in written
                if mail.delivery in armed
            ]
            answers += [mail for mail in may_leave if isinstance(mail, Answer)]
            if mails := [mail for mail in may_leave if isinstance(mail, Envelope)]:
                ready.append((line, mails))
        for (_line, mails), ends in zip(ready, self._sent(ready, writing), strict=True):
            answers += [
                Answer(mail.delivery, mail.generation, outcome)
                for mail, outcome in zip(mails, ends, strict=True)
            ]
        self._answers = answers
        outcomes = [answer.outcome for answer in answers]
        for outcome in outcomes:
            self.tally.count(outcome.end)
        if any(outcome.end != End.ACCEPTED for outcome in outcomes) or self._is_letter:
            self._settle()
        if not self._is_letter:
            self.run.fuse.watch(outcomes)

    def _sent(
        self, ready: list[tuple[Relays, list[Envelope]]], writing: Iterator[bool]
    ) -> list[list[Outcome]]:
        """Send on all lines in turn, and write the next mails meanwhile: how those sent ended."""
        if not ready:
            return []
        began = time.monotonic()
        lines = [self._flights(line, envelopes) for line, envelopes in ready]
        ends = in_turn(lines, writing)
        mails = sum(len(envelopes) for _line, envelopes in ready)
        self._seconds_a_mail = (time.monotonic() - began) / mails * min(2, len(ready))
        return ends

    def _flights(self, line: Relays, envelopes: list[Envelope]) -> Flights:
        """One line's part. The deliveries are armed: what cannot be said now is put off."""
        try:
            # From its lease's end on others may send what they find unsent, so nothing more begins.
            until = self._kept_at + settings.SENDING_LEASE
            return (yield from line.flights(envelopes, until=until))
        except Unreachable as problem:
            self.tally.trouble = str(problem)
            return [Outcome(End.DEFERRED, transitions.UNSENT, None, str(problem))] * len(envelopes)
        except Exception as failure:  # noqa: BLE001  raised again by `_send`
            # The other lines' answers must not be lost with this one's.
            self._failure = failure
            text = f"{type(failure).__name__} while this mail was on the line."
            return [Outcome(End.UNKNOWN, transitions.UNSENT, None, text)] * len(envelopes)

    def _held(self, writing: Iterator[bool]) -> Iterator[bool]:
        """What goes wrong in writing waits until it is known how the mails under way ended."""
        try:
            yield from writing
        except Exception as failure:  # noqa: BLE001  raised again by `_send`
            self._failure = failure

    def _settle(self) -> None:
        answers, self._answers = self._answers, []
        try:
            if self._is_letter or any(a.outcome.end != End.ACCEPTED for a in answers):
                transitions.settle(answers)
            else:
                transitions.accept(answers)
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

    def _room(self) -> int:
        """How many to put on the lines at once: no more than the pace and the server need.

        However many lines there are, no more than two would hold: they spare waiting, and are no
        reason to leave more undecided by a crash.
        """
        if self._is_letter:
            return 1
        timely = timely_window(self._seconds_a_mail, self.run.crews)
        window = min(max(1, self.lines[0].window), timely) * min(2, len(self.lines))
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
        time.sleep(max(0.0, paces.next_slots(self.run.campaign, count)))


def _finish(steps: Iterator[bool]) -> None:
    for _step in steps:
        pass
