"""What the ledger asks of every way to send, and what it is told."""

from collections.abc import Sequence
from enum import StrEnum
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


class Transport(Protocol):
    """One line to a mail server or provider, used by one thread.

    `send` takes mails that are armed and says of each, in their order, how it ended. Once it
    has said anything about a mail it never raises: what cannot be known is `UNKNOWN`, and what
    was surely not sent is `DEFERRED`.
    """

    @property
    def name(self) -> str: ...

    @property
    def round_trip(self) -> float:
        """Seconds an answer takes, as measured when the line was opened; 0: not known."""
        ...

    @property
    def window(self) -> int:
        """How many mails `send` wants at once now: few on a line that has not proved itself."""
        ...

    def connect(self) -> None:
        """Open the line if it is not. Raises Unreachable."""
        ...

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]: ...

    def close(self) -> None: ...


def barred(envelope: Envelope) -> Outcome | None:
    """The sandbox's refusal, asked by every transport last before its socket."""
    if not settings.SANDBOX or is_reserved(envelope.recipient.rpartition("@")[2].lower()):
        return None
    text = "The sandbox is on: only addresses under reserved domains receive mail."
    return Outcome(End.FAILED, "sandbox", None, text)
