"""A mail server for tests: real SMTP on 127.0.0.1, with moods by the reader's local part.

`bounce…` 550 5.1.1 · `later…` 450 · `slower…` 421 4.7.28 · `full…` 552 5.2.2 · `blocked…` 550
5.7.1 · `broken…` 500, the server itself failed · `cut…` takes the mail and cuts the line · `slow…`
waits a moment before it accepts.
"""

import asyncio
import email
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from crm.embedded.ports import free_port

REFUSALS = {
    "bounce": "550 5.1.1 No such mailbox",
    "later": "450 4.2.1 Try again later",
    "slower": "421 4.7.28 Too much mail at once",
    "full": "552 5.2.2 Mailbox full",
    "blocked": "550 5.7.1 We do not like you",
}


class MailServer:
    """What arrived, as (reader, bytes), whether or not the server could still say so."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.senders: list[str] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    @property
    def readers(self) -> list[str]:
        return sorted(reader for reader, _raw in self.arrived)

    def mail_to(self, reader: str) -> EmailMessage:
        """The one mail to this reader; fails if there are none or several."""
        (raw,) = [raw for to, raw in self.arrived if to == reader]
        mail = email.message_from_bytes(raw, policy=modern)
        assert isinstance(mail, EmailMessage)
        return mail

    async def handle_RCPT(  # noqa: N802  the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        for mood, refusal in REFUSALS.items():
            if address.startswith(mood):
                return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        if to.startswith("broken"):
            raise RuntimeError("the server fails over this mail")
        if to.startswith("slow"):
            await asyncio.sleep(0.3)
        self.arrived.append((to, envelope.original_content or b""))
        self.senders.append(envelope.mail_from or "")
        if to.startswith("cut"):
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return ""
        return "250 2.0.0 Taken"
