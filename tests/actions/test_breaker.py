"""A campaign that does harm stops itself, and a large one shows its start first."""

import datetime as dt
from itertools import pairwise

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import breaker, campaigns, leases, paces, sending, sweeping, transitions
from campaigns.models import Batch, BounceClass, Campaign, Deferral, Delivery, DomainPace, Release
from tests.kit.mailserver import MailServer
from tests.world import World


def paused(campaign: Campaign) -> str:
    """Why it stands still; empty if it does not."""
    campaign.refresh_from_db()
    return campaign.reason_paused if campaign.status == Campaign.Status.PAUSED else ""


def put_on_the_line(campaign: Campaign, sent: int) -> None:
    first = campaign.batches.earliest("pk").pk
    Batch.objects.filter(pk=first).update(sent=sent, done_at=timezone.now())


def come_back(campaign: Campaign, gone: int = 0, complained: int = 0) -> None:
    ids = list(Delivery.objects.filter(campaign=campaign).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids[:gone]).update(
        bounced_at=timezone.now(), bounce_class=BounceClass.GONE
    )
    Delivery.objects.filter(pk__in=ids[:complained]).update(complained_at=timezone.now())


def test_a_refusal_of_policy_pauses_at_once_and_says_what_the_server_said(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="blocked@first.example")
    later = world.person()
    campaign = world.call()

    sending.work(campaign)

    assert "5.7.1 We do not like you" in paused(campaign)
    assert later.email not in mail_server.readers


def test_what_open_batches_sent_counts_at_once_as_a_refusal_does(
    world: World, mail_server: MailServer
) -> None:
    for _n in range(4):
        world.person()
    campaign = world.call()
    sweeping.tick()
    lease = leases.claim(campaign)
    assert lease
    ids = [reader.delivery for reader in leases.waiting(lease)]

    transitions.arm(lease, ids[:3])

    assert breaker.counts(campaign)["sent"] == 3


