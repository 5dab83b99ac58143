"""Quiet hours: in them nothing of a region's lane leaves, and afterwards everything does."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    breaker,
    campaigns,
    following,
    freezing,
    leases,
    ledger,
    quiet,
    releases,
    sending,
    sweeping,
    transitions,
)
from campaigns.models import Batch, Campaign, Deferral, Delivery, Release
from crm.actions import clusters
from crm.models import Cluster
from tests.kit.mailserver import MailServer
from tests.world import World

HOUR = dt.timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


class Clock:
    """The clock by which lanes sleep and wake; everything else goes on by the real one."""

    def __init__(self) -> None:
        self._ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return self.now

    @property
    def now(self) -> dt.datetime:
        return timezone.now() + self._ahead

    def set(self, moment: dt.datetime) -> None:
        self._ahead = moment - timezone.now()

    def pass_by(self, time: dt.timedelta) -> None:
        self._ahead += time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(quiet, "clock", clock)
    return clock


def keep_quiet(cluster: Cluster, first: dt.datetime, last: dt.datetime) -> None:
    """Between these two, by the cluster's clocks; only the hours count."""
    zone = ZoneInfo(cluster.timezone)
    clusters.edit(
        cluster=cluster,
        by=None,
        version=Cluster.objects.get(pk=cluster.pk).version,
        quiet_from=first.astimezone(zone).time(),
        quiet_until=last.astimezone(zone).time(),
    )


def be_awake(cluster: Cluster) -> None:
    version = Cluster.objects.get(pk=cluster.pk).version
    clusters.edit(cluster=cluster, by=None, version=version, quiet_from=None, quiet_until=None)


def send(campaign: Campaign) -> None:
    """What the scheduler and a worker do, in this process."""
    sweeping.tick()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()
    assert ledger.read(campaign).balances


def test_a_region_that_sleeps_waits_and_the_others_go(
    world: World, mail_server: MailServer, clock: Clock
) -> None:
    awake, asleep = world.person(world.biocat), world.person(world.biom)
    until = clock.now + 2 * HOUR
    keep_quiet(world.biom, clock.now - HOUR, until)
    campaign = world.call()

    send(campaign)
    lane = world.lane(campaign, world.biom)
    assert mail_server.readers == [awake.email]
    assert (lane.status, lane.sleeps_until) == (Release.Status.SENDING, until)
    assert sweeping.due_work() == []
    assert not following.nobody_works(campaign)

    clock.pass_by(2 * HOUR)
    send(campaign)
    assert mail_server.readers == sorted([str(awake.email), str(asleep.email)])
    assert campaign.status == Campaign.Status.FINISHED
    assert world.lane(campaign, world.biom).sleeps_until is None


def test_a_send_that_runs_into_the_quiet_hours_stops_at_once_and_goes_on_after_them(
    world: World, mail_server: MailServer, clock: Clock
) -> None:
    readers = [world.person(world.biom) for _ in range(30)]
    keep_quiet(world.biom, clock.now + HOUR, clock.now + 3 * HOUR)
    campaign = world.call(pace=50)
    sweeping.tick()

    def evening_comes() -> bool:
        if mail_server.readers and clock.now < campaign_started + HOUR:
            clock.pass_by(HOUR)
            quiet.tend()
            so_far.append(len(mail_server.readers))
        return False

    campaign_started, so_far = clock.now, [0]
    sending.work(campaign, stop=evening_comes)
    assert so_far[-1]
    assert len(mail_server.readers) == so_far[-1]
    assert len(mail_server.readers) < len(readers)
    assert ledger.read(campaign).balances
    assert leases.claim(campaign) is None

    clock.pass_by(2 * HOUR)
    Batch.objects.filter(done_at=None).update(not_before=timezone.now() - HOUR)
    send(campaign)
    assert mail_server.readers == sorted(str(reader.email) for reader in readers)
    assert campaign.status == Campaign.Status.FINISHED


