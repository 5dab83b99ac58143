"""Servers, databases and workers of the benchmark, under var/bench and on 127.0.0.1 only."""

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

import psycopg
import redis

from crm.embedded.errors import EmbeddedError
from crm.embedded.guard import Guard
from crm.embedded.home import CHECKOUT, VAR, Home
from crm.embedded.launch import web_answers
from crm.embedded.parts import start
from crm.embedded.ports import free_port
from crm.embedded.postgres import Postgres
from crm.embedded.process import Program
from crm.embedded.state import State

HOME = VAR / "bench"
READY_WITHIN = 60.0
COMMAND_WITHIN = 420.0
PYTHON = Path(sys.executable)
Vars = Mapping[str, str]
EMPTY: Vars = MappingProxyType({})
# As deployed: DEBUG keeps every query, and the canary would hold for minutes.
ENVIRONMENT = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "BASE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "smtp://127.0.0.1:25",  # each contest has a mail server of its own
    "ADDRESS_KEY": "bench",
    "CANARY_HOLD": "0",
    "DJANGO_SETTINGS_MODULE": "crm.settings",
}
# What a base database depends on.
SOURCES = ("crm/migrations", "campaigns/migrations", "campaigns/demo", "bench/data.py")


class Stage:
    """PostgreSQL (fsync on) and a broker for one benchmark; the stack ends them."""

    def __init__(self, stack: ExitStack) -> None:
        for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
            os.environ.pop(name, None)  # the benchmark brings its own, and empties it
        self.home = Home.at(HOME)
        state = State(HOME)
        stack.callback(state.close)
        if not state.claim():
            raise EmbeddedError("A benchmark already runs in this checkout.")
        self.environment = dict(os.environ) | ENVIRONMENT
        self.environment["SECRET_KEY"] = secrets.token_urlsafe(50)
        self.guard = Guard(self.environment)
        stack.callback(self.guard.close)
        servers = start(self.home, stack)
        for server in servers.values():
            self.guard.watch(server.program.pid)
        postgres = servers["DATABASE_URL"]
        assert isinstance(postgres, Postgres)
        self.postgres = postgres
        self.environment["REDIS_URL"] = servers["REDIS_URL"].url

    def url(self, database: str) -> str:
        return f"{self.postgres.url.rpartition('/')[0]}/{database}"

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(database), autocommit=True)

    def base(self, recipients: int, *, exclusions: bool = False) -> str:
        """The database with this many recipients, made once and kept for the next benchmark."""
        name = f"base_{recipients}{'_exclusions' if exclusions else ''}"
        mark = _digest()
        with self.connect("postgres") as connection:
            found = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [name],
            ).fetchone()
            if found == (mark,):
                return name
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
            self.command("migrate", "--no-input", database=name)
            self.python(
                *("-m", "bench.data", "--recipients", str(recipients)),
                *(("--exclusions",) if exclusions else ()),
                database=name,
                # Only a place under development may lack a mail server; nothing is sent here.
                more={"DEBUG": "1", "EMAIL_URL": ""},
            )
            connection.execute(f"COMMENT ON DATABASE {name} IS '{mark}'")
        return name

    @contextmanager
    def fresh(self, base: str) -> Iterator[str]:
        """A copy of a base database for one run, so that every run finds the same."""
        name = f"run_{secrets.token_hex(4)}"
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {base} STRATEGY file_copy")
            try:
                yield name
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def command(self, *words: str, database: str, more: Vars = EMPTY) -> None:
        """A command of manage.py, to its end."""
        self.python("manage.py", *words, database=database, more=more)

    def python(
        self, *words: str, database: str, interpreter: Path = PYTHON, more: Vars = EMPTY
    ) -> str:
        """A Python program, to its end; what it said."""
        name = words[1]  # of the module or the command
        with self.program(
            name, *words, database=database, interpreter=interpreter, more=more
        ) as program:
            ended = program.wait(COMMAND_WITHIN)
            said = program.last_words(20)
        if not ended or program.status:
            raise EmbeddedError(f"{' '.join(words)} failed:\n{said}")
        return said

    @contextmanager
    def program(
        self, name: str, *words: str, database: str, interpreter: Path = PYTHON, more: Vars = EMPTY
    ) -> Iterator[Program]:
        """Python with these words while the block lasts."""
        program = Program(
            name=name,
            command=[interpreter, *words],
            environment=self.environment | {"DATABASE_URL": self.url(database), **more},
            directory=CHECKOUT,
            log=self.home.log(name),
        )
        program.start()
        self.guard.watch(program.pid)
        try:
            yield program
        finally:
            program.stop()
            self.guard.forget(program.pid)

    @contextmanager
    def deployed(self, *, database: str, mail_server: str, more: Vars = EMPTY) -> Iterator[Program]:
        """Worker and scheduler as deployed; gives the worker, ready to work."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as broker:
            broker.flushall()
        celery = ("-m", "celery", "--app", "worker", "--quiet")
        more = {**more, "EMAIL_URL": mail_server}
        level = ("--loglevel", "INFO")
        worker = self.program("worker", *celery, "worker", *level, database=database, more=more)
        beat = self.program("beat", *celery, "beat", *level, database=database, more=more)
        with worker as running:
            _await_line(running, " ready.")
            with beat:
                yield running

    @contextmanager
    def site(self, *, database: str, more: Vars = EMPTY) -> Iterator[tuple[Program, int]]:
        """The web as deployed, ready to answer, and its port."""
        port = free_port()
        gunicorn = ("-m", "gunicorn", "crm.wsgi", "--bind", f"127.0.0.1:{port}")
        with self.program("web", *gunicorn, database=database, more=more) as web:
            deadline = time.monotonic() + READY_WITHIN
            while not web_answers(port):
                if time.monotonic() > deadline or not web.running:
                    raise EmbeddedError(f"The web did not start:\n{web.last_words()}")
                time.sleep(0.05)
            yield web, port


def _await_line(program: Program, words: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while words not in program.last_words(50):
        if time.monotonic() > deadline or not program.running:
            raise EmbeddedError(f"{program.name} did not start:\n{program.last_words()}")
        time.sleep(0.05)


def _digest() -> str:
    """What the base databases were made from."""
    sum_ = hashlib.sha256()
    for source in SOURCES:
        path = CHECKOUT / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            sum_.update(file.read_bytes())
    return sum_.hexdigest()


def children(pid: int) -> list[int]:
    """The processes that this one started and that still run."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):
            found += map(int, (thread / "children").read_text().split())
    return found


def cpu_seconds(pids: list[int]) -> float:
    """What these processes used, in user and kernel mode; one may end while we look."""
    ticks = 0
    for pid in pids:
        with suppress(FileNotFoundError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_seconds_with_ended(pid: int) -> float:
    """What a server used with all its children, those that ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ended = sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")
    return ended + cpu_seconds([pid, *children(pid)])


def pss_mb(pid: int) -> float:
    """A process's proportional share of memory."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise EmbeddedError(f"/proc/{pid}/smaps_rollup names no Pss.")
