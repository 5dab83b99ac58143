"""Personas and servers that tests share."""

import logging
from collections.abc import Iterator

import hypothesis
import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from campaigns.actions import faults
from campaigns.models import Installation
from crm.models import User
from tests import world as worlds
from tests.kit.mailserver import MailServer
from tests.kit.provider import Provider
from tests.world import World

# The first example in a process waits a second while all modules are read for their constants.
hypothesis.settings.register_profile(
    "patient", suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page in another language leaves it active in this process; the next test starts anew."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_worker_is_waited_for(settings: Settings) -> None:
    """Where none runs, steps would wait for one; tests of the waiting say how long."""
    settings.LOOK_PATIENCE = 0


@pytest.fixture(autouse=True)
def _a_witness_of_its_own(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each test, and the processes it starts, keep the heartbeat of its own database."""
    settings.WITNESS_DIR = tmp_path_factory.mktemp("witness")
    monkeypatch.setenv("WITNESS_DIR", str(settings.WITNESS_DIR))


@pytest.fixture(autouse=True)
def _no_step_of_the_scheduler_fails(request: pytest.FixtureRequest) -> Iterator[None]:
    """One that fails stops no other, so it is looked for; tests of that are marked."""
    told = _Told()
    log = logging.getLogger(faults.__name__)
    log.addHandler(told)
    yield
    log.removeHandler(told)
    if not request.node.get_closest_marker("faults"):
        assert told.lines == []


class _Told(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@pytest.fixture
def installation(db: None) -> None:
    """Tests that commit empty all tables afterwards, this row of the first migration, too."""
    Installation.objects.get_or_create(pk=1)


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.EMAIL_URL = server.url
    settings.SENDING_LINES = 1  # in this thread, where the test's transaction is seen
    yield server
    server.stop()


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    provider = Provider()
    provider.start()
    settings.ANYMAIL = provider.settings
    settings.PROVIDER_TIMEOUT = 3
    yield provider
    provider.stop()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_coordinator(world: World) -> Client:
    return signed_in(world.users["coordinator"])


@pytest.fixture
def as_contact(world: World) -> Client:
    """The regional contact of Biocat."""
    return signed_in(world.users["contact_biocat"])


@pytest.fixture
def as_other_contact(world: World) -> Client:
    """The regional contact of BioM, in the same alliance."""
    return signed_in(world.users["contact_biom"])


@pytest.fixture
def as_stranger(world: World) -> Client:
    """The regional contact of a cluster in another alliance."""
    return signed_in(world.users["contact_biowin"])


@pytest.fixture
def as_admin(world: World) -> Client:
    return signed_in(world.users["admin"])
