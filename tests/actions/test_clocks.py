"""Fault 13: the clock of one host is a day off; what may leave is decided by the database's."""

import datetime as dt
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    breaker,
    campaigns,
    fencing,
    freezing,
    leases,
    paces,
    sending,
    sweeping,
)
from campaigns.actions.transitions import take_back
from campaigns.models import Campaign, Deferral, Delivery, DomainPace, Installation
from tests.kit.mailserver import MailServer
from tests.world import World

A_DAY = dt.timedelta(days=1)
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture(params=[A_DAY, -A_DAY], ids=["a day ahead", "a day behind"])
def worker(request: pytest.FixtureRequest) -> "Host":
    return Host(request.param)


class Host:
    """A host whose clock is off; the database's, and that of other hosts, are right."""

    def __init__(self, off: dt.timedelta) -> None:
        self.off = off

    def at_work(self) -> AbstractContextManager[object]:
        return time_machine.travel(timezone.now() + self.off)

    def works(self, campaign: Campaign) -> None:
        with self.at_work():
            sweeping.sweep()
            for due in sweeping.tick():
                sending.work(due)
            sweeping.sweep()
        campaign.refresh_from_db()


def test_it_starts_what_is_due_and_not_what_is_due_tomorrow(
    world: World, mail_server: MailServer, worker: Host
) -> None:
    world.person()
    coordinator = world.users["coordinator"]
    campaign = world.call(start=False)
    later = timezone.now() + A_DAY / 2
    campaigns.schedule(campaign=campaign, by=coordinator, send_at=later)

    worker.works(campaign)

    assert campaign.status == Campaign.Status.SCHEDULED
    assert mail_server.readers == []

    campaigns.schedule(campaign=campaign, by=coordinator, send_at=timezone.now())
    worker.works(campaign)

    assert campaign.status == Campaign.Status.FINISHED
    assert campaign.started_at
    assert abs(campaign.started_at - timezone.now()) < AN_HOUR
    assert len(mail_server.readers) == 1


def test_it_tries_again_when_others_would(
    world: World, mail_server: MailServer, worker: Host, settings: Settings
) -> None:
    settings.SENDING_RETRY = 60
    world.person(email="later@mail.example")
    campaign = world.call()

    worker.works(campaign)
    worker.works(campaign)

    assert mail_server.commands.count("RCPT") == 1
    waits = Deferral.objects.get().not_before - timezone.now()
    assert dt.timedelta(seconds=30) < waits < dt.timedelta(seconds=90)
    assert Delivery.objects.get().state == Delivery.State.PENDING


def test_it_leaves_the_leases_of_others_alone(world: World, worker: Host) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)

    with worker.at_work():
        assert take_back() == 0
        assert leases.claim(campaign) is None

    assert lease


def test_it_holds_the_rest_until_the_canary_was_looked_at(
    world: World, mail_server: MailServer, worker: Host, settings: Settings
) -> None:
    settings.CANARY_ABOVE, settings.SENDING_BATCH = 1, 1
    for _n in range(2):
        world.person()
    campaign = world.call()
    campaign.batches.filter(pk=campaign.batches.latest("pk").pk).update(canary=False)
    worker.works(campaign)
    assert campaign.canary_ends_at
    assert abs(campaign.canary_ends_at - timezone.now()) < AN_HOUR

    right = timezone.now() + dt.timedelta(seconds=settings.CANARY_HOLD)
    Campaign.objects.filter(pk=campaign.pk).update(canary_ends_at=right)
    worker.works(campaign)

    assert campaign.canary
    assert len(mail_server.readers) == 1

    Campaign.objects.filter(pk=campaign.pk).update(canary_ends_at=timezone.now())
    worker.works(campaign)
    worker.works(campaign)

    assert len(mail_server.readers) == 2


def test_it_keeps_to_the_pace_of_a_slow_domain(db: None, worker: Host) -> None:
    paces.slow_down("busy.example", why="421 4.7.0 Slow down")
    rate = DomainPace.objects.get().rate

    with worker.at_work():
        paces.speed_up()
    assert DomainPace.objects.get().rate == rate

    DomainPace.objects.update(slowed_at=timezone.now() - AN_HOUR)
    with worker.at_work():
        paces.speed_up()
    assert DomainPace.objects.get().rate == 2 * rate


def tried_at(campaign: Campaign) -> dt.datetime:
    delivery = campaign.deliveries.get()
    assert delivery.first_tried_at
    return delivery.first_tried_at


@pytest.fixture
def tried(world: World) -> Campaign:
    """A mail was tried an hour ago, and is to be tried again."""
    world.person()
    campaign = world.call()
    campaign.deliveries.update(first_tried_at=timezone.now() - AN_HOUR)
    return campaign


def test_a_pause_by_it_counts_for_as_long_as_it_lasted(
    world: World, tried: Campaign, worker: Host
) -> None:
    before = tried_at(tried)

    with worker.at_work():
        breaker.trip(tried, "It did harm.")
    tried.refresh_from_db()
    campaigns.resume(campaign=tried, by=world.users["coordinator"])

    assert dt.timedelta(0) <= tried_at(tried) - before < dt.timedelta(minutes=1)


def test_a_fence_raised_by_it_counts_for_as_long_as_it_stood(tried: Campaign, worker: Host) -> None:
    fencing.check()
    Installation.objects.update(beat=0)
    before = tried_at(tried)

    with worker.at_work():
        assert not fencing.check()
    fencing.confirm(by=None, nothing_left_since=True)

    assert dt.timedelta(0) <= tried_at(tried) - before < dt.timedelta(minutes=1)


def test_it_writes_to_nobody_more_often_than_others_would(
    world: World, worker: Host, settings: Settings
) -> None:
    """Somebody was written to six and a half days ago, and the limit is once in seven."""
    settings.FREQUENCY_LIMIT = 1
    world.person()
    earlier = world.call()
    for days, expected in ((6.5, 0), (7.5, 1)):
        started_at = timezone.now() - dt.timedelta(days=days)
        Campaign.objects.filter(pk=earlier.pk).update(started_at=started_at)
        invitation = world.invitation(start=False)
        campaigns.schedule(campaign=invitation, by=None, send_at=timezone.now())
        with worker.at_work():
            freezing.start_due()
        assert invitation.deliveries.count() == expected
        campaigns.cancel(campaign=invitation, by=world.users["coordinator"])
