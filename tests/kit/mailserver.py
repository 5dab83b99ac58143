"""A mail server for tests: real SMTP on 127.0.0.1, and as lying as a test wants it.

What it does to a mail is said by rules (`MailServer.lie`), or by the reader's local part:

`bounce…` 550 5.1.1 · `later…` 450 · `slower…` 421 4.7.28 · `full…` 552 5.2.2 · `blocked…` 550
5.7.1 · `broken…` 500 after the final dot, and it does not let go of the mail · `cut…` takes the
mail and cuts the line · `slow…` waits a moment before it accepts.
"""

import base64
import email
import hmac
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from typing import Self

OFFERS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 20000000")
GOOD = {
    "connect": "220 kit.example",
    "mail": "250 2.1.0 OK",
    "rcpt": "250 2.1.5 OK",
    "data": "354 Go on",
    "dot": "250 2.0.0 Taken",
    "rset": "250 2.0.0 Forgotten",
}


@dataclass
class Lie:
    """What happens instead of the good answer in a phase, to readers whose address begins so.

    `takes` says whether a mail at its final dot is kept all the same; `reply` may be anything,
    several lines or none.
    """

    phase: str
    to: str = ""
    reply: str | None = None
    wait: float = 0
    cut: bool = False
    hang: bool = False
    takes: bool | None = None
    holds_on: bool = False
    skip: int = 0  # so many times it tells the truth first
    times: int = 1_000_000


def moods() -> list[Lie]:
    return [
        Lie("rcpt", "bounce", "550 5.1.1 No such mailbox"),
        Lie("rcpt", "later", "450 4.2.1 Try again later"),
        Lie("rcpt", "slower", "421 4.7.28 Too much mail at once"),
        Lie("rcpt", "full", "552 5.2.2 Mailbox full"),
        Lie("rcpt", "blocked", "550 5.7.1 We do not like you"),
        Lie("dot", "broken", "500 The server failed", holds_on=True),
        Lie("dot", "cut", cut=True, takes=True),
        Lie("dot", "slow", wait=0.3),
    ]


