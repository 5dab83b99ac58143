"""The light sink counts what a mail server would have taken, however the bytes arrive."""

import smtplib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.servers import LightSink, light_sink

MAIL = b"Subject: a\r\n\r\n.hidden\r\nlast\r\n"


@pytest.fixture
def sink() -> Iterator[LightSink]:
    with light_sink() as running:
        yield running


def talk(sink: LightSink, *pieces: bytes, until: bytes) -> bytes:
    """Send these pieces one by one; everything said until these words."""
    with socket.create_connection(("127.0.0.1", sink.port), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.01)
        said = b""
        while not said.endswith(until):
            got = connection.recv(4096)
            assert got, f"It hung up after {said!r}"
            said += got
    return said


def test_a_mail_of_the_standard_library_is_counted(sink: LightSink) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as server:
        for _mail in range(3):
            server.sendmail("a@a.example", ["b@b.example"], MAIL)
        assert server.has_extn("pipelining")
        assert not server.has_extn("chunking")
    assert sink.record().messages == 3


FLIGHT = b"MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_the_end_of_a_mail_is_found_wherever_the_stream_is_cut(sink: LightSink, size: int) -> None:
    stream = FLIGHT + b"one\r\n..\r\n.x\r\n.\r\n" + FLIGHT + b".\r\nQUIT\r\n"
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    said = talk(sink, *pieces, until=b"Bye\r\n")
    assert said.count(b"354") == 2
    assert sink.record().messages == 2


def test_octets_are_those_of_the_mails(sink: LightSink) -> None:
    body = b"x" * 100_000 + b"\r\n"
    talk(sink, FLIGHT, body, b".\r\nQUIT\r\n", until=b"Bye\r\n")
    assert sink.record().octets == len(body)


def test_chunks_count_with_the_last_one() -> None:
    with light_sink(chunking=True) as sink:
        envelope = FLIGHT.replace(b"DATA\r\n", b"")
        stream = envelope + b"BDAT 3\r\nabcBDAT 5 LAST\r\n.\r\n.\nBDAT 0 LAST\r\nQUIT\r\n"
        said = talk(sink, stream[:60], stream[60:], until=b"Bye\r\n")
        assert said.count(b"250") == 5
        assert sink.record().messages == 2


def test_every_answer_is_as_late_as_the_line_is_long() -> None:
    with light_sink(delay=0.05) as sink, smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as server:
        server.ehlo()
        began = time.monotonic()
        server.sendmail("a@a.example", ["b@b.example"], MAIL)
        assert 0.2 <= time.monotonic() - began < 2  # MAIL, RCPT, DATA and the mail
        assert sink.record().peak == 1


def test_the_first_mail_can_be_kept(tmp_path: Path) -> None:
    kept = tmp_path / "mail.eml"
    with light_sink(keep=kept) as sink:
        talk(sink, FLIGHT, MAIL, b".\r\n" + FLIGHT + b"other\r\n.\r\nQUIT\r\n", until=b"Bye\r\n")
        assert kept.read_bytes() == MAIL
