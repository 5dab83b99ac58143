"""Django's own backends as a plain way out."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django.fixtures import Settings

from campaigns.mail.transports import open_transport
from campaigns.mail.transports.contract import End, Envelope, Unreachable
from crm.embedded.ports import free_port
from tests.kit.mailserver import MailServer

SMTP = "django://django.core.mail.backends.smtp.EmailBackend"
MAIL = (
    "Subject: Caf=\r\nFrom: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n.Łódź\r\n".encode()
)


def envelope(reader: str) -> Envelope:
    return Envelope("desk@biocat.example", f"{reader}@lab.example", MAIL)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


class Odd(BaseEmailBackend):
    """A backend that says nothing, or breaks."""

    def send_messages(self, email_messages: Any) -> int:
        if email_messages[0].to == ["broken@lab.example"]:
            raise KeyError("token")
        return 0


def test_the_mail_arrives_byte_for_byte(server: MailServer) -> None:
    with open_transport(SMTP) as transport:
        outcomes = transport.send([envelope("ada"), envelope("bob")])

    assert [outcome.end for outcome in outcomes] == [End.ACCEPTED, End.ACCEPTED]
    assert server.arrived == [("ada@lab.example", MAIL), ("bob@lab.example", MAIL)]
    assert set(server.senders) == {"desk@biocat.example"}


def test_an_address_that_django_writes_in_another_way_is_refused_as_any_other(
    server: MailServer,
) -> None:
    """It asks the server for the domain in ASCII."""
    server.lie("rcpt", reply="550 5.1.1 No such mailbox")

    with open_transport(SMTP) as transport:
        (outcome,) = transport.send([Envelope("desk@biocat.example", "ada@müller.example", MAIL)])

    assert (outcome.end, outcome.code) == (End.FAILED, 550)


def test_refusals_that_smtp_names_are_definite_and_all_else_is_not(server: MailServer) -> None:
    readers = ["bounce", "later", "broken", "cut", "ada"]

    with open_transport(SMTP) as transport:
        outcomes = transport.send([envelope(reader) for reader in readers])

    assert [(outcome.end, outcome.code) for outcome in outcomes] == [
        (End.FAILED, 550),
        (End.DEFERRED, 450),
        (End.FAILED, 500),
        (End.UNKNOWN, None),
        (End.ACCEPTED, None),
    ]


def test_a_backend_that_cannot_connect_is_unreachable(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    with open_transport(SMTP) as transport, pytest.raises(Unreachable, match="can't connect"):
        transport.send([envelope("ada")])


def test_a_backend_that_does_not_say_leaves_the_mail_undecided() -> None:
    with open_transport(f"django://{__name__}.Odd") as transport:
        silent, broken = transport.send([envelope("ada"), envelope("broken")])

    assert (silent.end, broken.end) == (End.UNKNOWN, End.UNKNOWN)
    assert "KeyError" in broken.text


def test_the_sandbox_holds_here_too() -> None:
    real = Envelope("desk@biocat.example", "somebody@company.notreserved", MAIL)

    with open_transport("django://django.core.mail.backends.locmem.EmailBackend") as transport:
        outcomes = transport.send([real, envelope("ada")])

    assert [outcome.end for outcome in outcomes] == [End.FAILED, End.ACCEPTED]
    assert [message.to for message in mail.outbox] == [["ada@lab.example"]]
