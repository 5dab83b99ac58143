"""Mail servers to send into, as seen by whoever counts what arrived."""

import json
import os
import pwd
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.postfix import smtp_sink
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import CHECKOUT, Home
from crm.embedded.ports import free_port
from crm.embedded.process import Program

ANSWERS_WITHIN = 10.0


@dataclass(frozen=True)
class Record:
    """What a mail server took, by its own count; what it does not count is 0."""

    messages: int
    octets: int = 0
    peak: int = 0


class MailServer(Protocol):
    port: int

    def record(self) -> Record: ...


class LightSink:
    """Our own: see bench/sink.py."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = int(self._line())

    def record(self) -> Record:
        assert self._process.stdin
        self._process.stdin.write("count\n")
        self._process.stdin.flush()
        found = json.loads(self._line())
        return Record(found["messages"], found["octets"], found["peak"])

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise EmbeddedError("The light sink ended.")
        return line


class PostfixSink:
    """Debian's smtp-sink, which writes its counters after every message."""

    def __init__(self, program: Program, port: int) -> None:
        self._program = program
        self.port = port

    def record(self) -> Record:
        assert self._program.log
        counts = re.findall(rb"mesg=(\d+)", self._program.log.read_bytes()[-400:])
        return Record(int(counts[-1]) if counts else 0)


@contextmanager
def light_sink(
    *, delay: float = 0.0, chunking: bool = False, keep: Path | None = None
) -> Iterator[LightSink]:
    """Every start is a new count."""
    words = ["-m", "bench.sink", "--delay", str(delay), *(["--chunking"] if chunking else [])]
    words += ["--keep", str(keep)] if keep else []
    process = subprocess.Popen(
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        process_group=0,
    )
    with process:
        assert process.stdin
        try:
            yield LightSink(process)
        finally:
            process.stdin.close()  # which ends it, as our own end would
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def postfix_sink(home: Home) -> Iterator[PostfixSink]:
    """Every start is a new count."""
    port = free_port()
    log = home.log("smtp-sink")
    log.unlink(missing_ok=True)
    # As root it insists on an account to change to.
    account = ["-u", pwd.getpwuid(home.account.uid).pw_name] if home.account else []
    tool = smtp_sink(home)
    program = Program(
        name="smtp-sink",
        command=[tool.path, "-c", *account, f"127.0.0.1:{port}", "1000"],
        environment=dict(os.environ) | tool.environment,
        log=log,
    )
    program.start()
    try:
        _await_banner(program, port)
        yield PostfixSink(program, port)
    finally:
        program.stop()


def _await_banner(program: Program, port: int) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline or not program.running:
                raise EmbeddedError(f"smtp-sink did not start:\n{program.last_words()}") from None
            time.sleep(0.05)
        else:
            return