@dataclass
class MailServer:
    """What arrived, as (reader, bytes), whether or not the server could still say so.

    `answered` are the readers of whose mail it has said 250, `whole` those whose mail it has
    received to its last byte, even when it refused it then.
    """

    offers: tuple[str, ...] = OFFERS
    round_trip: float = 0
    tls: ssl.SSLContext | None = None
    wrapped: bool = False  # TLS from the first byte, not after STARTTLS
    users: dict[str, str] = field(default_factory=dict)
    knows_ehlo: bool = True
    lies: list[Lie] = field(default_factory=moods)
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    calls: int = 0  # connections
    flights: int = 0  # how often it was waited for
    talked_over: int = 0  # commands that came before the answer to the one before

    def __post_init__(self) -> None:
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._ear.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        scheme = "smtps" if self.wrapped else "smtp+tls" if self.tls else "smtp"
        return f"{scheme}://127.0.0.1:{self.port}"

    def lie(self, phase: str, to: str = "", reply: str | None = None, **manners: object) -> None:
        """Lie in a phase: connect, ehlo, starttls, mail, rcpt, data, body, dot, rset or quit."""
        self.lies.append(Lie(phase, to, reply, **manners))  # type: ignore[arg-type]

    @property
    def readers(self) -> list[str]:
        return sorted(reader for reader, _raw in self.arrived)

    def mail_to(self, reader: str) -> EmailMessage:
        """The one mail to this reader; fails if there are none or several."""
        (raw,) = [raw for to, raw in self.arrived if to == reader]
        mail = email.message_from_bytes(raw, policy=modern)
        assert isinstance(mail, EmailMessage)
        return mail

    # --- its life

    def start(self) -> None:
        self._run(self._listen)

    def stop(self) -> None:
        """Hang up on everybody, also on those it let wait for ever."""
        self.stopped.set()
        with suppress(OSError):
            self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
        self.hang_up()
        for thread in self._threads:
            thread.join()

    def hang_up(self) -> None:
        """Close every line that is open now."""
        with self.lock:
            still = list(self._open)
        for connection in still:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _run(self, what: Callable[[], None]) -> None:
        thread = threading.Thread(target=what, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._ear.accept()
            except OSError:
                return
            self.calls += 1
            self._run(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        """One connection, to its end; a caller who hangs up is no error."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        call = Call(self, connection)
        with self.lock:
            self._open.add(connection)
        try:
            call.serve()
        except (OSError, Hangup):
            pass
        finally:
            with self.lock:
                self._open.discard(connection)
            call.hang_up()


class Hangup(Exception):
    """The conversation is over."""


class Call:
    """One connection to the server."""

    def __init__(self, server: MailServer, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.heard = b""
        self.said: list[bytes] = []
        self.sender: str | None = None
        self.to = ""
        self.chunks = b""
        self.counts: dict[int, int] = {}

    def serve(self) -> None:
        if self.server.wrapped:
            self._encrypt()
        if not self._answer("connect"):
            raise Hangup
        while True:
            line = self._line()
            verb = line.upper().split(":")[0].split()[0] if line.strip() else ""
            if self.heard and "PIPELINING" not in self.server.offers:
                self.server.talked_over += 1
            self.server.commands.append(verb)
            command: Callable[[str], None] | None = getattr(self, f"_{verb.lower()}", None)
            if command is None:
                self._say("502 5.5.2 What?")
            else:
                command(line)

    # --- commands

    def _ehlo(self, line: str) -> None:
        if not self.server.knows_ehlo:
            self._say("500 5.5.1 What?")
            return
        offers = [*self.server.offers]
        if self.server.tls and not isinstance(self.connection, ssl.SSLSocket):
            offers.append("STARTTLS")
        if self.server.users and not any(offer.startswith("AUTH") for offer in offers):
            offers.append("AUTH PLAIN LOGIN CRAM-MD5")
        self._answer("ehlo", "\n".join(_lines("250", ["kit.example", *offers])))

    def _helo(self, line: str) -> None:
        self._say("250 kit.example")

    def _starttls(self, line: str) -> None:
        self._answer("starttls", "220 2.0.0 Go on")
        self._flush()
        self._encrypt()

    def _auth(self, line: str) -> None:
        _, way, *first = line.split()
        users = self.server.users
        if way.upper() == "PLAIN":
            _, user, password = base64.b64decode(first[0]).decode().split("\0")
            known = users.get(user) == password
        elif way.upper() == "LOGIN":
            user = base64.b64decode(first[0]).decode()
            known = users.get(user) == self._asked("Password:")
        else:
            user, _, digest = self._asked("<1.2@kit.example>").partition(" ")
            password = users.get(user, "")
            known = hmac.new(password.encode(), b"<1.2@kit.example>", "md5").hexdigest() == digest
        self._say("235 2.7.0 Welcome" if known else "535 5.7.8 Wrong")

    def _asked(self, question: str) -> str:
        self._say("334 " + base64.b64encode(question.encode()).decode())
        return base64.b64decode(self._line()).decode()

    def _mail(self, line: str) -> None:
        if self.sender is not None:
            self._say("503 5.5.1 Nested MAIL command")
        elif self._answer("mail"):
            self.sender = _address(line)

    def _rcpt(self, line: str) -> None:
        if self.sender is None:
            self._say("503 5.5.1 MAIL first")
            return
        to, self.to = self.to, _address(line)
        if not self._answer("rcpt"):
            self.to = to

    def _data(self, line: str) -> None:
        if self._answer("data", GOOD["data"] if self.to else "503 5.5.1 RCPT first"):
            self._flush()
            self._take(self._body())

    def _bdat(self, line: str) -> None:
        words = line.split()
        while len(self.heard) < int(words[1]):
            self._listen()
        self.chunks += self.heard[: int(words[1])]
        self.heard = self.heard[int(words[1]) :]
        if not self.to:
            self.chunks = b""
            self._say("503 5.5.1 RCPT first")
        elif words[-1].upper() == "LAST":
            whole, self.chunks = self.chunks, b""
            self._take(whole)
        else:
            self._say("250 2.0.0 Go on")

    def _rset(self, line: str) -> None:
        self.sender, self.to = None, ""
        self._answer("rset")

    def _quit(self, line: str) -> None:
        self._answer("quit", "221 2.0.0 Bye")
        self._flush()
        raise Hangup

    # --- mails

    def _body(self) -> bytes:
        if (lie := self._lie("body")) is not None:
            while len(self.heard) < 10:
                self._listen()
            self._behave(lie)
            if lie.reply is not None:
                self._say(lie.reply)
                self._flush()
        while not self.heard.startswith(b".\r\n") and b"\r\n.\r\n" not in self.heard:
            self._listen()
        if self.heard.startswith(b".\r\n"):
            body, self.heard = b"", self.heard[3:]
        else:
            body, _, self.heard = self.heard.partition(b"\r\n.\r\n")
            body += b"\r\n"
        return (b"\r\n" + body).replace(b"\r\n.", b"\r\n")[2:]

    def _take(self, mail: bytes) -> None:
        """A mail is here as a whole: keep it, or say not."""
        server, to, sender = self.server, self.to, self.sender or ""
        server.whole.append(to)
        lie = self._lie("dot")
        reply = GOOD["dot"] if lie is None or lie.reply is None else lie.reply
        takes = reply.startswith("2") and not (lie and (lie.cut or lie.hang))
        if lie is not None:
            takes = takes if lie.takes is None else lie.takes
            if lie.wait:
                self._pause(lie.wait)
        if takes:
            with server.lock:
                server.arrived.append((to, mail))
                server.senders.append(sender)
        if lie is None or not lie.holds_on:
            self.sender, self.to = None, ""
        if lie is not None:
            self._behave(lie, waited=True)
        if reply.startswith("2"):
            server.answered.append(to)
        self._say(reply)
        self._goodbye(reply)

    # --- words

    def _answer(self, phase: str, good: str = "") -> bool:
        """The good answer or the lie; True: it lets the caller go on."""
        lie = self._lie(phase)
        reply = good or GOOD.get(phase, "250 OK")
        if lie is not None:
            self._behave(lie)
            reply = reply if lie.reply is None else lie.reply
        self._say(reply)
        self._goodbye(reply)
        return reply[:1] in ("2", "3")

    def _lie(self, phase: str) -> Lie | None:
        """The lie for this phase and reader, if it is its turn."""
        with self.server.lock:
            for lie in self.server.lies:
                if lie.phase != phase or not self.to.startswith(lie.to) or not lie.times:
                    continue
                if lie.skip:
                    lie.skip -= 1
                    continue
                lie.times -= 1
                return lie
        return None

    def _behave(self, lie: Lie, *, waited: bool = False) -> None:
        if lie.wait and not waited:
            self._pause(lie.wait)
        if lie.hang:
            self._flush()
            self.server.stopped.wait()
            raise Hangup
        if lie.cut:
            self._flush()
            raise Hangup

    def _goodbye(self, reply: str) -> None:
        if reply.startswith("421"):
            self._flush()
            raise Hangup

    def _pause(self, seconds: float) -> None:
        self._flush()
        if self.server.stopped.wait(seconds):
            raise Hangup

    def _say(self, reply: str) -> None:
        self.said.append(reply.replace("\n", "\r\n").encode() + b"\r\n")

    def _flush(self) -> None:
        if self.said:
            if self.server.round_trip:
                self.server.stopped.wait(self.server.round_trip)
            self.connection.sendall(b"".join(self.said))
            self.said.clear()

    def _line(self) -> str:
        while b"\r\n" not in self.heard:
            self._listen()
        line, _, self.heard = self.heard.partition(b"\r\n")
        return line.decode(errors="replace")

    def _listen(self) -> None:
        """Answers leave when there is nothing left to read, as with real servers."""
        self._flush()
        self.server.flights += 1
        data = self.connection.recv(1 << 18)
        if not data:
            raise Hangup
        self.heard += data

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)

    def hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def _lines(code: str, texts: list[str]) -> list[str]:
    return [f"{code}-{text}" for text in texts[:-1]] + [f"{code} {texts[-1]}"]


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
