"""A mail server for development: takes mail, keeps it in the database, never passes it on.

Its mailboxes have moods, by their local part, so that what real servers do can be seen:
`bounce…` does not exist (550), `later…` is put off (450), `cut…` gets the mail and cuts the line
before saying so.
"""

import asyncio
import logging
import signal
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from crm.actions import inbox

log = logging.getLogger(__name__)


class Mailboxes:
    """What the server answers, recipient by recipient."""

    async def handle_RCPT(  # noqa: N802  the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = address.casefold()
        if mood.startswith("bounce"):
            return "550 5.1.1 No such mailbox here"
        if mood.startswith("later"):
            return "450 4.2.1 Mailbox busy, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        cut = any(to.casefold().startswith("cut") for to in envelope.rcpt_tos)
        for to in envelope.rcpt_tos:
            await sync_to_async(_keep)(
                mail_from=envelope.mail_from or "", rcpt_to=to, raw=content, answered=not cut
            )
        if cut:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return ""
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever goes wrong here is not the fault of the mail: it may come again."""
        log.error("The sink could not keep a mail: %s", error)
        return "451 4.3.0 The sink is in trouble, try again later"


def _keep(**mail: Any) -> None:
    close_old_connections()  # the database may have been restarted since the last mail
    inbox.keep(**mail)


class Command(BaseCommand):
    help = "Run the development mail sink."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", choices=["127.0.0.1", "::1"])
        parser.add_argument("--port", type=int, default=0, help="0 takes a free one")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            asyncio.run(self._serve(host, port))
        except OSError as error:
            raise CommandError(
                f"The sink cannot listen on {host}:{port} ({error.strerror}). "
                "Choose another --port."
            ) from error

    async def _serve(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stopped.set)
        server = await loop.create_server(
            lambda: SMTP(Mailboxes(), enable_SMTPUTF8=True, data_size_limit=20_000_000),
            host,
            port,
        )
        taken = server.sockets[0].getsockname()[1]
        self.stdout.write(f"The sink listens on smtp://{host}:{taken}")
        self.stdout.flush()
        async with server:
            await stopped.wait()
