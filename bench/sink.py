"""A mail server that takes everything, keeps nothing and counts: `python -m bench.sink`.

It must cost so little that the senders are measured, not it: one process, one read and one
write a message. It answers `count` on its standard input with a line of JSON, and ends when that
input ends. `--delay` seconds pass before each answer, as on a line with that round trip.
"""

import argparse
import json
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from pathlib import Path

READ = 1 << 15  # a larger buffer costs a fresh mapping for every read
END = b"\r\n.\r\n"

Due = deque[tuple[float, "Line", bytes]]


class Line:
    """One connection: what of its stream is not understood yet, and where in the dialogue it is."""

    def __init__(self, server: "Server", connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.rest = b""
        self.in_body = False
        self.chunk_left = 0
        self.last_chunk = False
        self.unsent = b""
        self.kept = b""

    def take(self, data: bytes) -> bytes:
        """Understand what came and return the answers it deserves."""
        data = self.rest + data if self.rest else data
        at, size, answers = 0, len(data), []
        while at < size:
            if self.in_body:
                # `at` is at the CRLF that ended DATA or before: a lone dot needs one before it.
                end = data.find(END, at)
                until = end if end >= 0 else max(at, size - len(END) + 1)
                self.server.octets += until - at
                if self.server.keep:
                    self.kept += data[at:until]
                at = until
                if end < 0:
                    break
                at += len(END)
                self.in_body = False
                answers.append(self.server.accepted())
                if self.server.keep:
                    self.server.keep.write_bytes(self.kept.removeprefix(b"\r\n") + b"\r\n")
                    self.server.keep = None
            elif self.chunk_left:
                step = min(self.chunk_left, size - at)
                self.chunk_left -= step
                self.server.octets += step
                at += step
                if not self.chunk_left:
                    answers.append(self._chunk_ended())
            else:
                end = data.find(b"\r\n", at)
                if end < 0:
                    break
                answers.append(self._command(data[at:end]))
                at = end if self.in_body else end + 2
        self.rest = data[at:]
        return b"".join(answers)

    def _command(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"DATA":
            self.in_body = True
        elif verb == b"BDAT":
            words = line.split()
            self.chunk_left = int(words[1])
            self.last_chunk = len(words) > 2
            return b"" if self.chunk_left else self._chunk_ended()
        return self.server.answers.get(verb, b"502 5.5.1 Not known here\r\n")

    def _chunk_ended(self) -> bytes:
        return self.server.accepted() if self.last_chunk else b"250 2.0.0 Ok\r\n"


class Server:
    def __init__(
        self, listener: socket.socket, delay: float, *, chunking: bool, keep: Path | None
    ) -> None:
        self.listener = listener
        self.delay = delay
        self.keep = keep
        self.messages = 0
        self.octets = 0
        self.peak = 0  # lines open at once
        self.due: Due = deque()
        self.lines: dict[int, Line] = {}
        self.poll = select.epoll()
        extensions = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 52428800"]
        extensions += ["CHUNKING"] if chunking else []
        said = ["250-sink.example", *(f"250-{word}" for word in extensions[:-1])]
        self.answers = {
            **dict.fromkeys((b"MAIL", b"RCPT", b"RSET", b"NOOP", b"HELO"), b"250 2.0.0 Ok\r\n"),
            b"EHLO": "\r\n".join([*said, f"250 {extensions[-1]}", ""]).encode(),
            b"DATA": b"354 Go on\r\n",
            b"QUIT": b"221 2.0.0 Bye\r\n",
        }

    def accepted(self) -> bytes:
        self.messages += 1
        return b"250 2.0.0 Ok\r\n"

    def serve(self, orders: int) -> None:
        """Until the standard input ends."""
        self.poll.register(self.listener, select.EPOLLIN)
        self.poll.register(orders, select.EPOLLIN | select.EPOLLHUP)
        while True:
            wait = max(0.0, self.due[0][0] - time.monotonic()) if self.due else None
            for number, event in self.poll.poll(wait):
                line = self.lines.get(number)
                if line is not None:
                    self._serve(line, event)
                elif number == orders:
                    if not os.read(orders, 4096):
                        return
                    self._report()
                else:
                    self._greet()
            while self.due and self.due[0][0] <= time.monotonic():
                _at, line, answer = self.due.popleft()
                self._write(line, answer)

    def _greet(self) -> None:
        connection, _address = self.listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        line = Line(self, connection)
        self.lines[connection.fileno()] = line
        self.peak = max(self.peak, len(self.lines))
        self.poll.register(connection, select.EPOLLIN)
        self._answer(line, b"220 sink.example ESMTP\r\n")

    def _serve(self, line: Line, event: int) -> None:
        if event & select.EPOLLOUT:
            self.poll.modify(line.connection, select.EPOLLIN)
            unsent, line.unsent = line.unsent, b""
            self._write(line, unsent)
            return
        try:
            data = line.connection.recv(READ)
        except ConnectionError:
            data = b""
        if not data:
            del self.lines[line.connection.fileno()]
            line.connection.close()
        elif answer := line.take(data):
            self._answer(line, answer)

    def _answer(self, line: Line, answer: bytes) -> None:
        if self.delay:
            self.due.append((time.monotonic() + self.delay, line, answer))
        else:
            self._write(line, answer)

    def _write(self, line: Line, answer: bytes) -> None:
        if line.unsent or line.connection.fileno() < 0:  # a reader who is slow, or gone
            line.unsent += answer
            return
        try:
            sent = line.connection.send(answer)
        except BlockingIOError:
            sent = 0
        except ConnectionError:
            return
        if sent < len(answer):
            line.unsent = answer[sent:]
            self.poll.modify(line.connection, select.EPOLLOUT)

    def _report(self) -> None:
        record = {"messages": self.messages, "octets": self.octets, "peak": self.peak}
        print(json.dumps(record), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sink")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--chunking", action="store_true", help="offer BDAT (RFC 3030)")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the first mail there")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends our input
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(listener.getsockname()[1], flush=True)
        server = Server(listener, options.delay, chunking=options.chunking, keep=options.keep)
        server.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
