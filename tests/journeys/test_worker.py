"""The deployed worker, as processes: a real broker, a real scheduler, and kill -9."""

import os
import signal
import time
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection

from campaigns.actions import letters
from campaigns.actions.ledger import read
from campaigns.models import Delivery
from tests.journeys.deployment import celery, ended, eventually, pool, schedule_now
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_scheduled_campaign_soon_starts_and_ends_by_itself(
    world: World, mail_server: MailServer
) -> None:
    readers = [world.person() for _ in range(5)]
    with (
        celery("worker", mail_server=mail_server) as worker,
        celery("beat", mail_server=mail_server),
    ):
        eventually(lambda: len(pool(worker)) >= 3)
        time.sleep(3)  # both have found their broker
        campaign = world.call(start=False)
        pressed = schedule_now(world, campaign)
        eventually(lambda: ended(campaign))

    assert campaign.started_at is not None
    assert (campaign.started_at - pressed).total_seconds() < 6  # two on a machine that is idle
    assert mail_server.readers == sorted(reader.email for reader in readers)


def test_a_process_keeps_its_database_session_until_the_database_ends_it(
    world: World, mail_server: MailServer
) -> None:
    with (
        celery("worker", mail_server=mail_server),
        celery("beat", mail_server=mail_server),
    ):
        eventually(lambda: len(sessions()) > 0)
        first = sessions()
        time.sleep(4)  # and as many ticks
        assert sessions() & first

        end_sessions()
        eventually(lambda: not sessions() & first)
        world.person()
        campaign = world.call()
        eventually(lambda: ended(campaign))


def sessions() -> set[int]:
    """The database's processes that serve the workers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE 'liaison worker %'"
        )
        return {row[0] for row in cursor.fetchall()}


def end_sessions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [list(sessions())])


def test_a_letter_does_not_wait_for_a_campaign(world: World, mail_server: MailServer) -> None:
    for n in range(30):
        world.person(email=f"slow{n}@mail.example")
    campaign = world.call()
    with (
        celery("worker", mail_server=mail_server),
        celery("beat", mail_server=mail_server),
    ):
        eventually(lambda: len(mail_server.arrived) > 2)
        letters.write(to="user@staff.example", mail=b"Subject: Sign in\r\n\r\nHere\r\n")
        eventually(lambda: "user@staff.example" in mail_server.readers, seconds=5)
        assert not ended(campaign)


def signalled(processes: list[int], what: signal.Signals) -> None:
    """One that was killed before may be gone by now."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)


def test_killed_workers_lose_nobody_and_mail_nobody_twice(
    world: World, mail_server: MailServer
) -> None:
    readers = [world.person(email=f"slow{n}@mail.example").email for n in range(40)]
    campaign = world.call()
    armed = Delivery.objects.filter(state=Delivery.State.ARMED)
    bound = 0

    def at_least(count: int) -> bool:
        return len(mail_server.arrived) >= count

    with (
        celery("worker", mail_server=mail_server) as worker,
        celery("beat", mail_server=mail_server),
    ):
        for arrived in range(2, 30, 4):
            eventually(partial(at_least, arrived))
            victims = pool(worker)
            signalled(victims, signal.SIGSTOP)
            time.sleep(0.1)  # what they have begun to arm is committed by now
            bound += armed.count()
            signalled(victims, signal.SIGKILL)
        eventually(lambda: ended(campaign), seconds=90)

    book = read(campaign)
    assert book.balances
    arrived_readers = mail_server.readers
    assert len(arrived_readers) == len(set(arrived_readers))
    accepted = set(
        Delivery.objects.filter(state=Delivery.State.ACCEPTED).values_list(
            "address__email", flat=True
        )
    )
    undecided = set(
        Delivery.objects.filter(state=Delivery.State.UNKNOWN).values_list(
            "address__email", flat=True
        )
    )
    assert accepted | undecided == set(readers)
    assert accepted <= set(arrived_readers) <= accepted | undecided
    assert len(undecided) <= bound
