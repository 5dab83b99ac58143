"""The database or a file gives nothing for a while: no room on the disk, or no lock in time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django.fixtures import Settings

from campaigns.models import Campaign, Delivery
from tests.journeys.deployment import ended, eventually, everybody_once, schedule_now
from tests.kit.mailserver import MailServer
from tests.kit.workers import SOON, impatient, no_room_for_files, worker
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 9

# What PostgreSQL says when its disk is full (SQLSTATE 53100), without filling anybody's disk.
# A sequence goes on even where its transaction is undone, and so counts who was refused.
FULL = """
CREATE SEQUENCE full_disk_refusals;
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('full_disk_refusals');
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON campaigns_delivery
FOR EACH STATEMENT EXECUTE FUNCTION full_disk();
"""
ROOM_AGAIN = "DROP FUNCTION full_disk CASCADE; DROP SEQUENCE full_disk_refusals"
REFUSED = "SELECT is_called FROM full_disk_refusals"
SOMEBODY_WAITS = """
SELECT EXISTS (SELECT FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock')
"""


@pytest.fixture
def campaign(world: World, settings: Settings) -> Campaign:
    """A call that is due, in small batches, to readers whose mail server takes its time."""
    settings.SENDING_BATCH = 3
    for n in range(MAILS):
        world.person(email=f"slow{n}@mail.example")
    campaign = world.call(start=False)
    schedule_now(world, campaign)
    return campaign


def on_the_line(campaign: Campaign) -> int:
    return campaign.deliveries.filter(state=Delivery.State.ARMED).count()


def told(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question)
        (answer,) = cursor.fetchone()
    return bool(answer)


@contextmanager
def full_disk() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(FULL)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(ROOM_AGAIN)


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Another session holds every row of the table."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"SELECT FROM {table} FOR UPDATE")
        yield
    finally:
        other.close()


@pytest.mark.parametrize("arrived", [0, 3], ids=["from the beginning", "in the middle"])
def test_a_full_disk_of_the_database_arms_nobody_and_room_on_it_is_enough_to_go_on(
    campaign: Campaign, mail_server: MailServer, arrived: int
) -> None:
    """Fault 13, disk full: what was accepted meanwhile is settled when there is room."""
    with worker(campaign, impatient) as hindered:
        eventually(lambda: len(mail_server.arrived) >= arrived)
        with full_disk():
            may_arrive = len(mail_server.arrived) + on_the_line(campaign)
            eventually(lambda: told(REFUSED))  # however slowly it began
            time.sleep(SOON)
            assert len(mail_server.arrived) <= may_arrive
            assert not ended(campaign)
        eventually(lambda: ended(campaign))
        assert hindered.failed.is_set()
        assert hindered.go_on() == 0

    assert everybody_once(campaign, mail_server, MAILS)


def test_a_worker_that_can_write_no_file_sends_with_the_brokers_witness_alone(
    campaign: Campaign, mail_server: MailServer
) -> None:
    """Fault 13, disk full: that of the worker's host."""
    with worker(campaign, no_room_for_files) as hindered:
        eventually(lambda: ended(campaign))
        assert hindered.go_on() == 0

    assert everybody_once(campaign, mail_server, MAILS)
    assert list(Path(django_settings.WITNESS_DIR).iterdir()) == []


@pytest.mark.parametrize(
    ("table", "arrived"),
    [
        ("campaigns_installation", 0),
        ("campaigns_campaign", 0),
        ("campaigns_batch", 3),
        ("campaigns_delivery", 3),
    ],
)
def test_locks_that_do_not_come_in_time_arm_nobody_and_hold_nobody_up_for_good(
    campaign: Campaign, mail_server: MailServer, table: str, arrived: int
) -> None:
    """Fault 13, lock timeout: another session keeps the rows."""
    with worker(campaign, impatient) as hindered:
        eventually(lambda: len(mail_server.arrived) >= arrived)
        with locked(table):
            may_arrive = len(mail_server.arrived) + on_the_line(campaign)
            eventually(lambda: told(SOMEBODY_WAITS))
            time.sleep(SOON)
            assert len(mail_server.arrived) <= may_arrive
            assert not ended(campaign)
        eventually(lambda: ended(campaign))
        assert hindered.failed.is_set()
        assert hindered.go_on() == 0

    assert everybody_once(campaign, mail_server, MAILS)
