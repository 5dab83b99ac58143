"""The provider of the benchmark: what it calls, and how it counts the waits."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench import webhooks
from bench.caller import Caller, calls, missing, percentile


@contextmanager
def site(
    *, pause: float = 0.0, status: bytes = b"200 OK", calls_a_line: int = 1000
) -> Iterator[int]:
    """Answers one call after the other, each so late."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(line: socket.socket) -> None:
            with line:
                for _call in range(calls_a_line):
                    if not line.recv(65_536):
                        return
                    time.sleep(pause)
                    line.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")

        def accept() -> None:
            while True:
                try:
                    line, _address = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(line,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def prepared(port: int, count: int) -> list[bytes]:
    return list(calls(port, count, range(7, 9)))


def test_each_mail_is_accepted_and_then_delivered() -> None:
    told = [json.loads(call.partition(b"\r\n\r\n")[2]) for call in prepared(80, 6)]
    assert [
        (event["event-data"]["event"], event["event-data"]["user-variables"]["delivery"])
        for event in told
    ] == [(kind, delivery) for delivery in ("7", "8", "7") for kind in ("accepted", "delivered")]
    assert len({event["signature"]["token"] for event in told}) == 6


def test_a_wait_counts_from_the_moment_a_call_was_due() -> None:
    with site(pause=0.1) as port:
        told = Caller(port, prepared(port, 32), rate=10_000).run()
    waits = sorted(told.waits)
    # Sixteen connections: half of the calls had to wait for the other half.
    assert len(waits) == 32
    assert waits[0] >= 95
    assert all(wait >= 190 for wait in waits[16:])


def test_another_answer_than_stored_has_no_wait() -> None:
    with site(status=b"403 Forbidden") as port:
        told = Caller(port, prepared(port, 4), rate=1_000).run()
    assert (told.waits, told.otherwise) == ([], {"403": 4})


def test_a_site_that_hangs_up_is_called_anew() -> None:
    with site(calls_a_line=1) as port:
        told = Caller(port, prepared(port, 40), rate=1_000).run()
    assert len(told.waits) + told.otherwise["hung up"] == 40
    assert len(told.waits) > 16


def test_the_wait_that_so_many_do_not_exceed() -> None:
    waits = [float(number) for number in range(1, 201)]
    assert [percentile(waits, part) for part in (50, 99, 100)] == [100.0, 198.0, 200.0]
    assert percentile([], 99) == 0.0


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        (b"HTTP/1.1 200 OK\r\n", 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0),
        (b"HTTP/1.1 400 No\r\ncontent-length: 9\r\n\r\nfour", 5),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0),
    ],
)
def test_an_answer_is_read_to_its_end(said: bytes, lacks: int) -> None:
    assert missing(said) == lacks


def test_an_event_that_was_answered_and_is_not_there_leaves_no_figure() -> None:
    said = {"calls": 3, "stored": 3, "otherwise": {}}
    webhooks._check(said, 3)
    with pytest.raises(webhooks.Lost, match="Of 3 events 3 were answered with 200 and 2 are"):
        webhooks._check(said, 2)
