"""A mail server that keeps its own record of what arrived, and answers as slowly as it is told.

The record is the witness against the ledger: a line per wholly received mail, written to the file
without any buffer *before* the mail is answered.
"""

import asyncio
import os
import re
import threading
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
LIMIT = 20_000_000


class Sink:
    """SMTP with PIPELINING on 127.0.0.1, in a thread of its own.

    `pace` is how many mails a second it answers, over all connections; None: at once.
    """

    def __init__(self, record: Path, port: int, pace: float | None = None) -> None:
        self.record = Record(record)
        self.port = port
        self.pace = pace
        self.accepted = 0  # answered while the client was still there to hear it
        self._next_slot = 0.0
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sink", daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        if not self._listening.wait(10):
            raise RuntimeError(f"The sink could not listen on port {self.port}.")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self.record.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=LIMIT)
        )
        self._listening.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._dialogue(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a killed client; what it had not wholly sent never arrived
        finally:
            writer.close()

    async def _dialogue(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = ""
        writer.write(b"220 sink.example ESMTP\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(
                    b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
                )
            elif verb == b"RCPT":
                to = line[8:].split(b">")[0].strip(b" <").decode()
                writer.write(b"250 2.1.5 OK\r\n")
            elif verb == b"DATA":
                writer.write(b"354 Go ahead\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                self.record.write(to, mail)
                await self._turn()
                writer.write(b"250 2.0.0 Taken\r\n")
                self.accepted += not reader.at_eof()
            elif verb == b"QUIT":
                writer.write(b"221 Bye\r\n")
                return
            else:
                writer.write(b"250 OK\r\n")

    async def _turn(self) -> None:
        """Wait for the next slot at the present pace."""
        if self.pace is None:
            return
        now = time.monotonic()
        self._next_slot = max(self._next_slot, now) + 1 / self.pace
        await asyncio.sleep(self._next_slot - now)


class Record:
    """Who got which mail, in the order of arrival."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self.path = path
        self.count = 0

    def write(self, to: str, mail: bytes) -> None:
        found = MESSAGE_ID.search(mail.partition(b"\r\n\r\n")[0])
        message_id = found[1].decode() if found else "none"
        os.write(self._file, f"{time.time():.3f} {message_id} {to}\n".encode())
        self.count += 1

    def close(self) -> None:
        os.close(self._file)

    def read(self) -> list[tuple[str, str]]:
        """(Message-ID, reader) of every mail, from the file."""
        lines = self.path.read_text().splitlines()
        return [(line.split(" ")[1], line.split(" ")[2]) for line in lines]

    def silence(self) -> float:
        """The longest time between two mails, in seconds."""
        times = [float(line.split(" ")[0]) for line in self.path.read_text().splitlines()]
        return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def repeated(names: list[str]) -> int:
    """How many are there more often than once, each time counted."""
    return sum(count - 1 for count in Counter(names).values())
