"""Rows of the fault table, each in a short form; `make chaos` plays them at length."""

import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest
import redis
from django.conf import settings
from django.db import connection

from campaigns.actions.ledger import read
from campaigns.models import Batch, Campaign
from crm.embedded.ports import free_port
from tests.journeys.deployment import celery, ended, environment, eventually, everybody_once
from tests.kit.mailserver import MailServer
from tests.world import World
from worker import tasks
from worker.app import app

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = 20


@pytest.fixture
def campaign(world: World) -> Campaign:
    """A call that is due, to readers whose mail server takes its time."""
    for n in range(MAILS):
        world.person(email=f"slow{n}@mail.example")
    return world.call()


def arrived(mail_server: MailServer, count: int) -> None:
    eventually(lambda: len(mail_server.arrived) >= count)


def test_a_flushed_broker_delays_and_loses_nothing(
    campaign: Campaign, mail_server: MailServer
) -> None:
    """Fault 4: Redis flushed."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    with celery("worker", mail_server=mail_server), celery("beat", mail_server=mail_server):
        for count in range(1, MAILS, 4):
            arrived(mail_server, count)
            broker.flushdb()
        eventually(lambda: ended(campaign))

    assert everybody_once(campaign, mail_server, MAILS)


def test_the_command_sends_while_the_broker_is_down(
    campaign: Campaign, mail_server: MailServer
) -> None:
    """Fault 4: Redis stopped; the command drains without it."""
    drain = subprocess.run(
        [sys.executable, "manage.py", "drain", "--until-empty", "--campaign", campaign.ref],
        env=environment(mail_server) | {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert drain.stderr == ""
    assert drain.returncode == 0
    assert everybody_once(campaign, mail_server, MAILS)


def test_a_database_that_hangs_up_again_and_again_loses_nobody(
    campaign: Campaign, mail_server: MailServer
) -> None:
    """Fault 5: PostgreSQL restarts, as the workers see it: all their sessions end at once."""
    with celery("worker", mail_server=mail_server), celery("beat", mail_server=mail_server):
        for count in range(2, MAILS, 6):
            arrived(mail_server, count)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name LIKE 'liaison worker%'"
                )
                assert cursor.fetchone() != (0,)
        eventually(lambda: ended(campaign))

    book = read(campaign)
    assert book.balances
    assert book.total.accepted + book.total.undecided == MAILS
    assert len(mail_server.readers) == len(set(mail_server.readers)) == MAILS


def test_a_worker_that_is_asked_to_end_frees_its_batches_and_settles_its_mails(
    campaign: Campaign, mail_server: MailServer
) -> None:
    """Fault 6: SIGTERM in the middle; nothing is undecided and nothing stays claimed."""
    with celery("beat", mail_server=mail_server):
        with celery("worker", mail_server=mail_server) as worker:
            arrived(mail_server, 3)
            worker.send_signal(signal.SIGTERM)
            worker.wait(30)
            assert not Batch.objects.leased().exists()
            assert read(campaign).total.on_the_line == 0
            assert not ended(campaign)
        with celery("worker", mail_server=mail_server):
            eventually(lambda: ended(campaign))

    assert everybody_once(campaign, mail_server, MAILS)


def test_everything_three_times_gives_the_same_ledger(
    campaign: Campaign, mail_server: MailServer
) -> None:
    """Fault 7: three schedulers, and each message three times."""
    with ExitStack() as stack:
        stack.enter_context(celery("worker", mail_server=mail_server))
        for _beat in range(3):
            stack.enter_context(celery("beat", mail_server=mail_server))
        for count in range(1, MAILS, 5):
            arrived(mail_server, count)
            with app.connection_for_write() as messages:
                for _time in range(3):
                    tasks.tick.apply_async(connection=messages)  # type: ignore[call-arg]
                    tasks.sweep.apply_async(connection=messages)  # type: ignore[call-arg]
                    tasks.send.apply_async((campaign.pk,), connection=messages)  # type: ignore[call-arg]
        eventually(lambda: ended(campaign))

    assert everybody_once(campaign, mail_server, MAILS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert cursor.fetchone() == (0,)
