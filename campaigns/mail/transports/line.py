"""A line to a mail server: bytes out, replies in, and never longer than one has patience.

The socket does not block. While a long flight waits for the server to read, its replies are read,
so that the two never wait for each other.
"""

import select
import socket
import ssl
import struct
from collections import deque
from time import monotonic

# What is longer is no reply.
LONGEST_REPLY = 64 * 1024
MOST_LINES = 5_000

_PATIENCE = struct.pack("@ll", 1, 0)  # a second; then a deadline is looked at again

NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

Reply = tuple[int, bytes]


class LineLost(Exception):
    """The line is of no use any more: broken, silent, or what it says is no reply."""


class Line:
    """An open connection. What is not a reply of SMTP loses the line like a cut does."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._encrypted = isinstance(connection, ssl.SSLSocket)
        if self._encrypted:
            connection.setblocking(False)
            self._at_once = 0
        else:
            # One call that waits, and not one to wait and one to read.
            connection.setblocking(True)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _PATIENCE)
            self._at_once = socket.MSG_DONTWAIT
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self.left = 0  # bytes of the last `send` that are, or may be, on their way

    def close(self) -> None:
        self._socket.close()

    @property
    def heard(self) -> bool:
        """Something was said that nobody has asked for yet."""
        return bool(self._lines or self._rest)

    def quiet(self) -> bool:
        """Nothing was said and the other end has not hung up: as it must be between mails."""
        try:
            return not self.heard and not self._receive()
        except LineLost:
            return False

    def send(self, data: bytes, patience: float) -> None:
        """Hand over all of it. When that fails, `left` tells how much may have gone."""
        self.left = 0
        try:
            self.left = self._socket.send(data, self._at_once)
        except NOT_NOW:
            pass
        except OSError as error:
            raise LineLost(f"The connection broke: {error}") from error
        if self.left < len(data):
            self._push(memoryview(data), self.left, monotonic() + patience)

    def _push(self, data: memoryview, done: int, deadline: float) -> None:
        """The rest of a long flight, listening meanwhile."""
        if self._encrypted:
            self.left = max(done, 1)  # part of an encrypted record may be under way
        both = select.poll()
        both.register(self._socket, select.POLLIN | select.POLLOUT)
        while done < len(data):
            pause = deadline - monotonic()
            if pause <= 0 or not (events := both.poll(pause * 1000)):
                raise LineLost("The server stopped reading.")
            happened = events[0][1]
            if happened & ~select.POLLOUT:
                self._receive()
            if happened & select.POLLOUT:
                try:
                    done += self._socket.send(data[done:], self._at_once)
                except NOT_NOW:
                    continue
                except OSError as error:
                    raise LineLost(f"The connection broke: {error}") from error
                self.left = done

    def agreed(self) -> bool:
        """Take the usual answers to MAIL, RCPT and DATA, if these have come and no others."""
        lines = self._lines
        if (
            len(lines) == 3
            and lines[0][:4] == b"250 "
            and lines[1][:4] == b"250 "
            and lines[2][:4] == b"354 "
        ):
            lines.clear()
            return True
        return False

    def reply(self, patience: float) -> Reply:
        """The next reply, whole: its code, and what it says without the codes.

        No patience at all still hears what has come already.
        """
        lines, deadline = self._lines, 0.0
        if not lines:
            deadline = monotonic() + patience
            while not lines:
                self._wait(deadline)
        line = lines.popleft()
        if line[3:4] == b" ":
            return _code(line), line[4:]
        return self._long(line, deadline or monotonic() + patience)

    def _long(self, line: bytes, deadline: float) -> Reply:
        """A reply of several lines, or without a text, or none at all."""
        said = []
        while True:
            line = line.rstrip(b"\r")
            code, mark = _code(line), line[3:4]
            said.append(line[4:])
            if mark in (b"", b" "):
                return code, b"\n".join(said)
            if mark != b"-" or len(said) > MOST_LINES:
                raise LineLost(f"Not an answer: {_shown(line)}")
            while not self._lines:
                self._wait(deadline)
            line = self._lines.popleft()

    def _wait(self, deadline: float) -> None:
        """Hear something before the deadline."""
        if self._encrypted:
            if self._receive():  # it was decrypted along with what came before
                return
        else:
            while deadline - monotonic() > 1:
                if self._receive(0):
                    return
        if not self._poll.poll(max(deadline - monotonic(), 0) * 1000):
            raise LineLost("The server did not answer in time.")
        self._receive()

    def _receive(self, flags: int | None = None) -> bool:
        """Take in what has come; False: nothing has."""
        try:
            data = self._socket.recv(65536, self._at_once if flags is None else flags)
        except NOT_NOW:
            return False
        except OSError as error:
            raise LineLost(f"The connection broke: {error}") from error
        if not data:
            raise LineLost("The connection broke: the server hung up.")
        lines = (self._rest + data if self._rest else data).split(b"\n")
        self._rest = lines.pop()
        self._lines.extend(lines)
        if len(self._rest) > LONGEST_REPLY or len(self._lines) > MOST_LINES:
            raise LineLost(f"Not an answer: {_shown(self._rest or lines[-1])}")
        return True


def _code(line: bytes) -> int:
    code = line[:3]
    if len(code) == 3 and code.isdigit() and 200 <= (number := int(code)) <= 599:
        return number
    raise LineLost(f"Not an answer: {_shown(line)}")


def _shown(line: bytes) -> str:
    return line[:100].decode(errors="replace").strip()
