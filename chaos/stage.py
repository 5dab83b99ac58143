"""The deployed product on servers of its own: database, broker, mail sink, workers, scheduler."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import psycopg

from chaos.sink import Sink
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import VAR, Home
from crm.embedded.ports import free_port
from crm.embedded.process import Program
from crm.embedded.state import State
from crm.embedded.supervisor import Supervisor

if TYPE_CHECKING:  # needs Django's settings, which come with `prepare`
    from campaigns.models import Campaign

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
        self._server = self.supervisor.start_servers()
        os.environ.update(self._server)
        os.environ["MEDIA_ROOT"] = str(HERE / "media")
        os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings"
        os.environ["LOG_LEVEL"] = "WARNING"

    def prepare(self) -> None:
        """One database with the network and an open mission, from which each scene gets a copy."""
        self._create(TEMPLATE)
        os.environ["DATABASE_URL"] = self._url(TEMPLATE)
        self.supervisor.environment["DATABASE_URL"] = self._url(TEMPLATE)
        self.supervisor.environment["MEDIA_ROOT"] = os.environ["MEDIA_ROOT"]
        self.supervisor.run("migrate", "--no-input", quiet=True)

        import django  # noqa: PLC0415  settings can be read from here on

        django.setup()
        from chaos.readers import open_a_mission  # noqa: PLC0415

        open_a_mission()

    @contextmanager
    def scene(self, name: str, recipients: int, **settings: object) -> Iterator["Scene"]:
        """The deployed product with a campaign that is due, on a database of its own."""
        from chaos.readers import announce, use  # noqa: PLC0415

        use(None)
        database = f"chaos_{name}".replace("-", "_")
        self._create(database, template=TEMPLATE)
        use(database)
        with ExitStack() as stack:
            stack.callback(use, None)
            sink = Sink(HERE / f"{name}.record", free_port())
            sink.start()
            stack.callback(sink.stop)
            self.supervisor.environment |= {
                "DATABASE_URL": self._url(database),
                "EMAIL_URL": sink.url,
                "CANARY_HOLD": "0",
            }
            scene = Scene(self, stack, sink, announce(recipients))
            scene.deploy({name: str(value) for name, value in settings.items()})
            yield scene

    def _url(self, database: str) -> str:
        return self._server["DATABASE_URL"].rpartition("/")[0] + f"/{database}"

    def _create(self, database: str, template: str = "template0") -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


class Scene:
    """One campaign under way: its sink, its workers, and the patience to wait for something."""

    def __init__(self, stage: Stage, stack: ExitStack, sink: Sink, campaign: "Campaign") -> None:
        self.stage = stage
        self.sink = sink
        self.campaign = campaign
        self.began = time.monotonic()
        self.mains: list[Program] = []
        self._stack = stack

    def deploy(self, settings: dict[str, str], beats: int = 1) -> None:
        """Real `celery worker` and `celery beat` processes, started again when they die."""
        supervisor = self.stage.supervisor
        celery = ("-m", "celery", "--app", "worker", "--quiet")
        before = dict(supervisor.environment)
        supervisor.environment |= settings
        for n in range(1, MAINS + 1):
            words = ("worker", "--hostname", f"worker-{n}@%h", "--loglevel", "INFO")
            self.mains.append(self._keep(f"worker-{n}", *celery, *words))
        for n in range(1, beats + 1):
            self._keep(f"beat-{n}", *celery, "beat", "--loglevel", "INFO")
        supervisor.environment = before

    def _keep(self, name: str, *words: str) -> Program:
        program = self.stage.supervisor.keep(name, *words)
        self._stack.callback(self.stage.supervisor.end, program)
        return program

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tend(self) -> None:
        """Let a moment pass; who died is started again."""
        self.stage.supervisor.tend()
        time.sleep(0.01)

    def until(self, what: Callable[[], bool], seconds: float) -> bool:
        """Wait for it, no longer than this; whether it came."""
        deadline = time.monotonic() + seconds
        while not what():
            if time.monotonic() > deadline:
                return False
            self.tend()
        return True
