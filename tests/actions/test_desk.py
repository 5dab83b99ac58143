"""The undecided desk: nothing is guessed, and two who press at once send once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from campaigns.actions import campaigns, desk, explaining, ledger, sending, sweeping
from campaigns.models import Attempt, Campaign, Delivery, Installation
from crm.actions import consent
from crm.actions.errors import IllegalTransition
from crm.models import AuditEntry
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State


def cut(world: World, mail_server: MailServer) -> Campaign:
    """A finished campaign: one reader's server hung up after the final dot, one's did not."""
    world.person(email="cut@tunnel.example")
    world.person()
    campaign = world.call()
    send(campaign)
    return campaign


def send(campaign: Campaign) -> None:
    sweeping.tick()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()


def undecided() -> Delivery:
    return Delivery.objects.get(address__email="cut@tunnel.example")


def test_what_was_cut_after_the_final_dot_is_on_the_desk(
    world: World, mail_server: MailServer
) -> None:
    cut(world, mail_server)

    (attempt,) = Attempt.objects.undecided().open()

    assert attempt.delivery == undecided()
    assert attempt.phase


def test_left_undecided_it_is_off_the_desk_and_still_undecided(
    world: World, mail_server: MailServer
) -> None:
    campaign = cut(world, mail_server)
    by = world.users["coordinator"]

    assert desk.leave(tries=Attempt.objects.all(), by=by) == 1

    assert not Attempt.objects.undecided().open().exists()
    assert Attempt.objects.undecided().left().count() == 1
    assert undecided().state == State.UNKNOWN
    assert ledger.read(campaign).total.undecided == 1
    entry = AuditEntry.objects.get(verb="left undecided")
    assert (entry.user, entry.row_id) == (by, undecided().pk)


def test_leaving_twice_is_written_down_once(world: World, mail_server: MailServer) -> None:
    cut(world, mail_server)
    by = world.users["coordinator"]

    desk.leave(tries=Attempt.objects.all(), by=by)

    assert desk.leave(tries=Attempt.objects.all(), by=by) == 0


def test_sent_again_it_leaves_once_more_and_the_campaign_finishes_anew(
    world: World, mail_server: MailServer
) -> None:
    campaign = cut(world, mail_server)
    before = undecided()
    by = world.users["coordinator"]

    done = desk.send_again(tries=Attempt.objects.all(), by=by)

    assert done.again == [before.pk]
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.SENDING
    send(campaign)
    assert mail_server.readers.count("cut@tunnel.example") == 2
    assert undecided().generation == before.generation + 1
    assert campaign.status == Campaign.Status.FINISHED
    assert ledger.read(campaign).balances
    assert AuditEntry.objects.get(verb="sent again").row_id == before.pk


def test_undecided_a_second_time_it_is_on_the_desk_again_though_it_was_left_before(
    world: World, mail_server: MailServer
) -> None:
    campaign = cut(world, mail_server)
    by = world.users["coordinator"]
    desk.leave(tries=Attempt.objects.all(), by=by)

    desk.send_again(tries=Attempt.objects.all(), by=by)
    send(campaign)

    assert Attempt.objects.undecided().open().count() == 1


def test_pressed_twice_it_is_sent_again_once(world: World, mail_server: MailServer) -> None:
    cut(world, mail_server)
    by = world.users["coordinator"]

    desk.send_again(tries=Attempt.objects.all(), by=by)

    assert desk.send_again(tries=Attempt.objects.all(), by=by).again == []


def test_a_mail_that_was_settled_meanwhile_is_never_sent_again(
    world: World, mail_server: MailServer
) -> None:
    cut(world, mail_server)
    Delivery.objects.filter(pk=undecided().pk).update(state=State.ACCEPTED)

    done = desk.send_again(tries=Attempt.objects.all(), by=world.users["coordinator"])

    assert done.again == []
    assert undecided().state == State.ACCEPTED


def test_who_left_meanwhile_gets_no_second_mail(world: World, mail_server: MailServer) -> None:
    cut(world, mail_server)
    consent.withdraw(
        address=undecided().address, scope="all", reason="unsubscribed", source="a letter"
    )

    done = desk.send_again(tries=Attempt.objects.all(), by=world.users["coordinator"])

    assert (done.again, done.barred) == ([], [undecided().pk])
    assert undecided().state == State.UNKNOWN


def test_a_cancelled_campaign_sends_nothing_again(world: World, mail_server: MailServer) -> None:
    campaign = cut(world, mail_server)
    Campaign.objects.filter(pk=campaign.pk).update(status=Campaign.Status.CANCELLED)

    with pytest.raises(IllegalTransition, match="cancelled"):
        desk.send_again(tries=Attempt.objects.all(), by=world.users["coordinator"])


def test_behind_the_fence_nothing_is_sent_again(world: World, mail_server: MailServer) -> None:
    cut(world, mail_server)
    Installation.objects.update(fenced_at=timezone.now())

    with pytest.raises(IllegalTransition, match="administrator"):
        desk.send_again(tries=Attempt.objects.all(), by=world.users["coordinator"])


def test_a_paused_campaign_stays_paused_and_keeps_the_mail_waiting(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="cut@tunnel.example")
    world.person(email="later@busy.example")
    campaign = world.call()
    send(campaign)
    campaigns.pause(campaign=campaign, by=world.users["coordinator"])

    desk.send_again(tries=Attempt.objects.all(), by=world.users["coordinator"])

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.PAUSED
    assert undecided().state == State.PENDING


def test_why_tells_who_decided(world: World, mail_server: MailServer) -> None:
    campaign = cut(world, mail_server)
    desk.leave(tries=Attempt.objects.all(), by=world.users["coordinator"])

    sentences = explaining.explain(text="cut@tunnel.example", campaign=campaign)

    assert any("left undecided by Coordinator" in each for each in sentences)


# --- at once


def at_once(acts: list[Callable[[], object]]) -> None:
    """Run these on connections of their own, started together."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_send_one_mail(
    world: World, mail_server: MailServer
) -> None:
    campaign = cut(world, mail_server)
    by = world.users["coordinator"]
    done: list[int] = []

    def press() -> None:
        done.extend(desk.send_again(tries=Attempt.objects.all(), by=by).again)

    at_once([press] * 4)

    assert done == [undecided().pk]
    assert campaign.batches.filter(done_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_under_way_is_waited_for(world: World, mail_server: MailServer) -> None:
    """It has written its suppression and not committed: nobody else can see it yet."""
    cut(world, mail_server)
    by = world.users["coordinator"]
    left = threading.Event()
    done: list[int] = []

    def withdraw() -> None:
        try:
            with transaction.atomic():
                consent.withdraw(
                    address=undecided().address, scope="all", reason="unsubscribed", source="link"
                )
                left.set()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.4)")
        finally:
            connections.close_all()

    thread = threading.Thread(target=withdraw)
    thread.start()
    left.wait(5)
    done.extend(desk.send_again(tries=Attempt.objects.all(), by=by).again)
    thread.join()

    assert done == []
    assert undecided().state == State.UNKNOWN
