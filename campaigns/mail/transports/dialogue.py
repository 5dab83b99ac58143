"""What is said to a mail server about the mails of one window, and what its answers mean.

Before the first body byte left, a lost line means "not sent". After it, nobody knows until the
server has answered the final dot: that is `UNKNOWN`, and it is never sent again by itself.

Three ways to speak, by what the server offers: step by step; pipelined (RFC 2920), where MAIL,
RCPT and DATA are one flight and the next mail's leave right behind this one's final dot; and in
chunks (RFC 3030, only if asked for), where all mails of a window are one flight.
"""

import re
from collections.abc import Iterator, Sequence
from math import inf
from time import monotonic

from django.conf import settings

from campaigns.mail.transports.contract import TOO_LATE, End, Flights, Outcome
from campaigns.mail.transports.line import Line, LineLost

OPENING = ("mail", "rcpt", "data")

# A dot that must be doubled, or a line that does not end as SMTP's lines do.
TO_MEND = re.compile(rb"\n(?:\.|(?<!\r\n))")
LINE_END = re.compile(rb"\r?\n")

# MAIL and RCPT as they are said, and the finished mail.
Mail = tuple[bytes, bytes]


class Dialogue:
    """One window on an open line. It ends early when the line is of no more use: see `over`."""

    def __init__(
        self, line: Line, relay: str, patience: float, holds_on: bool = False, until: float = inf
    ) -> None:
        self.line = line
        self.relay = relay
        self.patience = patience
        self.final = settings.SMTP_FINAL_TIMEOUT
        self.over = ""  # why nothing more can be said on this line
        self.holds_on = holds_on  # this server does not end a mail by refusing its body
        self.until = until  # the moment from which no further body begins

    # --- command by command

    def steps(self, mails: Sequence[Mail]) -> Iterator[Outcome]:
        """For servers that are confused by more."""
        for opening, mail in mails:
            if self._is_late():
                return
            commands = (*opening.splitlines(keepends=True), b"DATA\r\n")
            for phase, command in zip(OPENING, commands, strict=True):
                self._send(command)
                if end := self._hear(phase):
                    break
            else:
                end = self._body(mail)
            if end.end != End.ACCEPTED:
                self._send(b"RSET\r\n")  # or some servers would add to the refused mail
                self._hear("rset")
            yield end
            if self.over:
                return

    # --- one round trip a mail

    def pipeline(self, mails: Sequence[Mail]) -> Flights:
        """Body, final dot and the next mail's commands in one flight, which is a step."""
        ends: list[Outcome] = []
        openings = [opening + b"DATA\r\n" for opening, _ in mails]
        self._send(openings[0])
        openings.append(b"")
        due: tuple[str, ...] = ()  # answers that come before those to the opening
        refused = False
        for place, (_, mail) in enumerate(mails, start=1):
            if self._is_late():
                return ends
            following = openings[place]
            end, open_ = self._opened(due, after_refusal=refused)
            refused = False
            if end is None:
                due = ("rset",) if self.holds_on and following else ()
                end = self._depart(mail, (b"RSET\r\n" if due else b"") + following)
                if end is None:
                    deadline = monotonic() + self.final
                    yield
                    end = self._arrive(mail, deadline)
                refused = end.end != End.ACCEPTED
            elif open_:  # the server waits for a body that must not come
                due = ("empty", "rset")
                self._send(b".\r\nRSET\r\n" + following)
            else:
                due = ("rset",)
                self._send(b"RSET\r\n" + following)
            ends.append(end)
            if self.over:
                return ends
        for phase in due:
            self._hear(phase)
        if refused:
            self._send(b"RSET\r\n")
            self._hear("rset")
        return ends

    def _opened(self, due: tuple[str, ...], *, after_refusal: bool) -> tuple[Outcome | None, bool]:
        """The answers to an opening: why the body may not follow, and whether DATA is open."""
        if not due and self.line.agreed():
            return None, False
        refusals: dict[str, Outcome] = {}
        for phase in (*due, *OPENING):
            refusal = self._hear(phase)
            if refusal and phase == "mail" and refusal.code == 503 and after_refusal:
                # Not about this mail: the server still holds on to the one whose body it refused.
                self.holds_on = True
                text = "The server had not let go of the mail before."
                refusal = Outcome(End.DEFERRED, phase, 503, text, self.relay)
            if refusal:
                refusals[phase] = refusal
            if self.over:
                break
        open_ = bool(refusals) and "data" not in refusals
        if open_ and "rcpt" not in refusals and not self.over:
            # Its recipients are open as well: a lone dot would send them an empty mail.
            self.over = "The server mixes up two mails."
        return next(iter(refusals.values()), None), open_

    def _body(self, mail: bytes) -> Outcome:
        deadline = monotonic() + self.final
        return self._depart(mail) or self._arrive(mail, deadline)

    def _depart(self, mail: bytes, following: bytes = b"") -> Outcome | None:
        """From the first body byte on, only the answer to the final dot decides."""
        if self.line.heard:
            self.over = "Not an answer: the server spoke before it was asked."
            return Outcome(End.DEFERRED, "data", None, self.over, self.relay)
        self._send(b"".join((mail, b".\r\n", following)), self.final)
        return None

    def _arrive(self, mail: bytes, deadline: float) -> Outcome:
        """The answer to the final dot."""
        line = self.line
        try:
            code, text = line.reply(0 if self.over else deadline - monotonic())
            if code <= 299 and line.left < len(mail) + 3:
                raise LineLost(self.over)
            if 300 <= code <= 399:
                raise LineLost(f"Not an answer: {code} {said(text)}")
        except LineLost as lost:
            self.over = self.over or str(lost)
            end = End.UNKNOWN if line.left else End.DEFERRED
            return Outcome(end, "dot", None, self.over, self.relay)
        if code <= 299:  # RFC 5321, 4.2.1: the first digit decides
            return Outcome(End.ACCEPTED, "dot", code, said(text), self.relay)
        return self._refusal("dot", code, text)

    # --- one round trip a window

    def chunks(self, mails: Sequence[Mail]) -> Iterator[Outcome]:
        """All mails in one flight. RSET between them, for one refused would spoil the next."""
        flight: list[bytes] = []
        bodies: list[int] = []  # where in the flight each begins
        length = 0
        for opening, mail in mails:
            reset = b"RSET\r\n" if flight else b""
            head = b"%b%bBDAT %d LAST\r\n" % (reset, opening, len(mail))
            flight += [head, mail]
            bodies.append(length + len(head))
            length += len(head) + len(mail)
        self._send(b"".join(flight), self.final)
        lost = False
        for place, body in enumerate(bodies):
            if not lost:
                try:
                    yield self._chunk(("rset",) if place else ())
                except LineLost as error:
                    self.over = self.over or str(error)
                    lost = True
            if lost:
                end = End.UNKNOWN if self.line.left > body else End.DEFERRED
                yield Outcome(end, "chunk", None, self.over, self.relay)

    def _chunk(self, due: tuple[str, ...]) -> Outcome:
        """The answers to one mail of a flight. Raises LineLost where they are missing."""
        refusal: Outcome | None = None
        for phase in (*due, "mail", "rcpt", "chunk"):
            patience = self.final if phase == "chunk" else self.patience
            code, text = self.line.reply(0 if self.over else patience)
            if 300 <= code <= 399:
                raise LineLost(f"Not an answer: {code} {said(text)}")
            if code == 421:
                return refusal or self._refusal(phase, code, text)
            if code >= 400 and phase != "rset":
                refusal = refusal or self._refusal(phase, code, text)
        return refusal or Outcome(End.ACCEPTED, "chunk", code, said(text), self.relay)

    # --- words

    def _is_late(self) -> bool:
        """Whether nothing more may begin. The line is given up, for it expects more of us."""
        if monotonic() > self.until:
            self.over = self.over or TOO_LATE
        return bool(self.over)

    def _send(self, data: bytes, patience: float | None = None) -> None:
        if not self.over:
            try:
                self.line.send(data, self.patience if patience is None else patience)
            except LineLost as lost:
                self.over = str(lost)

    def _hear(self, phase: str) -> Outcome | None:
        """The answer to a command before the body: what is wrong with it, None if nothing."""
        try:
            code, text = self.line.reply(0 if self.over else self.patience)
        except LineLost as lost:
            self.over = self.over or str(lost)
            return Outcome(End.DEFERRED, phase, None, self.over, self.relay)
        if phase in ("rset", "empty") and code != 421:
            return None
        if code == 354 if phase == "data" else code <= 299:
            return None
        if code >= 400:
            return self._refusal(phase, code, text)
        self.over = f"Not an answer: {code} {said(text)}"
        return Outcome(End.DEFERRED, phase, None, self.over, self.relay)

    def _refusal(self, phase: str, code: int, text: bytes) -> Outcome:
        """A definite no. 4xx and a goodbye are put off; 5xx is final."""
        if code == 421:
            self.over = f"421 {said(text)}"
        end = End.FAILED if code >= 500 else End.DEFERRED
        return Outcome(end, phase, code, said(text), self.relay)


def dotted(mail: bytes) -> bytes:
    """The lines of a mail as they go over the line: ended by CRLF, leading dots doubled."""
    if TO_MEND.search(mail):
        mail = LINE_END.sub(b"\r\n", mail).replace(b"\r\n.", b"\r\n..")
    if mail[:1] == b".":
        mail = b"." + mail
    return mail if mail[-2:] == b"\r\n" else mail + b"\r\n"


def said(text: bytes) -> str:
    """A server's words as they may be kept: one line of print."""
    words = " ".join(text[:600].decode(errors="replace").split())[:150]
    return words if words.isprintable() else "".join(filter(str.isprintable, words))
