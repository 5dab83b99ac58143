"""Several relays behind one: work by weight, and the others take over from one that is gone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from types import TracebackType
from typing import Self

from django.conf import settings

from campaigns.mail.transports.addresses import RelayAddress, relay_addresses
from campaigns.mail.transports.backend import DjangoBackend
from campaigns.mail.transports.contract import (
    End,
    Envelope,
    Flights,
    Outcome,
    Transport,
    Unreachable,
    in_turn,
)
from campaigns.mail.transports.smtp import Smtp
from campaigns.rules.pacing import backoff
from campaigns.rules.pacing import lines as lines_for

FIRST_PAUSE = 5  # seconds a relay is left aside after it failed; then twice as long, and so on
LONGEST_PAUSE = 300


@dataclass
class Aside:
    """How often in a row a relay failed, and until when it is left alone."""

    failures: int
    until: float


# What one line of this process learnt about a relay, by its name, all lines know.
_aside: dict[str, Aside] = {}


class Relay:
    """One of the relays: its transport, and how much of the work it has had."""

    def __init__(self, address: RelayAddress, patience: float | None) -> None:
        self.address = address
        self.transport = _transport(address, patience)
        self.served = 0.0  # mails by weight

    @property
    def rests(self) -> bool:
        aside = _aside.get(self.address.name)
        return aside is not None and time.monotonic() < aside.until

    def fail(self) -> None:
        """Leave it aside, longer each time."""
        known = _aside.get(self.address.name)
        failures = known.failures + 1 if known else 1
        pause = min(backoff(failures, FIRST_PAUSE), LONGEST_PAUSE)
        _aside[self.address.name] = Aside(failures, time.monotonic() + pause)

    def connect(self) -> None:
        """Open its line. One line tries a relay that rested; the others wait for what it says."""
        known = _aside.get(self.address.name)
        if known:
            known.until = time.monotonic() + FIRST_PAUSE
        try:
            self.transport.connect()
        except Unreachable:
            self.fail()
            raise

    def flights(self, envelopes: Sequence[Envelope], until: float) -> Flights:
        outcomes = yield from self.transport.flights(envelopes, until=until)
        self.served += len(envelopes) / self.address.weight
        last = outcomes[-1]
        if last.end in (End.DEFERRED, End.UNKNOWN) and last.code in (None, 421):
            self.fail()  # its line was lost
        else:
            _aside.pop(self.address.name, None)
        return outcomes


def _transport(address: RelayAddress, patience: float | None) -> Transport:
    if address.kind == "django":
        return DjangoBackend(address)
    if address.kind == "anymail":
        # Its libraries are large, and most installations have no provider.
        from campaigns.mail.transports.providers import Provider  # noqa: PLC0415

        return Provider(address, patience)
    return Smtp(address, patience)


class Relays:
    """The relays of EMAIL_URL as one transport, used by one thread."""

    def __init__(self, url: str | None = None, *, patience: float | None = None) -> None:
        self._url = url
        self._patience = patience
        self._relays: list[Relay] = []
        self._chosen: Relay | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        return ", ".join(relay.address.name for relay in self._relays)

    @property
    def window(self) -> int:
        """What the relay whose turn it is wants; 1 before any was asked."""
        return self._next().transport.window if self._relays else 1

    @property
    def round_trip(self) -> float:
        return max((relay.transport.round_trip for relay in self._relays), default=0.0)

    @property
    def lines(self) -> int:
        """How many lines a process should keep: as named in the URL, set, or by round trip."""
        if not self._relays:
            return 1
        relay = self._next()
        round_trip = relay.transport.round_trip
        return relay.address.lines or settings.SENDING_LINES or lines_for(round_trip)

    def connect(self) -> None:
        """Open a line to the relay whose turn it is, or to another. Raises Unreachable if none."""
        if not self._relays:
            url = self._url if self._url is not None else settings.EMAIL_URL
            self._relays = [Relay(address, self._patience) for address in relay_addresses(url)]
        problems = []
        for relay in self._in_turn():
            try:
                relay.connect()
            except Unreachable as problem:
                problems.append(str(problem))
            else:
                self._chosen = relay
                return
        raise Unreachable(" ".join(problems))

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """Send through the relay whose turn it is. Raises Unreachable if none could be reached."""
        return in_turn([self.flights(envelopes)])[0]

    def flights(self, envelopes: Sequence[Envelope], *, until: float = inf) -> Flights:
        """The same step by step, for lines that take turns; after `until` no mail begins."""
        if not envelopes:
            return []
        if self._chosen is None:
            self.connect()
        assert self._chosen is not None
        relay, self._chosen = self._chosen, None
        return (yield from relay.flights(envelopes, until))

    def close(self) -> None:
        for relay in self._relays:
            relay.transport.close()

    def _next(self) -> Relay:
        return self._chosen or self._in_turn()[0]

    def _in_turn(self) -> list[Relay]:
        """Who had least of its share first; who rests is asked when there is nobody else."""
        return sorted(self._relays, key=lambda relay: (relay.rests, relay.served))