def test_nothing_is_put_on_the_line_of_a_lane_that_fell_asleep(world: World, clock: Clock) -> None:
    world.person(world.biom)
    campaign = world.call()
    sweeping.tick()
    lease = leases.claim(campaign)
    assert lease

    keep_quiet(world.biom, clock.now - HOUR, clock.now + HOUR)
    assert quiet.tend() == 1
    assert quiet.tend() == 0

    assert transitions.arm(lease, [Delivery.objects.get(campaign=campaign).pk]) == {}


def test_the_night_of_the_changed_clocks_ends_at_seven(world: World, clock: Clock) -> None:
    world.person(world.biom)
    zone = {"timezone": "Europe/Berlin"}
    hours = {"quiet_from": dt.time(20), "quiet_until": dt.time(7)}
    clusters.edit(cluster=world.biom, by=None, version=1, quiet_days=[7], **zone, **hours)
    clock.set(dt.datetime(2027, 3, 26, 19, tzinfo=BERLIN))  # a Friday
    campaign = world.call()
    sweeping.tick()
    lane = world.lane(campaign, world.biom)
    assert lane.sleeps_until is None

    for hours_later, morning in (
        (2, dt.datetime(2027, 3, 27, 7, tzinfo=BERLIN)),
        (24, dt.datetime(2027, 3, 29, 7, tzinfo=BERLIN)),  # after a Sunday of 23 hours
        (35, None),
    ):
        clock.pass_by(hours_later * HOUR)
        sweeping.tick()
        lane.refresh_from_db()
        assert lane.sleeps_until == morning


def test_a_lane_wakes_once_its_cluster_no_longer_keeps_the_hours(
    world: World, mail_server: MailServer, clock: Clock
) -> None:
    reader = world.person(world.biom)
    keep_quiet(world.biom, clock.now - HOUR, clock.now + HOUR)
    campaign = world.call()
    send(campaign)
    assert mail_server.readers == []

    be_awake(world.biom)
    send(campaign)

    assert mail_server.readers == [reader.email]


def test_the_alliances_own_lane_keeps_the_hours_of_the_coordinating_cluster(
    world: World, mail_server: MailServer, clock: Clock
) -> None:
    world.follower()
    until = clock.now + HOUR
    keep_quiet(world.biocat, clock.now - HOUR, until)
    campaign = world.call()

    send(campaign)

    assert mail_server.readers == []
    assert world.lane(campaign, None).sleeps_until == until


def test_a_mail_put_off_is_not_tried_at_night_and_does_not_expire_in_it(
    world: World, mail_server: MailServer, clock: Clock
) -> None:
    world.person(world.biom, email="later.than@sme.example")
    campaign = world.call()
    send(campaign)
    tried = Delivery.objects.get(campaign=campaign).first_tried_at
    assert tried
    assert Deferral.objects.count() == 1

    keep_quiet(world.biom, clock.now - HOUR, clock.now + 3 * HOUR)
    quiet.tend()
    Deferral.objects.update(not_before=timezone.now() - HOUR)
    sweeping.tick()

    assert Batch.objects.filter(done_at=None).exists()
    assert leases.claim(campaign) is None
    moved = Delivery.objects.get(campaign=campaign).first_tried_at
    assert moved
    assert round((moved - tried) / HOUR, 1) == 3


def test_the_canary_waits_too(
    world: World, mail_server: MailServer, clock: Clock, settings: Settings
) -> None:
    settings.CANARY_ABOVE, settings.CANARY_HOLD = 1, 600
    for _ in range(3):
        world.person(world.biom)
    keep_quiet(world.biom, clock.now - HOUR, clock.now + HOUR)
    campaign = world.call()

    send(campaign)

    assert mail_server.readers == []
    assert (campaign.canary, campaign.canary_ends_at) == (True, None)


def test_a_campaign_from_the_terminal_heeds_no_quiet_hours(
    world: World, mail_server: MailServer, clock: Clock
) -> None:
    reader = world.person(world.biom)
    keep_quiet(world.biom, clock.now - HOUR, clock.now + HOUR)

    call_command("announce", world.mission.slug, release_all=True)
    sweeping.tick()
    send(Campaign.objects.get())

    assert mail_server.readers == [reader.email]


# --- spread over hours


