"""Any e-mail backend of Django's as a plain way out: django://path.to.Backend.

A backend tells little: only refusals that SMTP names are definite. Any other exception, once its
connection is open, leaves the mail undecided.
"""

import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage as Message
from math import inf
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from campaigns.mail.transports.addresses import RelayAddress
from campaigns.mail.transports.contract import (
    TOO_LATE,
    End,
    Envelope,
    Flights,
    Outcome,
    Unreachable,
    barred,
)

OURS = "campaigns.actions.letters.LedgerBackend"


class DjangoBackend:
    """One mail after the other through a backend of Django's."""

    round_trip = 0.0
    window = 1

    def __init__(self, address: RelayAddress) -> None:
        self.address = address
        self._backend: BaseEmailBackend | None = None

    @property
    def name(self) -> str:
        return self.address.name

    def connect(self) -> None:
        """Open the backend's connection. Raises Unreachable."""
        if self._backend is not None:
            return
        if self.name == OURS:
            raise Unreachable("EMAIL_URL: this backend writes to the ledger; name another.")
        try:
            backend = get_connection(self.name)
        except (ImportError, TypeError) as error:
            raise Unreachable(f"EMAIL_URL: {self.name} is no e-mail backend ({error}).") from error
        try:
            backend.open()
        except Exception as error:  # a backend may raise what it likes
            raise Unreachable(f"The backend {self.name} can't connect ({error}).") from error
        self._backend = backend

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.close()

    def flights(self, envelopes: Sequence[Envelope], *, until: float = inf) -> Flights:
        """All in one step."""
        yield
        outcomes: list[Outcome] = []
        for envelope in envelopes:
            if time.monotonic() > until:
                outcomes.append(Outcome(End.DEFERRED, "line", None, TOO_LATE, self.name))
                continue
            try:
                outcomes.append(barred(envelope) or self._each(envelope))
            except Unreachable as problem:
                if not outcomes:
                    raise
                text = str(problem)[:150]
                outcomes.append(Outcome(End.DEFERRED, "line", None, text, self.name))
        return outcomes

    def _each(self, envelope: Envelope) -> Outcome:
        self.connect()
        assert self._backend is not None
        try:
            sent = self._backend.send_messages([Finished(envelope)])
        except smtplib.SMTPRecipientsRefused as error:
            return self._refusal("rcpt", *next(iter(error.recipients.values())))
        except smtplib.SMTPSenderRefused as error:
            return self._refusal("mail", error.smtp_code, error.smtp_error)
        except smtplib.SMTPDataError as error:
            return self._refusal("dot", error.smtp_code, error.smtp_error)
        except Exception as error:  # noqa: BLE001  a backend may raise what it likes
            self._forget()
            return self._unknown(f"{type(error).__name__}: {error}")
        if not sent:
            return self._unknown("The backend does not say that it sent the mail.")
        return Outcome(End.ACCEPTED, "backend", None, "", self.name)

    def _forget(self) -> None:
        """After an exception its connection may be anything: the next mail gets a new one."""
        with suppress(Exception):  # what broke in sending has been told; closing adds nothing
            self.close()

    def _refusal(self, phase: str, code: int, said: bytes | str) -> Outcome:
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        if not 400 <= code <= 599:
            return self._unknown(f"Not an answer: {text}")
        end = End.FAILED if code >= 500 else End.DEFERRED
        return Outcome(end, phase, code, " ".join(text.split())[:150], self.name)

    def _unknown(self, text: str) -> Outcome:
        return Outcome(End.UNKNOWN, "backend", None, text[:150], self.name)


class Finished(EmailMessage):
    """A message whose bytes are what they are."""

    def __init__(self, envelope: Envelope) -> None:
        self.verbatim = Verbatim(envelope.mail)
        subject = str(self.verbatim["Subject"] or "")
        super().__init__(subject, "", envelope.sender, [envelope.recipient])

    def message(self, *args: Any, **kwargs: Any) -> Any:
        return self.verbatim


class Verbatim(Message):
    """A parsed mail that is written out as it came."""

    def __init__(self, mail: bytes) -> None:
        self.__dict__.update(message_from_bytes(mail, policy=policy.default).__dict__)
        self.mail = mail

    def as_bytes(self, unixfrom: bool = False, linesep: Any = "\n") -> bytes:  # as Django asks
        return self.mail.replace(b"\r\n", linesep.encode())
