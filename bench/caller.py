"""A provider that tells what became of mails, at a steady rate: `python -m bench.caller`.

It must cost so little that the site is measured, not it: one process, one thread, the calls
written beforehand, a few connections that stay open. It says `ready`, begins when it reads a line,
and ends with a line of JSON. What a call waits counts from the moment it was due, whether or not a
connection was free by then. A call without an answer is not repeated.
"""

import argparse
import json
import math
import re
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.kit import hooks

LINES = 16
PATIENCE = 30.0  # seconds for the answers that lack when the last call was due
READ = 1 << 16


@dataclass
class Told:
    """What came of the calls."""

    calls: int
    waits: list[float] = field(default_factory=list)  # milliseconds, of those that were stored
    otherwise: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def report(self) -> dict[str, object]:
        waits = sorted(self.waits)
        return {
            "calls": self.calls,
            "stored": len(waits),
            "otherwise": dict(self.otherwise),
            "seconds": round(self.seconds, 3),
            "rate": round(len(waits) / self.seconds, 1),
            "p50_ms": round(percentile(waits, 50), 1),
            "p99_ms": round(percentile(waits, 99), 1),
            "longest_ms": round(percentile(waits, 100), 1),
            "cpu_us": round(self.cpu_seconds / self.calls * 1e6, 1),
        }


def percentile(waits: Sequence[float], percent: float) -> float:
    """The shortest wait that so many of a hundred do not exceed; `waits` in their order."""
    return waits[max(0, math.ceil(len(waits) * percent / 100) - 1)] if waits else 0.0


def missing(said: bytes) -> int:
    """How many bytes this answer lacks, or 1 if that is not known yet."""
    head, end, body = said.partition(b"\r\n\r\n")
    if not end:
        return 1
    if b"chunked" in head:
        return 0 if body.endswith(b"0\r\n\r\n") else 1
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return int(length[1]) - len(body) if length else 0


def calls(port: int, count: int, deliveries: Sequence[int]) -> Iterator[bytes]:
    """Each mail is accepted, then delivered: two calls, as they go over the line."""
    for number in range(count):
        delivery = deliveries[number // 2 % len(deliveries)]
        kind: hooks.Kind = "delivered" if number % 2 else "accepted"
        call = hooks.signed("mailgun", [hooks.event("mailgun", kind, delivery)])
        headers = call.headers | {
            "Host": f"127.0.0.1:{port}",
            "User-Agent": "bench",
            "Content-Length": str(len(call.body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        yield f"POST {call.path} HTTP/1.1\r\n{head}\r\n".encode() + call.body


class Caller:
    """Calls that are due wait for a free connection; each connection has one under way."""

    def __init__(self, port: int, prepared: Sequence[bytes], rate: float) -> None:
        self.address = ("127.0.0.1", port)
        self.prepared = prepared
        self.rate = rate
        self.told = Told(len(prepared))
        self.poll = select.epoll()
        self.lines: dict[int, socket.socket] = {}
        self.free: deque[int] = deque()
        self.under_way: dict[int, int] = {}  # which call, by connection
        for _line in range(LINES):
            self._connect()

    def run(self) -> Told:
        began, used, following, total = time.monotonic(), time.process_time(), 0, self.told.calls
        until = began + total / self.rate + PATIENCE
        while following < total or self.under_way:
            now = time.monotonic()
            if now > until:
                self.told.otherwise["no answer"] += total - following + len(self.under_way)
                break
            while self.free and following < total and began + following / self.rate <= now:
                self._call(following)
                following += 1
            due = began + following / self.rate if self.free and following < total else until
            for number, _event in self.poll.poll(max(0.0, due - time.monotonic())):
                self._hear(number, began)
        self.told.seconds = time.monotonic() - began
        self.told.cpu_seconds = time.process_time() - used
        for line in self.lines.values():
            line.close()
        self.poll.close()
        return self.told

    def _connect(self) -> None:
        line = socket.create_connection(self.address, timeout=PATIENCE)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines[line.fileno()] = line
        self.free.append(line.fileno())
        self.poll.register(line, select.EPOLLIN)

    def _call(self, call: int) -> None:
        number = self.free.popleft()
        self.under_way[number] = call
        try:
            self.lines[number].sendall(self.prepared[call])
        except ConnectionError:
            self._lost(number)

    def _hear(self, number: int, began: float) -> None:
        line, said, lacking = self.lines[number], b"", 1
        try:
            while lacking > 0 and (more := line.recv(READ)):
                said += more
                lacking = missing(said)
        except ConnectionError:
            lacking = 1
        if lacking > 0:
            self._lost(number)
            return
        call = self.under_way.pop(number)
        status = said[9:12].decode()
        if status == "200":
            self.told.waits.append((time.monotonic() - began - call / self.rate) * 1000)
        else:
            self.told.otherwise[status] += 1
        self.free.append(number)

    def _lost(self, number: int) -> None:
        if self.under_way.pop(number, None) is not None:
            self.told.otherwise["hung up"] += 1
        else:
            self.free.remove(number)
        self.lines.pop(number).close()
        self._connect()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.caller")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True, help="calls a second")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--first", type=int, required=True, help="the first mail's delivery")
    parser.add_argument("--mails", type=int, required=True, help="how many deliveries follow")
    options = parser.parse_args()
    deliveries = range(options.first, options.first + options.mails)
    prepared = list(calls(options.port, options.count, deliveries))
    print("ready", flush=True)
    if sys.stdin.readline():
        told = Caller(options.port, prepared, options.rate).run()
        print(json.dumps(told.report()), flush=True)


if __name__ == "__main__":
    main()
