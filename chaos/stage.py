"""The deployed product on servers of its own: database, broker, mail sink, workers, scheduler."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from chaos.sink import Sink
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import VAR, Home
from crm.embedded.launch import start_web
from crm.embedded.ports import free_port, listen
from crm.embedded.process import Program
from crm.embedded.state import State
from crm.embedded.supervisor import Supervisor

if TYPE_CHECKING:  # needs Django's settings, which come with `prepare`
    from campaigns.models import Campaign
    from chaos.coordinator import Coordinator

HERE = VAR / "chaos"
TEMPLATE = "chaos_template"
MAINS = 2  # `celery -A worker worker` processes
# What a developer may have set for something else; a run takes the product's defaults.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MAILBOX_", "ANYMAIL_", "SENDING_", "SMTP_",
           "CANARY_", "DEMO_RATE", "FREQUENCY_", "DEBUG", "LOG_LEVEL")  # fmt: skip


class Stage:
    """Servers that stay, and for each scene a fresh database, sink and workers."""

    def __init__(self, stack: ExitStack) -> None:
        for name in [name for name in os.environ if name.startswith(FOREIGN)]:
            del os.environ[name]
        state = State(HERE)
        stack.callback(state.close)
        if not state.claim():
            raise EmbeddedError(
                "Another `make chaos` runs in this checkout: wait for it, or end it."
            )
        self.supervisor = Supervisor(Home.at(HERE), stack)
        self.servers = self.supervisor.start_servers()
        os.environ.update(self.servers)
        os.environ["MEDIA_ROOT"] = str(HERE / "media")
        os.environ["WITNESS_DIR"] = str(HERE / "witness")
        os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings"
        os.environ["LOG_LEVEL"] = "WARNING"

    def prepare(self) -> None:
        """One database with the network and an open mission, from which each scene gets a copy."""
        self._create(TEMPLATE)
        os.environ["DATABASE_URL"] = self._url(TEMPLATE)
        self.supervisor.environment["DATABASE_URL"] = self._url(TEMPLATE)
        for name in ("MEDIA_ROOT", "WITNESS_DIR"):
            self.supervisor.environment[name] = os.environ[name]
        self.supervisor.run("migrate", "--no-input", quiet=True)

        import django  # noqa: PLC0415  settings can be read from here on

        django.setup()
        from chaos.readers import open_a_mission  # noqa: PLC0415  it needs the settings

        open_a_mission()

    @contextmanager
    def scene(self, name: str, *, beats: int = 1, **settings: object) -> Iterator["Scene"]:
        """Running workers and a mail sink, on a database of their own in which nothing is due."""
        from chaos.readers import use  # noqa: PLC0415  it needs the settings

        use(None)
        database = f"chaos_{name}".replace("-", "_")
        self._create(database, template=TEMPLATE)
        use(self._url(database))
        before = self.supervisor.environment
        with ExitStack() as stack:
            # A server that crashes syncs every file of every database before it answers again.
            stack.callback(self._drop, database)
            stack.callback(use, None)
            sink = Sink(HERE / f"{name}.record", free_port())
            sink.start()
            stack.callback(sink.stop)
            given = {"DATABASE_URL": self._url(database), "EMAIL_URL": sink.url, "CANARY_HOLD": "0"}
            given |= {name: str(value) for name, value in settings.items()}
            self.supervisor.environment = before | given
            stack.callback(setattr, self.supervisor, "environment", before)
            scene = Scene(self.supervisor, stack, sink)
            scene.deploy(beats)
            yield scene

    def _url(self, database: str) -> str:
        return self.servers["DATABASE_URL"].rpartition("/")[0] + f"/{database}"

    def _drop(self, database: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _create(self, database: str, template: str = "template0") -> None:
        self._drop(database)
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


class Scene:
    """A deployment: its sink, its workers, and the patience to wait for something."""

    def __init__(self, supervisor: Supervisor, stack: ExitStack, sink: Sink) -> None:
        self.supervisor = supervisor
        self.sink = sink
        self.mains: list[Program] = []
        self._stack = stack
        self._began = time.monotonic()

    def deploy(self, beats: int) -> None:
        """Real `celery worker` and `celery beat` processes, started again when they die."""
        celery = ("-m", "celery", "--app", "worker", "--quiet")
        for n in range(1, MAINS + 1):
            words = ("worker", "--hostname", f"worker-{n}@%h", "--loglevel", "INFO")
            self.mains.append(self._keep(f"worker-{n}", *celery, *words))
        for n in range(1, beats + 1):
            self._keep(f"beat-{n}", *celery, "beat", "--loglevel", "INFO")
        if not self.until(lambda: all(children(main) for main in self.mains), 120):
            raise EmbeddedError(f"The workers did not start. Look into {self.mains[0].log}.")

    def _keep(self, name: str, *words: str) -> Program:
        program = self.supervisor.keep(name, *words)
        self._stack.callback(self.supervisor.end, program)
        return program

    def announce(self, recipients: int) -> "Campaign":
        """A campaign to that many readers, due now. The clock of the scene starts here."""
        from chaos.readers import schedule  # noqa: PLC0415  it needs the settings

        campaign = self.draft(recipients)
        schedule(campaign)
        self.begins()
        return campaign

    def draft(self, recipients: int) -> "Campaign":
        """A campaign to that many readers, of which only the sending is missing."""
        from chaos.readers import draft  # noqa: PLC0415  it needs the settings

        return draft(recipients)

    def coordinator(self) -> "Coordinator":
        """The site, started the deployed way, with its coordinator signed in."""
        from chaos.coordinator import Coordinator  # noqa: PLC0415  it needs the settings

        listening = listen(free_port())
        self._stack.callback(listening.close)
        self._stack.callback(self.supervisor.end, start_web(self.supervisor, listening))
        return Coordinator(listening.getsockname()[1])

    def begins(self) -> None:
        """The clock of the scene starts here."""
        self._began = time.monotonic()

    def manage(self, *words: str, times: int = 1) -> list[Program]:
        """So many of one command of manage.py, side by side, to their end."""
        begun = [self.supervisor.begin(words[0], "manage.py", *words) for _ in range(times)]
        self.until(lambda: not any(program.running for program in begun), 120)
        for program in begun:
            self.supervisor.end(program)
        return begun

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def pools(self) -> list[int]:
        """The processes that do the workers' work."""
        return [pid for main in self.mains for pid in children(main)]

    def tend(self, pause: float = 0.01) -> None:
        """Let a moment pass; who died is started again."""
        self.supervisor.tend()
        time.sleep(pause)

    def until(self, what: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
        """Wait for it, no longer than this; whether it came."""
        deadline = time.monotonic() + seconds
        while not what():
            if time.monotonic() > deadline:
                return False
            self.tend(pause)
        return True

    def one_more(self, seconds: float = 60) -> bool:
        """Wait for one more mail that the sink accepts."""
        before = self.sink.accepted
        return self.until(lambda: self.sink.accepted > before, seconds, 0.01)


def children(main: Program) -> list[int]:
    """The processes of one worker's pool."""
    if not main.running:
        return []
    try:
        found = Path(f"/proc/{main.pid}/task/{main.pid}/children").read_text()
    except OSError:  # it ended by itself in this very moment
        return []
    return [int(pid) for pid in found.split()]
