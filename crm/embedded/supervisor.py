"""Keeps programs running, and ends them all in order."""

import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from crm.embedded.errors import EmbeddedError
from crm.embedded.guard import Guard
from crm.embedded.home import CHECKOUT, Home
from crm.embedded.parts import start
from crm.embedded.process import Program

STEADY_AFTER = 10.0  # seconds; who dies sooner is started again more slowly
LONGEST_PAUSE = 30.0


def say(line: str) -> None:
    print(line, flush=True)


@dataclass
class Kept:
    """A program that is to run until we end."""

    program: Program
    guard: Guard
    started: float = 0.0
    failures: int = 0
    due: float | None = None
    held: bool = False  # it is meant to stay down for now

    def begin(self) -> None:
        self.program.start()
        self.watch()

    def watch(self) -> None:
        self.started, self.due = time.monotonic(), None
        self.guard.watch(self.program.pid)

    def tend(self) -> None:
        """Start it again if it has died: at once the first time, then after growing pauses."""
        if self.program.running or self.held:
            return
        now = time.monotonic()
        if self.due is None:
            self.due = now + self._mourn(now)
        if now >= self.due:
            self.begin()

    def _mourn(self, now: float) -> float:
        """Clear up after it; how long to wait before the next start."""
        self.program.kill_group()
        self.guard.forget(self.program.pid)
        self.failures = 0 if now - self.started > STEADY_AFTER else self.failures + 1
        say(
            f"{self.program.name} ended (status {self.program.status}) and is started again; "
            f"its log is {self.program.log}"
        )
        return min(LONGEST_PAUSE, 0.1 * 2.0**self.failures)


class Supervisor:
    """The servers and programs of one running Liaison; the stack ends them, last one first."""

    def __init__(self, home: Home, stack: ExitStack) -> None:
        self.environment = dict(os.environ)
        self._home = home
        self._stack = stack
        self._guard = Guard(self.environment)
        self._kept: list[Kept] = []
        self._programs: list[Program] = []
        self._last: list[Program] = []
        stack.callback(self._guard.close)

    def start_servers(self) -> dict[str, str]:
        """PostgreSQL and Valkey, as far as the environment does not name others."""
        servers = start(self._home, self._stack)
        for server in servers.values():
            kept = Kept(server.program, self._guard)
            kept.watch()
            self._kept.append(kept)
        self._stack.callback(self._end_programs)
        addresses = {name: server.url for name, server in servers.items()}
        self.environment |= addresses
        return addresses

    def keep(
        self, name: str, *words: str, pass_fds: tuple[int, ...] = (), ends_last: bool = False
    ) -> Program:
        """Run Python with these words until we end."""
        program = self._program(name, words, self._home.log(name), pass_fds)
        kept = Kept(program, self._guard)
        kept.begin()
        self._kept.append(kept)
        (self._last if ends_last else self._programs).append(program)
        return program

    def run(self, *words: str, quiet: bool = False) -> int:
        """A command of manage.py, to its end; its exit status."""
        log = self._home.log(words[0]) if quiet else None
        program = self._program(words[0], ("manage.py", *words), log)
        program.start()
        self._guard.watch(program.pid)
        try:
            while not program.wait(0.1):
                self.tend()
        finally:
            program.stop()
            self._guard.forget(program.pid)
        if quiet and program.status:
            raise EmbeddedError(f"manage.py {words[0]} failed:\n{program.last_words(12)}")
        return program.status

    def kept(self, name: str) -> Kept:
        """The server or program of that name."""
        (found,) = [kept for kept in self._kept if kept.program.name == name]
        return found

    def begin(self, name: str, *words: str) -> Program:
        """Run Python with these words once, beside everything else; `end` clears up after it."""
        program = self._program(name, words, self._home.log(name))
        program.start()
        self._guard.watch(program.pid)
        return program

    def end(self, program: Program) -> None:
        """Stop a program before the others, for good."""
        self._kept = [kept for kept in self._kept if kept.program is not program]
        self._programs = [other for other in self._programs if other is not program]
        program.stop()
        self._guard.forget(program.pid)

    def tend(self) -> None:
        for kept in self._kept:
            kept.tend()

    def serve(self) -> None:
        """Until a signal ends it."""
        while True:
            self.tend()
            time.sleep(0.05)

    def _program(
        self, name: str, words: tuple[str, ...], log: Path | None, fds: tuple[int, ...] = ()
    ) -> Program:
        return Program(
            name=name,
            command=[sys.executable, *words],
            environment=self.environment,
            directory=CHECKOUT,
            log=log,
            pass_fds=fds,
        )

    def _end_programs(self) -> None:
        """Ask all at once, then wait for each; those that others talk to come last."""
        for programs in (self._programs, self._last):
            for program in programs:
                program.signal(program.stops_by)
            for program in programs:
                program.finish()
