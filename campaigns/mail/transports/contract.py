"""What the ledger asks of every way to send, and what it is told."""

from collections.abc import Generator, Iterator, Sequence
from enum import StrEnum
from math import inf
from typing import NamedTuple, Protocol

from django.conf import settings

from crm.rules.addresses import is_reserved


class Envelope(NamedTuple):
    """A finished mail, the addresses the mail server is told, and which attempt this is.

    `fit` promises what is otherwise looked for in every byte: lines end with CRLF, and none
    begins with a dot.
    """

    sender: str
    recipient: str
    mail: bytes
    delivery: int = 0
    generation: int = 0
    fit: bool = False


class End(StrEnum):
    ACCEPTED = "accepted"
    FAILED = "failed"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"


class Outcome(NamedTuple):
    """How an attempt ended: the phase it came to, and what the server said last.

    `relay` names the server. `wait` is how many seconds it asked us to wait, if it did.
    """

    end: End
    phase: str
    code: int | None
    text: str
    relay: str = ""
    wait: float | None = None


class Unreachable(Exception):
    """No mail can leave at all now; nothing was sent. The message is a sentence for the user."""


TOO_LATE = "The server took so long that others look after these mails now."

# A window that leaves step by step; between two steps its server has something to answer.
Flights = Generator[None, None, list[Outcome]]
NOTHING: Iterator[object] = iter(())


class Transport(Protocol):
    """One line to a mail server or provider, used by one thread.

    `flights` takes mails that are armed and says of each, in their order, how it ended. Once it
    has said anything about a mail it never raises: what cannot be known is `UNKNOWN`, and what
    was surely not sent is `DEFERRED`. After `until` (monotonic clock) no further mail begins.
    """

    @property
    def name(self) -> str: ...

    @property
    def round_trip(self) -> float:
        """Seconds an answer takes, as measured when the line was opened; 0: not known."""
        ...

    @property
    def window(self) -> int:
        """How many mails it wants at once now: few on a line that has not proved itself."""
        ...

    def connect(self) -> None:
        """Open the line if it is not. Raises Unreachable."""
        ...

    def flights(self, envelopes: Sequence[Envelope], *, until: float = inf) -> Flights: ...

    def close(self) -> None: ...


def in_turn(lines: Sequence[Flights], meanwhile: Iterator[object] = NOTHING) -> list[list[Outcome]]:
    """Let the windows of several lines leave, a step of each in turn; how each line's ended.

    While the servers have something to answer, a step of `meanwhile` is taken as well.
    """
    ends: list[list[Outcome]] = [[] for _line in lines]
    leaving = dict(enumerate(lines))
    while leaving:
        for place, line in list(leaving.items()):
            try:
                next(line)
            except StopIteration as over:
                ends[place] = over.value
                del leaving[place]
            else:
                next(meanwhile, None)
    return ends


def barred(envelope: Envelope) -> Outcome | None:
    """The sandbox's refusal, asked by every transport last before its socket."""
    if not settings.SANDBOX or is_reserved(envelope.recipient.rpartition("@")[2].lower()):
        return None
    text = "The sandbox is on: only addresses under reserved domains receive mail."
    return Outcome(End.FAILED, "sandbox", None, text)
