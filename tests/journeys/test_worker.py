"""The deployed worker, as processes: a real broker, a real scheduler, and kill -9."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from campaigns.actions import campaigns, letters
from campaigns.actions.ledger import read
from campaigns.models import Campaign, Delivery
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def celery(*words: str, mail_server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery process on the test's database, broker and mail server; ended with the test."""
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{address}",
        "EMAIL_URL": mail_server.url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "worker", *words],
        env=environment,
        cwd=django_settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def eventually(what: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def schedule_now(world: World, campaign: Campaign) -> dt.datetime:
    now = timezone.now()
    campaigns.schedule(campaign=campaign, by=world.users["coordinator"], send_at=now)
    return now


def pool(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes that do the worker's work."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def ended(campaign: Campaign) -> bool:
    campaign.refresh_from_db()
    return campaign.status == Campaign.Status.FINISHED


def test_a_scheduled_campaign_starts_within_two_seconds_and_ends_by_itself(
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
    assert (campaign.started_at - pressed).total_seconds() < 2
    assert mail_server.readers == sorted(reader.email for reader in readers)


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


def test_killed_workers_lose_nobody_and_mail_nobody_twice(
    world: World, mail_server: MailServer
) -> None:
    readers = [world.person(email=f"slow{n}@mail.example").email for n in range(40)]
    campaign = world.call()
    kills = 0

    def at_least(count: int) -> bool:
        return len(mail_server.arrived) >= count

    with (
        celery("worker", mail_server=mail_server) as worker,
        celery("beat", mail_server=mail_server),
    ):
        for arrived in range(2, 30, 4):
            eventually(partial(at_least, arrived))
            for victim in pool(worker):
                os.kill(victim, signal.SIGKILL)
                kills += 1
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
    assert len(undecided) <= kills