def starts(campaign: Campaign, cluster: Cluster | None) -> list[float]:
    """When the batches of a lane leave: in hours from the moment it was counted."""
    lane = campaign.releases.get(cluster=cluster)
    assert lane.frozen_at
    rows = campaign.batches.filter(release=lane).order_by("not_before")
    waits = [(at - lane.frozen_at) / HOUR for at in rows.values_list("not_before", flat=True)]
    return [round(hours, 1) for hours in waits]


def test_each_regions_mails_leave_evenly_over_the_hours(world: World) -> None:
    for cluster in (world.biocat, world.biocat, world.biocat, world.biocat, world.biom, world.biom):
        world.person(cluster)

    campaign = world.call(spread=4 * 60)

    assert starts(campaign, world.biocat) == [0, 1, 2, 3]
    assert starts(campaign, world.biom) == [0, 2]


def test_who_wishes_no_spread_sends_at_once(world: World) -> None:
    for _ in range(4):
        world.person()

    assert starts(world.call(), world.biocat) == [0]


def test_a_canary_goes_ahead_of_the_hours(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CANARY_ABOVE, settings.CANARY_HOLD = 1, 3600
    monkeypatch.setattr(breaker, "JUDGED_FROM", 1)
    for _ in range(4):
        world.person()

    campaign = world.call(spread=60)

    ahead = campaign.batches.filter(canary=True)
    assert ahead.count() == 1
    assert not ahead.filter(not_before__gt=timezone.now()).exists()
    rest = campaign.batches.filter(canary=False)
    assert not rest.filter(not_before__lt=timezone.now() + 0.9 * HOUR).exists()


def test_a_night_in_between_moves_what_is_still_to_come(world: World, clock: Clock) -> None:
    for _ in range(4):
        world.person(world.biom)
    campaign = world.call(spread=4 * 60)
    Batch.objects.update(not_before=F("not_before") - 1.5 * HOUR)  # an hour and a half later
    keep_quiet(world.biom, clock.now - HOUR, clock.now + 10 * HOUR)

    quiet.tend()
    assert starts(campaign, world.biom) == [-1.5, -0.5, 10.5, 11.5]

    be_awake(world.biom)
    quiet.tend()
    assert starts(campaign, world.biom) == [-1.5, -0.5, 0.5, 1.5]


def test_a_pause_moves_what_is_still_to_come_and_a_night_in_it_counts_once(
    world: World, clock: Clock
) -> None:
    for cluster in (world.biocat, world.biocat, world.biom, world.biom):
        world.person(cluster)
    campaign = world.call(spread=4 * 60)
    by = world.users["coordinator"]
    keep_quiet(world.biom, clock.now - HOUR, clock.now + HOUR)
    quiet.tend()

    campaigns.pause(campaign=campaign, by=by)
    clock.pass_by(3 * HOUR)
    campaigns.resume(campaign=campaign, by=by)

    assert starts(campaign, world.biocat) == [0, 5]
    assert starts(campaign, world.biom) == [0, 5]


def test_a_batch_given_back_is_not_moved_by_a_pause(world: World, clock: Clock) -> None:
    """It was leased once: that it waits some seconds is not the spread."""
    world.person()
    campaign = world.call(spread=60)
    lease = leases.claim(campaign)
    assert lease
    leases.finish(lease, sent=0, wait=5)
    by = world.users["coordinator"]

    campaigns.pause(campaign=campaign, by=by)
    clock.pass_by(3 * HOUR)
    campaigns.resume(campaign=campaign, by=by)

    assert campaign.batches.get().not_before < timezone.now() + HOUR


def test_a_lane_that_comes_later_has_hours_of_its_own(world: World) -> None:
    for cluster in (world.biocat, world.biom, world.biom):
        world.person(cluster)
    campaign = world.call(release=False, start=False)
    by = world.users["coordinator"]
    releases.release(release=world.lane(campaign, world.biocat), by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now(), spread=120)
    freezing.start_due()
    releases.release(release=world.lane(campaign, world.biom), by=by)
    freezing.start_due()

    assert starts(campaign, world.biom) == [0, 1]
