"""What a mail server says, and what it means."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from campaigns.mail.transports import open_transport
from campaigns.mail.transports.contract import End, Envelope
from tests.mailserver import MailServer


class Terse(socketserver.StreamRequestHandler):
    """A server that takes everything and answers the final dot as its `verdict` says."""

    verdict = b"250 OK"

    def handle(self) -> None:
        self.wfile.write(b"220 terse\r\n")
        in_body = False
        for line in self.rfile:
            if in_body and line != b".\r\n":
                continue
            if in_body:
                in_body = False
                self.wfile.write(self.verdict + b"\r\n")
            elif line.upper().startswith(b"DATA"):
                in_body = True
                self.wfile.write(b"354 go on\r\n")
            else:
                self.wfile.write(b"250 OK\r\n")


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Terse) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("verdict", "end"),
    [
        (b"250 OK", End.ACCEPTED),
        (b"252 Cannot verify, will try", End.ACCEPTED),
        (b"451 Later", End.DEFERRED),
        (b"421 Closing", End.DEFERRED),
        (b"554 No", End.FAILED),
        (b"oh well", End.UNKNOWN),
        (b"354 Go on", End.UNKNOWN),
    ],
)
def test_only_a_definite_answer_to_the_final_dot_is_one(
    monkeypatch: pytest.MonkeyPatch,
    server: socketserver.ThreadingTCPServer,
    verdict: bytes,
    end: End,
) -> None:
    monkeypatch.setattr(Terse, "verdict", verdict)
    envelope = Envelope("desk@biocat.example", "ada@lab.example", b"Subject: x\r\n\r\nx\r\n")

    with open_transport(f"smtp://127.0.0.1:{server.server_address[1]}") as transport:
        [outcome] = transport.send([envelope])

    assert outcome.end == end


@pytest.mark.parametrize("body", [b".\r\n..\r\n.a", b"a\r\n.\r\nb\r\n", b"no end"])
def test_dots_arrive_as_they_were_written(mail_server: MailServer, body: bytes) -> None:
    envelope = Envelope("desk@biocat.example", "ada@lab.example", b"Subject: x\r\n\r\n" + body)

    with open_transport() as transport:
        [outcome] = transport.send([envelope])

    ((_to, raw),) = mail_server.arrived
    assert outcome.end == End.ACCEPTED
    assert raw.rstrip(b"\r\n") == envelope.mail.rstrip(b"\r\n")


def test_an_address_beyond_ascii_is_refused_by_a_server_that_cannot_take_it(
    server: socketserver.ThreadingTCPServer,
) -> None:
    envelope = Envelope("desk@biocat.example", "ünal@lab.example", b"Subject: x\r\n\r\nx\r\n")

    with open_transport(f"smtp://127.0.0.1:{server.server_address[1]}") as transport:
        [outcome] = transport.send([envelope])

    assert outcome.end == End.FAILED
    assert "cannot take addresses beyond ASCII" in outcome.text