def test_errors_in_a_row_are_counted_over_all_lines_of_a_process(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    settings.SENDING_LINES, settings.SENDING_NEAR = 5, 0  # five crews, each with its own line
    settings.SENDING_BATCH = settings.SENDING_WINDOW = 1
    for n in range(60):
        world.person(email=f"full{n}@busy.example")
    campaign = world.call()
    sweeping.tick()

    sending.work(campaign)

    assert "mails in a row went wrong" in paused(campaign)
    assert Delivery.objects.filter(state=Delivery.State.PENDING).count() > 30


def test_ten_errors_in_a_row_pause_and_nine_do_not(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    settings.SENDING_WINDOW = 1  # what is on the line together was sent together
    for n in range(9):
        world.person(email=f"full{n}@busy.example")
    good = world.person(email="good@mail.example")
    for n in range(10, 20):
        world.person(email=f"full{n}@busy.example")
    last = world.person(email="last@mail.example")
    campaign = world.call()

    sending.work(campaign)

    assert "10 mails in a row went wrong" in paused(campaign)
    assert good.email in mail_server.readers
    assert last.email not in mail_server.readers


@pytest.mark.parametrize(("gone", "why"), [(11, "do not exist"), (10, "")])
def test_more_than_one_mailbox_in_twenty_that_does_not_exist_pauses(
    world: World, gone: int, why: str
) -> None:
    for _n in range(12):
        world.person()
    campaign = world.call()
    put_on_the_line(campaign, 200)
    come_back(campaign, gone=gone)

    breaker.look()

    assert why in paused(campaign)
    assert bool(paused(campaign)) == bool(why)


@pytest.mark.parametrize(("complained", "why"), [(2, "complained"), (1, "")])
def test_more_than_one_complaint_in_a_thousand_pauses(
    world: World, complained: int, why: str
) -> None:
    for _n in range(3):
        world.person()
    campaign = world.call()
    put_on_the_line(campaign, 1_000)
    come_back(campaign, complained=complained)

    breaker.look()

    assert why in paused(campaign)
    assert bool(paused(campaign)) == bool(why)


def test_who_lets_a_paused_campaign_go_on_is_not_asked_about_the_same_again(world: World) -> None:
    for _n in range(12):
        world.person()
    campaign = world.call()
    put_on_the_line(campaign, 200)
    come_back(campaign, gone=11)
    breaker.look()

    campaigns.resume(campaign=campaign, by=world.users["coordinator"])
    breaker.look()
    assert not paused(campaign)


def test_a_few_mails_are_no_rate(world: World, mail_server: MailServer) -> None:
    world.person(email="bounce@gone.example")
    campaign = world.call()

    sending.work(campaign)
    sweeping.tidy()

    assert not paused(campaign)


# --- the canary


@pytest.fixture
def large(settings: Settings) -> None:
    """So that ten readers are many."""
    settings.CANARY_ABOVE = 5
    settings.SENDING_BATCH = 2


@pytest.fixture
def tiny_canary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "JUDGED_FROM", 4)


def test_the_canary_of_every_lane_leaves_first_and_the_rest_after_the_look(
    world: World, mail_server: MailServer, large: None, tiny_canary: None
) -> None:
    readers = [world.person(cluster) for cluster in (world.biocat, world.biom) for _ in range(6)]
    campaign = world.call()

    sending.work(campaign)
    sweeping.tidy()
    assert len(mail_server.readers) == 4
    assert {release.name for release in _lanes_of(mail_server)} == {"Biocat", "BioM"}
    assert sending.work(campaign).sent == 0

    campaign.refresh_from_db()
    assert campaign.canary_ends_at
    assert campaign.canary_ends_at > timezone.now() + dt.timedelta(minutes=9)
    Campaign.objects.update(canary_ends_at=timezone.now())
    sweeping.tidy()
    sending.work(campaign)
    assert mail_server.readers == sorted(reader.email for reader in readers)


def _lanes_of(mail_server: MailServer) -> set[Release]:
    return {
        delivery.release
        for delivery in Delivery.objects.filter(address__email__in=mail_server.readers)
        if delivery.release
    }


def test_a_sick_canary_keeps_the_rest_at_home(
    world: World, mail_server: MailServer, large: None, tiny_canary: None
) -> None:
    for n in range(12):
        world.person(email=f"bounce{n}@gone.example")
    campaign = world.call()

    sending.work(campaign)
    sweeping.tidy()

    assert "do not exist" in paused(campaign)
    assert campaign.deliveries.filter(state=Delivery.State.PENDING).count() == 8


def test_a_small_campaign_needs_no_canary(world: World, mail_server: MailServer) -> None:
    reader = world.person()

    sending.work(world.call())

    assert mail_server.readers == [reader.email]


# --- a destination that asks us to slow down


def test_a_domain_that_asks_to_slow_down_is_slowed_and_others_are_not(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="slower@busy.example")
    held = world.person(email="ann@busy.example")
    free = world.person(email="ben@free.example")
    campaign = world.call()

    sending.work(campaign)
    pace = DomainPace.objects.get()
    assert (pace.domain, pace.rate) == ("busy.example", 5)
    assert "4.7.28" in pace.why
    assert free.email in mail_server.readers

    # A later batch of the same campaign waits for the domain's next slot, without an attempt.
    Delivery.objects.filter(address__email=held.email).update(state=Delivery.State.PENDING)
    Batch.objects.update(done_at=None)
    sending.work(campaign)
    deferral = Deferral.objects.get(delivery__address__email=held.email)
    assert deferral.not_before > timezone.now() + dt.timedelta(seconds=30)
    assert "slow down" in deferral.reason


def test_slower_each_time_it_asks_and_free_again_after_quiet_time(db: None) -> None:
    paces.slow_down("busy.example", why="4.7.0 Slow down")
    paces.slow_down("busy.example", why="4.7.0 Slow down")  # the same window asks at once
    assert DomainPace.objects.get().rate == 5
    DomainPace.objects.update(slowed_at=timezone.now() - dt.timedelta(seconds=10))
    paces.slow_down("busy.example", why="4.7.0 Slow down")
    assert DomainPace.objects.get().rate == 2.5

    for _n in range(5):
        DomainPace.objects.update(slowed_at=timezone.now() - dt.timedelta(minutes=11))
        paces.speed_up()
    assert not DomainPace.objects.exists()


def test_mails_to_a_slow_domain_leave_one_after_another(db: None) -> None:
    DomainPace.objects.create(domain="busy.example", rate=2)

    slots = paces.take_slots("busy.example", [11, 12, 13, 14])

    assert [round(slots[pk], 1) for pk in (11, 12, 13, 14)] == [0, 0, 0.5, 1.0]
    paces.take_slots("busy.example", [15])
    assert paces.take_slots("busy.example", [16])[16] > 0
    assert paces.take_slots("free.example", [16]) == {16: 0}


def test_many_mails_to_a_slow_domain_leave_at_its_pace_and_not_behind_each_other(
    world: World, mail_server: MailServer
) -> None:
    for n in range(20):
        world.person(email=f"reader{n}@busy.example")
    campaign = world.call()
    sweeping.tick()
    DomainPace.objects.create(domain="busy.example", rate=5)
    sent = []

    for _second in range(5):
        sending.work(campaign)
        sent.append(len(mail_server.readers))
        DomainPace.objects.update(next_slot_at=F("next_slot_at") - dt.timedelta(seconds=1))
        Deferral.objects.update(not_before=F("not_before") - dt.timedelta(seconds=1))
        Batch.objects.update(not_before=F("not_before") - dt.timedelta(seconds=1))
        sweeping.tidy()

    assert sent[0] == 5
    assert all(4 <= later - before <= 7 for before, later in pairwise(sent[:3]))
    assert sent[-1] == len(set(mail_server.readers)) == 20
