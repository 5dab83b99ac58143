"""One mail at a time over SMTP, knowing exactly in which phase something went wrong.

Before the first body byte left, a broken connection means "not sent". After it, nobody knows
until the server has answered the final dot: that is `UNKNOWN`, and it is never sent again by
itself. smtplib's `sendmail` hides the difference, so its single steps are used here.
"""

import smtplib
import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from django.conf import settings

from campaigns.mail.transports.contract import End, Envelope, Outcome, Unreachable, barred


class Transport:
    """A connection to the mail server named by EMAIL_URL, opened when it is first needed."""

    def __init__(self, url: str | None = None, patience: int | None = None) -> None:
        self.url = urlsplit(url if url is not None else settings.EMAIL_URL)
        self.patience = patience if patience is not None else settings.SMTP_TIMEOUT
        self._server: smtplib.SMTP | None = None

    @property
    def name(self) -> str:
        return f"{self.url.hostname}:{self.url.port or 25}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye if the server still listens; the mails it took stay taken."""
        if self._server is not None:
            server, self._server = self._server, None
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def connect(self) -> None:
        self._connected()

    def _connected(self) -> smtplib.SMTP:
        """The open, greeted, authenticated connection. Raises Unreachable."""
        if self._server is not None:
            return self._server
        if self.url.scheme not in ("smtp", "smtp+tls", "smtps") or not self.url.hostname:
            raise Unreachable(
                "EMAIL_URL must look like smtp://host:port (or smtp+tls://, smtps://); "
                f"“{self.url.scheme}://…” does not."
            )
        try:
            server = self._dial(self.url.hostname)
            if self.url.username:
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
            else:
                server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(
                f"The mail server {self.name} cannot be reached ({error}). Check EMAIL_URL and "
                "that the server runs. Nothing is lost: waiting mails leave when it answers."
            ) from error
        self._server = server
        return server

    def _dial(self, host: str) -> smtplib.SMTP:
        """A connection; where the scheme asks for encryption, to a server that proves its name."""
        verified = ssl.create_default_context()
        if self.url.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, self.url.port or 465, timeout=self.patience, context=verified
            )
        server = smtplib.SMTP(host, self.url.port or 25, timeout=self.patience)
        if self.url.scheme == "smtp+tls":
            server.starttls(context=verified)
        return server

    window = 1
    lines = 1

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        return [self._send(envelope) for envelope in envelopes]

    def _send(self, envelope: Envelope) -> Outcome:
        """Send one mail and say how it ended. Raises Unreachable before anything was said."""
        if refusal := barred(envelope):
            return refusal
        server = self._connected()
        if not envelope.recipient.isascii() and not server.has_extn("smtputf8"):
            text = f"The mail server {self.name} cannot take addresses beyond ASCII."
            return Outcome(End.FAILED, "smtputf8", None, text)
        phase = "mail"
        try:
            code, reply = server.mail(envelope.sender, self._options(server, envelope))
            if code == 250:
                phase = "rcpt"
                code, reply = server.rcpt(envelope.recipient)
            if code in (250, 251) and phase == "rcpt":
                phase = "data"
                code, reply = server.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(End.DEFERRED, phase, None, f"The connection broke: {error}")
        if phase != "data" or code != 354:
            self._after_refusal(server, code)
            return _refusal(phase, code, reply)
        return self._body(server, envelope.mail)

    def _body(self, server: smtplib.SMTP, mail: bytes) -> Outcome:
        """From the first body byte on: only the answer to the final dot decides."""
        try:
            if server.sock:
                server.sock.settimeout(settings.SMTP_FINAL_TIMEOUT)
            server.send(_dotted(mail))
            code, reply = server.getreply()
            if server.sock:
                server.sock.settimeout(settings.SMTP_TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(End.UNKNOWN, "dot", None, f"The connection broke: {error}")
        if 200 <= code <= 299:  # RFC 5321, 4.2.1: the first digit decides
            return Outcome(End.ACCEPTED, "dot", code, _said(reply))
        if not 400 <= code <= 599:
            self._drop()
            return Outcome(End.UNKNOWN, "dot", None, f"Not an answer: {_said(reply)}")
        self._after_refusal(server, code)
        return _refusal("dot", code, reply)

    def _options(self, server: smtplib.SMTP, envelope: Envelope) -> list[str]:
        options = [f"SIZE={len(envelope.mail)}"] if server.has_extn("size") else []
        if not envelope.recipient.isascii():
            options.append("SMTPUTF8")
        return options

    def _after_refusal(self, server: smtplib.SMTP, code: int) -> None:
        """Clear the dialogue for the next mail; a server that hangs up is dialled again."""
        try:
            if code == 421 or server.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _dotted(mail: bytes) -> bytes:
    """The body as it goes over the line: leading dots doubled, ended by a lone dot."""
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _said(reply: bytes) -> str:
    return " ".join(reply.decode(errors="replace").split())[:150]


def _refusal(phase: str, code: int, reply: bytes) -> Outcome:
    """A definite no. 4xx and a goodbye are put off; 5xx is final."""
    end = End.FAILED if 500 <= code <= 599 else End.DEFERRED
    return Outcome(end, phase, code if code > 0 else None, _said(reply))


def reachable(url: str | None = None, *, patience: int | None = None) -> str:
    """Empty if the mail server answers within `patience` seconds, else the sentence why not."""
    try:
        with Transport(url, patience) as transport:
            transport.connect()
    except Unreachable as problem:
        return str(problem)
    return ""


__all__ = ["Transport", "reachable"]
