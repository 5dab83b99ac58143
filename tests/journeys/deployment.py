"""The deployed processes, on the test's database, broker and mail server."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from campaigns.actions import campaigns
from campaigns.actions.ledger import read
from campaigns.models import Batch, Campaign, Delivery, Release
from tests.kit.mailserver import MailServer
from tests.world import World

MORE_ADDRESSES = """
INSERT INTO crm_address (email, key, hmac, domain, undeliverable_why)
SELECT mail, mail, sha256(convert_to(mail, 'UTF8')), 'mail.example', ''
FROM (SELECT 'steady' || n || '@mail.example' AS mail FROM generate_series(1, %s) n) one
"""


def environment(mail_server: MailServer) -> dict[str, str]:
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{address}",
        "EMAIL_URL": mail_server.url,
    }


@contextmanager
def celery(*words: str, mail_server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery process on the test's database, broker and mail server; ended with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "worker", *words],
        env=environment(mail_server),
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


def multiply(campaign: Campaign, count: int) -> None:
    """A lane of one reader, with that many addresses: thousands of people would take minutes."""
    pattern = campaign.deliveries.get()
    with connection.cursor() as cursor:
        cursor.execute(MORE_ADDRESSES, [count])
        cursor.execute("SELECT id FROM crm_address WHERE email LIKE 'steady%'")
        addresses = [pk for (pk,) in cursor.fetchall()]
    rows = Delivery.objects.bulk_create(
        Delivery(
            campaign=campaign,
            release_id=pattern.release_id,
            address_id=pk,
            person_id=pattern.person_id,
            contact_point_id=pattern.contact_point_id,
            language=pattern.language,
        )
        for pk in addresses
    )
    for n in range(0, count, 250):
        part = rows[n : n + 250]
        Batch.objects.create(
            campaign=campaign,
            release_id=pattern.release_id,
            first_id=part[0].pk,
            last_id=part[-1].pk,
        )
    Release.objects.filter(deliveries=pattern).update(expected=count + 1)


def everybody_once(campaign: Campaign, mail_server: MailServer, mails: int) -> bool:
    """Nobody lost and nobody twice, by the ledger and by the mail server's own record."""
    book = read(campaign)
    return (
        book.balances
        and book.total.accepted == mails
        and len(mail_server.readers) == len(set(mail_server.readers)) == mails
    )
