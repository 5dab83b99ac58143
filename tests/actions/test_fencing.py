"""The fence: a database that has forgotten something sends nothing until a person confirms."""

import datetime as dt
import threading
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    campaigns,
    feedback,
    fencing,
    leases,
    letters,
    releases,
    sending,
    sweeping,
    witness,
)
from campaigns.actions.ledger import read
from campaigns.models import Attempt, Campaign, Delivery, Installation, Release
from crm.actions.errors import IllegalTransition
from crm.embedded.ports import free_port
from crm.models import AuditEntry
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State


@pytest.fixture
def here(installation: None) -> Installation:
    """This database, seen by its witnesses."""
    assert fencing.check()
    return Installation.objects.get()


def other_host(settings: Settings, tmp_path: Path) -> None:
    """From here on this process is another host: its own files, the same broker."""
    settings.WITNESS_DIR = tmp_path / "other-host"


def other_broker(settings: Settings) -> None:
    """The broker's key is gone, as after a flush."""
    witness._broker(settings.REDIS_URL).delete(f"liaison:witness:{Installation.objects.get().site}")


def nowhere_to_write(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.WITNESS_DIR = tmp_path / "file" / "witness"
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"


def run_on(beats: int) -> None:
    for _beat in range(beats):
        assert fencing.check()


def go_back(beats: int) -> None:
    """As if a copy made that many heartbeats ago had been restored."""
    site = Installation.objects.get()
    Installation.objects.update(beat=site.beat - beats)


# --- what is normal


def test_a_new_database_gets_a_name_and_a_heartbeat(here: Installation) -> None:
    assert (here.site is not None, here.beat, here.epoch, here.fenced_at) == (True, 1, 1, None)


def test_every_check_is_one_heartbeat(here: Installation) -> None:
    run_on(3)

    here.refresh_from_db()
    assert here.beat == 4


def test_a_host_that_comes_anew_takes_the_witness_over_from_the_broker(
    here: Installation, settings: Settings, tmp_path: Path
) -> None:
    other_host(settings, tmp_path)

    assert fencing.check()
    other_broker(settings)
    assert fencing.check()


def test_a_flushed_broker_alone_is_nothing_unusual(here: Installation, settings: Settings) -> None:
    other_broker(settings)

    assert fencing.check()


def test_a_broker_that_is_down_is_nothing_unusual(here: Installation, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert fencing.check()


def test_a_damaged_witness_file_leaves_the_brokers_word(
    here: Installation, settings: Settings
) -> None:
    (settings.WITNESS_DIR / f"{here.site}.json").write_text("{half")

    assert fencing.check()


def test_a_host_whose_files_are_older_than_the_database_is_nothing_unusual(
    here: Installation, settings: Settings, tmp_path: Path
) -> None:
    first_host = settings.WITNESS_DIR
    other_host(settings, tmp_path)
    run_on(5)
    settings.WITNESS_DIR = first_host

    assert fencing.check()


@pytest.mark.django_db(transaction=True)
def test_many_hosts_at_once_never_fence_each_other(
    installation: None, settings: Settings, tmp_path: Path
) -> None:
    answers: list[bool] = []

    def host() -> None:
        try:
            answers.extend(fencing.check() for _beat in range(20))
        finally:
            connection.close()

    hosts = [threading.Thread(target=host) for _ in range(4)]
    for each in hosts:
        each.start()
    for each in hosts:
        each.join(30)

    assert answers == [True] * 80
    assert Installation.objects.get().fenced_at is None


# --- what is not


def test_an_older_copy_is_fenced_and_says_why(here: Installation) -> None:
    run_on(10)
    go_back(5)

    assert not fencing.check()

    here.refresh_from_db()
    assert here.epoch == 2
    assert here.fenced_at is not None
    assert "5 heartbeats behind" in here.fenced_why
    assert AuditEntry.objects.get(verb="fenced").detail["epoch"] == 2


def test_an_older_copy_is_known_by_the_broker_alone(
    here: Installation, settings: Settings, tmp_path: Path
) -> None:
    run_on(10)
    go_back(5)
    other_host(settings, tmp_path)

    assert not fencing.check()


def test_an_older_copy_is_known_by_the_file_alone(here: Installation, settings: Settings) -> None:
    run_on(10)
    go_back(5)
    other_broker(settings)

    assert not fencing.check()


def test_a_copy_on_a_host_that_never_saw_it_is_fenced(
    here: Installation, settings: Settings, tmp_path: Path
) -> None:
    other_host(settings, tmp_path)
    other_broker(settings)

    assert not fencing.check()
    assert "never seen" in Installation.objects.get().fenced_why


def test_a_host_that_cannot_ask_anybody_sends_nothing_and_fences_nobody(
    here: Installation, settings: Settings, tmp_path: Path
) -> None:
    other_host(settings, tmp_path)
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    with pytest.raises(witness.Unwitnessed, match="Start the broker"):
        fencing.check()

    assert Installation.objects.get().fenced_at is None


def test_without_any_place_for_the_witness_nothing_leaves(
    installation: None, settings: Settings, tmp_path: Path
) -> None:
    nowhere_to_write(settings, tmp_path)

    with pytest.raises(witness.Unwitnessed, match="Make the directory writable"):
        fencing.check()

    assert Installation.objects.get().site is None


def test_of_two_copies_only_the_confirmed_one_goes_on(here: Installation) -> None:
    run_on(10)
    go_back(5)
    fencing.check()
    fencing.confirm(by=None)
    assert fencing.check()

    Installation.objects.update(epoch=1, beat=11)  # the other copy, as it was

    assert not fencing.check()
    here.refresh_from_db()
    assert here.epoch == 3
    assert "Another copy" in here.fenced_why


# --- behind the fence


def fence() -> None:
    run_on(2)
    go_back(1)
    assert not fencing.check()


def test_nothing_leaves_a_fenced_database_whoever_asks(
    world: World, mail_server: MailServer, here: Installation
) -> None:
    world.person()
    campaign = world.call()
    fence()

    letters.write(to="user@staff.example", mail=b"Subject: Sign in\r\n\r\nHere\r\n")
    for each in Campaign.objects.filter(status=Campaign.Status.SENDING):
        assert "confirmation" in sending.work(each).trouble
    assert sweeping.tick() == []
    assert sweeping.sweep() == 0
    campaigns.pause(campaign=campaign, by=world.users["admin"])
    with pytest.raises(IllegalTransition, match="confirmed this copy"):
        campaigns.resume(campaign=campaign, by=world.users["admin"])
    assert leases.claim(campaign) is None
    with pytest.raises(CommandError, match="waits for a person's confirmation"):
        call_command("drain")

    assert mail_server.arrived == []


def test_what_waited_becomes_undecided_and_is_not_sent_by_itself(
    world: World, mail_server: MailServer, here: Installation
) -> None:
    world.person()
    campaign = world.call()
    fence()

    set_aside = fencing.confirm(by=world.users["admin"])

    assert set_aside == fencing.Doubts(deliveries=1, scheduled=0, lanes=0)
    call_command("drain")
    assert mail_server.arrived == []
    delivery = Delivery.objects.get()
    assert delivery.state == State.UNKNOWN
    assert "may have left" in Attempt.objects.get(delivery=delivery).text
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED
    assert read(campaign).balances
    assert AuditEntry.objects.get(verb="confirmed").user == world.users["admin"]


def test_a_standby_that_took_over_is_fenced_even_if_no_heartbeat_is_missing(
    world: World, here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT timeline_id FROM pg_control_checkpoint()")
        assert cursor.fetchone() == (fencing._timeline(),)
    assert fencing.check()

    monkeypatch.setattr(fencing, "_timeline", lambda: 7)  # each takeover begins a new one
    assert not fencing.check()

    here.refresh_from_db()
    assert "A standby took over" in here.fenced_why
    fencing.confirm(by=world.users["admin"])
    assert fencing.check()


def test_a_letter_that_waited_in_a_copy_is_for_the_desk_and_leaves_by_itself_no_more(
    mail_server: MailServer, here: Installation
) -> None:
    letters.write(to="ada@lab.example", mail=b"Subject: Old\r\n\r\nOld\r\n")
    fence()
    fencing.confirm(by=None)

    for _tick in range(2):
        for campaign in sweeping.tick():
            sending.work(campaign)

    assert mail_server.arrived == []
    assert Delivery.objects.get().state == State.UNKNOWN


def test_an_undecided_one_that_had_left_is_settled_by_its_reader(
    world: World, here: Installation
) -> None:
    world.person()
    world.call()
    fence()
    fencing.confirm(by=None)

    feedback.used_its_links(Delivery.objects.get().pk)

    assert Delivery.objects.get().state == State.ACCEPTED


def test_who_knows_that_nothing_left_since_lets_it_go_on(
    world: World, mail_server: MailServer, here: Installation
) -> None:
    reader = world.person()
    campaign = world.call()
    fence()

    assert fencing.confirm(by=None, nothing_left_since=True) == fencing.Doubts(0, 0, 0)
    call_command("drain")

    assert mail_server.readers == [reader.email]
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED


def test_the_time_behind_the_fence_does_not_count_against_a_mail(
    world: World, here: Installation
) -> None:
    world.person()
    world.call()
    tried = timezone.now() - dt.timedelta(hours=1)
    Delivery.objects.update(first_tried_at=tried)
    fence()
    Installation.objects.update(fenced_at=timezone.now() - dt.timedelta(hours=100))

    fencing.confirm(by=None, nothing_left_since=True)

    delivery = Delivery.objects.get()
    assert delivery.first_tried_at
    stood_still = delivery.first_tried_at - tried
    assert dt.timedelta(hours=100) <= stood_still < dt.timedelta(hours=101)


def test_what_was_scheduled_is_a_draft_again(world: World, here: Installation) -> None:
    world.person()
    campaign = world.call(start=False)
    campaigns.schedule(campaign=campaign, by=world.users["coordinator"], send_at=timezone.now())
    fence()

    assert fencing.confirm(by=None).scheduled == 1

    assert sweeping.tick() == []
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.DRAFT


def test_a_lane_signed_and_not_yet_counted_is_held(world: World, here: Installation) -> None:
    world.person(world.biom)
    campaign = world.call(release=False, start=False)
    releases.release(release=world.lane(campaign, world.biocat), by=world.users["coordinator"])
    campaigns.schedule(campaign=campaign, by=world.users["coordinator"], send_at=timezone.now())
    sweeping.tick()
    releases.release(release=world.lane(campaign, world.biom), by=world.users["contact_biom"])
    fence()

    assert fencing.confirm(by=None).lanes == 1

    sweeping.tick()
    assert world.lane(campaign, world.biom).status == Release.Status.HELD
    assert not Delivery.objects.exists()


def test_no_new_mail_gets_the_number_of_a_forgotten_one(world: World, here: Installation) -> None:
    """Links carry that number: somebody else would be unsubscribed by them."""
    world.person()
    world.call()
    before = Delivery.objects.get().pk
    fence()
    fencing.confirm(by=None)

    later = letters.write(to="user@staff.example", mail=b"Subject: Hello\r\n\r\nHere\r\n")

    assert later.pk > before + 10_000_000


def test_a_database_that_may_send_needs_no_confirmation(here: Installation) -> None:
    with pytest.raises(IllegalTransition, match="not held back"):
        fencing.confirm(by=None)
    with pytest.raises(CommandError, match="not held back"):
        call_command("confirm_database")


def test_a_confirmation_nobody_can_witness_is_none(
    here: Installation, settings: Settings, tmp_path: Path
) -> None:
    fence()
    nowhere_to_write(settings, tmp_path)

    with pytest.raises(CommandError, match="Make the directory writable"):
        call_command("confirm_database")

    assert Installation.objects.get().fenced_at is not None


def test_the_command_says_what_it_would_do_and_then_does_it(
    world: World, here: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    world.person()
    world.call()
    fence()

    call_command("confirm_database", dry_run=True)
    said = capsys.readouterr().out
    assert "heartbeats behind" in said
    assert "1 mails would be undecided" in said
    assert Installation.objects.get().fenced_at is not None

    call_command("confirm_database", by="admin@staff.example")
    assert "1 mails undecided" in capsys.readouterr().out
    assert fencing.check()
    with pytest.raises(CommandError, match="no user"):
        call_command("confirm_database", by="nobody@staff.example")


def test_a_database_without_a_name_is_adopted_not_suspected(installation: None) -> None:
    Installation.objects.update(site=None, beat=5)

    assert fencing.check()
    assert isinstance(Installation.objects.get().site, uuid.UUID)
