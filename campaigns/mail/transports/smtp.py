"""SMTP on a plain socket: dial, encrypt, sign in, and send a window of mails as one dialogue."""

import base64
import hmac
import re
import socket
import ssl
import time
from collections.abc import Sequence
from math import inf

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from campaigns.mail.transports.addresses import RelayAddress
from campaigns.mail.transports.contract import (
    End,
    Envelope,
    Flights,
    Outcome,
    Unreachable,
    barred,
)
from campaigns.mail.transports.dialogue import Dialogue, Mail, dotted, said
from campaigns.mail.transports.line import Line, LineLost, Reply

GOODBYE = 2  # seconds for the answer to QUIT

# What would end a command early or begin another.
NO_ADDRESS = re.compile(r"[\x00-\x20<>\x7f]")


class Smtp:
    """One line to one mail server, opened when it is first needed."""

    def __init__(self, address: RelayAddress, patience: float | None = None) -> None:
        self.address = address
        self.patience = patience if patience is not None else settings.SMTP_TIMEOUT
        self.round_trip = 0.0  # seconds, of the greeting's EHLO
        self._line: Line | None = None
        self._offers: dict[str, str] = {}
        self._window = 1
        self._holds_on = False  # seen: this server wants RSET after a body it refused

    @property
    def name(self) -> str:
        return self.address.name

    @property
    def window(self) -> int:
        """Doubles with every window that was half full and went well; else it starts anew."""
        return min(self._window, self.address.window or settings.SENDING_WINDOW)

    # --- opening and closing

    def connect(self) -> None:
        """Open, greet, encrypt and sign in where asked to. Raises Unreachable."""
        if self._line is not None:
            if self._line.quiet():
                return
            self._drop()  # closed by the server since the last mail
        try:
            line = self._greet(self._dial())
            self._measure_again(line)
            if self.address.user:
                self._sign_in(line)
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise Unreachable(
                f"The mail server {self.name} does not prove that it is {self.address.host} "
                f"({error.verify_message}). Nothing was sent. Check its certificate, or name its "
                "authority with ?ca=/path in EMAIL_URL."
            ) from error
        except (OSError, LineLost, ValueError) as error:  # ValueError: no host, no challenge
            self._drop()
            raise Unreachable(
                f"The mail server {self.name} cannot be reached ({error}). Check EMAIL_URL and "
                "that the server runs. Nothing is lost: waiting mails leave when it answers."
            ) from error
        except Unreachable:
            self._drop()
            raise

    def _dial(self) -> socket.socket:
        address = (self.address.host, self.address.port)
        connection = socket.create_connection(address, self.patience)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._encrypted(connection) if self.address.kind == "smtps" else connection

    def _encrypted(self, connection: socket.socket) -> socket.socket:
        """The same connection to a server that has proved its name."""
        context = ssl.create_default_context()
        if self.address.ca:
            context.load_verify_locations(self.address.ca)
        connection.settimeout(self.patience)
        try:
            return context.wrap_socket(connection, server_hostname=self.address.host)
        except OSError:
            connection.close()
            raise

    def _greet(self, connection: socket.socket) -> Line:
        line = self._line = Line(connection)
        self._expect(line.reply(self.patience), 220)
        self._hello(line, connection)
        if self.address.kind != "smtp+tls":
            return line
        if "STARTTLS" not in self._offers:
            raise Unreachable(
                f"The mail server {self.name} offers no encryption. Use smtp:// in EMAIL_URL if "
                "that is meant."
            )
        self._expect(self._ask(line, b"STARTTLS"), 220)
        if line.heard:  # said in the clear, to be believed as if it were not
            raise LineLost("Something was said between STARTTLS and encryption.")
        connection = self._encrypted(connection)
        line = self._line = Line(connection)
        self._hello(line, connection)
        return line

    def _hello(self, line: Line, connection: socket.socket) -> None:
        """EHLO, or HELO to a server that knows no other; what it offers is noted."""
        me = str(DNS_NAME)
        if "." not in me:
            host = connection.getsockname()[0]
            me = f"[IPv6:{host}]" if ":" in host else f"[{host}]"
        began = time.monotonic()
        code, answer = self._ask(line, b"EHLO " + me.encode(errors="replace"))
        self.round_trip = time.monotonic() - began
        self._offers = {}
        if 500 <= code <= 599:
            self._expect(self._ask(line, b"HELO " + me.encode(errors="replace")), 250)
            return
        self._expect((code, answer), 250)
        for offer in answer.split(b"\n")[1:]:
            name, _, words = offer.decode(errors="replace").strip().partition(" ")
            self._offers[name.upper()] = words.upper()

    def _measure_again(self, line: Line) -> None:
        """A server that was busy for a moment must not count as far away."""
        if 0.001 < self.round_trip < 0.01:
            began = time.monotonic()
            self._ask(line, b"NOOP")
            self.round_trip = min(self.round_trip, time.monotonic() - began)

    def _sign_in(self, line: Line) -> None:
        known = self._offers.get("AUTH", "").split()
        ways = {"PLAIN": self._plain, "LOGIN": self._login, "CRAM-MD5": self._challenge}
        if self.address.kind == "smtp":  # in the clear, rather without showing the password
            ways = {"CRAM-MD5": self._challenge, **ways}
        way = next((ways[name] for name in ways if name in known), None)
        if way is None:
            raise Unreachable(
                f"The mail server {self.name} offers no way to sign in that Liaison knows "
                f"({', '.join(ways)}). Perhaps it does after encryption: try smtp+tls://."
            )
        reply = way(line)
        if 500 <= reply[0] <= 599:
            raise Unreachable(
                f"The mail server {self.name} refuses our user name or password "
                f"({reply[0]} {said(reply[1])}). Check both in EMAIL_URL."
            )
        self._expect(reply, 235)

    def _plain(self, line: Line) -> Reply:
        secret = f"\0{self.address.user}\0{self.address.password}"
        return self._ask(line, b"AUTH PLAIN " + _base64(secret))

    def _login(self, line: Line) -> Reply:
        reply = self._ask(line, b"AUTH LOGIN " + _base64(self.address.user))
        return self._ask(line, _base64(self.address.password)) if reply[0] == 334 else reply

    def _challenge(self, line: Line) -> Reply:
        reply = self._ask(line, b"AUTH CRAM-MD5")
        if reply[0] != 334:
            return reply
        password, challenge = self.address.password.encode(), base64.b64decode(reply[1])
        digest = hmac.new(password, challenge, "md5").hexdigest()
        return self._ask(line, _base64(f"{self.address.user} {digest}"))

    def _ask(self, line: Line, command: bytes) -> Reply:
        line.send(command + b"\r\n", self.patience)
        return line.reply(self.patience)

    def _expect(self, reply: Reply, code: int) -> None:
        if reply[0] != code:
            raise LineLost(f"it said {reply[0]} {said(reply[1])}")

    def close(self) -> None:
        """Say goodbye if the server still listens; the mails it took stay taken."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            line.send(b"QUIT\r\n", GOODBYE)
            line.reply(GOODBYE)
        except LineLost:
            pass  # everything it has answered for is known; it owes us nothing more
        finally:
            line.close()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    # --- sending

    def flights(self, envelopes: Sequence[Envelope], *, until: float = inf) -> Flights:
        """Send a window of mails. Raises Unreachable only before anything was said."""
        outcomes = [barred(envelope) for envelope in envelopes]
        if None not in outcomes:
            return [outcome for outcome in outcomes if outcome]
        self.connect()
        waiting: list[tuple[int, Envelope, bytes]] = []
        for place, envelope in enumerate(envelopes):
            if outcomes[place] is None:
                opening = self._opening(envelope)
                if isinstance(opening, Outcome):
                    outcomes[place] = opening
                else:
                    waiting.append((place, envelope, opening))
        if not waiting:
            return [outcome for outcome in outcomes if outcome]
        ends = yield from self._speak(
            [(opening, self._lines(envelope)) for _, envelope, opening in waiting], until
        )
        for (place, _, _), end in zip(waiting, ends, strict=True):
            outcomes[place] = end
        if self._line is None or any(end.end == End.UNKNOWN for end in ends):
            self._window = 1
        elif len(envelopes) * 2 >= self.window:
            self._window = self.window * 2
        return [outcome for outcome in outcomes if outcome]

    def _speak(self, mails: list[Mail], until: float) -> Flights:
        """How each ended. Those the line did not live to see were not sent."""
        assert self._line is not None
        talk = Dialogue(self._line, self.name, self.patience, self._holds_on, until)
        if self._in_chunks:
            ends = list(talk.chunks(mails))
        elif "PIPELINING" in self._offers:
            ends = yield from talk.pipeline(mails)
        else:
            ends = list(talk.steps(mails))
        self._holds_on = talk.holds_on
        if talk.over:
            self._drop()
        text = f"Not sent: {talk.over}"[:150]
        rest = Outcome(End.DEFERRED, "line", None, text, self.name)
        return ends + [rest] * (len(mails) - len(ends))

    @property
    def _in_chunks(self) -> bool:
        return self.address.chunking and {"CHUNKING", "PIPELINING"} <= self._offers.keys()

    def _lines(self, envelope: Envelope) -> bytes:
        """The body; a chunk is counted, so its dots need no doubling (RFC 3030)."""
        return envelope.mail if envelope.fit or self._in_chunks else dotted(envelope.mail)

    def _opening(self, envelope: Envelope) -> bytes | Outcome:
        """MAIL and RCPT, or why this mail can't be offered to this server."""
        sender, recipient, mail = envelope.sender, envelope.recipient, envelope.mail
        if NO_ADDRESS.search(sender + recipient):
            text = "The address holds a character that no mail server takes."
            return Outcome(End.FAILED, "address", None, text, self.name)
        size = options = ""
        if "SIZE" in self._offers:
            most = self._offers["SIZE"]
            if most.isdecimal() and 0 < int(most) < len(mail):
                text = f"The mail has {len(mail)} bytes; {self.name} takes {most} at most."
                return Outcome(End.FAILED, "size", None, text, self.name)
            size = f" SIZE={len(mail)}"
        if not mail.isascii() and "8BITMIME" in self._offers:
            options = " BODY=8BITMIME"
        if not (sender.isascii() and recipient.isascii()):
            if "SMTPUTF8" not in self._offers:
                text = f"The mail server {self.name} cannot take addresses beyond ASCII."
                return Outcome(End.FAILED, "smtputf8", None, text, self.name)
            options += " SMTPUTF8"
        try:
            return f"MAIL FROM:<{sender}>{size}{options}\r\nRCPT TO:<{recipient}>\r\n".encode()
        except UnicodeEncodeError:
            text = "The address holds a character that no mail server takes."
            return Outcome(End.FAILED, "address", None, text, self.name)


def _base64(text: str) -> bytes:
    return base64.b64encode(text.encode())
