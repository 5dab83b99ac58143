"""Sending against a real mail server: nobody lost, nobody twice, the undecidable shown."""

import datetime as dt
from collections.abc import Sequence

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    campaigns,
    feedback,
    freezing,
    leases,
    ledger,
    releases,
    requeuing,
    sending,
    sweeping,
    transitions,
)
from campaigns.actions.explaining import explain
from campaigns.actions.reports import Question, Report
from campaigns.actions.transitions import Answer
from campaigns.mail.compiled import Press
from campaigns.mail.readers import Reader
from campaigns.mail.transports import Relays
from campaigns.mail.transports.contract import End, Envelope, Flights, Outcome
from campaigns.models import (
    Attempt,
    Batch,
    Campaign,
    Deferral,
    Delivery,
    Exclusion,
    Installation,
    Release,
)
from crm.actions import consent, people
from crm.actions.errors import IllegalTransition
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State


def send(campaign: Campaign) -> None:
    """What the scheduler and a worker do, in this process."""
    sweeping.tick()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()


def test_everybody_asked_for_gets_one_mail_and_the_ledger_balances(
    world: World, mail_server: MailServer
) -> None:
    readers = [world.person(cluster) for cluster in (world.biocat, world.biom) for _ in range(3)]
    follower = world.follower()

    campaign = world.call()
    send(campaign)

    assert mail_server.readers == sorted(reader.email for reader in [*readers, follower])
    assert campaign.status == Campaign.Status.FINISHED
    book = ledger.read(campaign)
    assert book.balances
    assert (book.total.expected, book.total.accepted) == (7, 7)


def test_sending_again_mails_nobody_twice(world: World, mail_server: MailServer) -> None:
    reader = world.person()
    campaign = world.call()

    send(campaign)
    send(campaign)
    freezing.start_due()

    assert mail_server.readers == [reader.email]


def test_a_mailbox_that_does_not_exist_fails_and_is_never_written_to_again(
    world: World, mail_server: MailServer
) -> None:
    reader = world.person(email="bounce.nobody@gone.example")
    campaign = world.call()

    send(campaign)

    delivery = Delivery.objects.get(campaign=campaign)
    assert delivery.state == State.FAILED
    assert delivery.bounced_at is not None
    assert "5.1.1" in delivery.reply
    assert reader.primary is not None
    reader.primary.address.refresh_from_db()
    assert reader.primary.address.undeliverable_at is not None
    assert reader.primary.address.suppressions.get().reason == "hard_bounce"
    assert campaign.status == Campaign.Status.FINISHED


def test_a_server_that_fails_over_one_mail_still_gets_the_next(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="broken@first.example")
    readers = [world.person().email for _ in range(3)]

    send(world.call())

    assert mail_server.readers == sorted(readers)


@pytest.mark.parametrize("mood", ["blocked", "full"])
def test_a_refusal_that_is_not_about_the_mailbox_does_not_condemn_the_address(
    world: World, mail_server: MailServer, mood: str
) -> None:
    reader = world.person(email=f"{mood}@busy.example")

    send(world.call())

    assert reader.primary is not None
    reader.primary.address.refresh_from_db()
    assert reader.primary.address.undeliverable_at is None


def test_a_mail_put_off_is_tried_again_later_and_not_before(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="later@busy.example")
    campaign = world.call()

    send(campaign)

    delivery = Delivery.objects.get(campaign=campaign)
    assert (delivery.state, delivery.deferred_n) == (State.PENDING, 1)
    assert Deferral.objects.get().not_before > timezone.now()
    assert sending.work(campaign).sent == 0
    assert campaign.status == Campaign.Status.SENDING

    Deferral.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))
    send(campaign)
    delivery.refresh_from_db()
    assert delivery.deferred_n == 2
    assert ledger.read(campaign).balances


def test_a_mail_put_off_for_three_days_expires(world: World, mail_server: MailServer) -> None:
    world.person(email="later@busy.example")
    campaign = world.call()
    send(campaign)
    long_ago = timezone.now() - dt.timedelta(hours=73)
    Delivery.objects.update(first_tried_at=long_ago)
    Deferral.objects.update(not_before=long_ago)

    sweeping.tidy()

    assert Delivery.objects.get().state == State.EXPIRED
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED


def test_a_line_cut_after_the_final_dot_is_undecided_and_never_sent_again(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="cut@tunnel.example")
    other = world.person()
    campaign = world.call()

    send(campaign)
    sweeping.sweep()
    send(campaign)

    assert mail_server.readers.count("cut@tunnel.example") == 1
    assert other.email in mail_server.readers
    assert Delivery.objects.get(address__email="cut@tunnel.example").state == State.UNKNOWN
    assert Attempt.objects.get().outcome == Attempt.Outcome.UNKNOWN
    assert campaign.status == Campaign.Status.FINISHED
    assert ledger.read(campaign).total.undecided == 1


def test_a_reader_who_uses_the_links_of_an_undecided_mail_has_it(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="cut@tunnel.example")
    send(world.call())
    delivery = Delivery.objects.get()

    feedback.answered(delivery=delivery, value="interested")

    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


def test_an_unreachable_mail_server_says_so_and_loses_nothing(
    world: World, settings: Settings
) -> None:
    world.person()
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    campaign = world.call()

    tally = sending.work(campaign)

    campaign.refresh_from_db()
    assert "127.0.0.1:1 cannot be reached" in tally.trouble
    assert campaign.trouble == tally.trouble[:300]
    assert Delivery.objects.get().state == State.PENDING
    assert Attempt.objects.count() == 0


def test_the_sandbox_refuses_a_real_address(world: World, mail_server: MailServer) -> None:
    world.person(email="somebody@company.notreserved")

    send(world.call())

    assert mail_server.readers == []
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    assert "sandbox" in delivery.reply


def test_somebody_who_left_between_freeze_and_sending_gets_nothing(
    world: World, mail_server: MailServer
) -> None:
    gone, staying = world.person(), world.person()
    campaign = world.call()
    assert gone.primary
    consent.withdraw(
        address=gone.primary.address,
        scope="topic",
        topic=world.topic,
        reason="unsubscribed",
        source="test",
    )

    send(campaign)

    assert mail_server.readers == [staying.email]
    assert ledger.read(campaign).total.stopped == 1


def test_nothing_leaves_while_a_campaign_is_paused_and_all_after_it_resumed(
    world: World, mail_server: MailServer
) -> None:
    world.person()
    campaign = world.call()
    campaigns.pause(campaign=campaign, by=None, reason="wrong date")

    send(campaign)
    assert mail_server.readers == []

    campaigns.resume(campaign=campaign, by=world.users["coordinator"])
    send(campaign)
    assert len(mail_server.readers) == 1


def test_a_cancelled_campaign_never_leaves(world: World, mail_server: MailServer) -> None:
    world.person()
    campaign = world.call()

    assert campaigns.cancel(campaign=campaign, by=world.users["coordinator"]) == 1
    send(campaign)

    assert mail_server.readers == []
    assert ledger.read(campaign).total.stopped == 1
    with pytest.raises(IllegalTransition):
        campaigns.resume(campaign=campaign, by=world.users["coordinator"])


def test_a_restored_copy_of_the_database_sends_nothing_until_somebody_confirms(
    world: World, mail_server: MailServer
) -> None:
    world.person()
    campaign = world.call()
    Installation.objects.update(epoch=2)

    send(campaign)

    assert mail_server.readers == []


def test_a_lease_that_ran_out_leaves_the_mail_on_the_line_undecided(
    world: World, mail_server: MailServer
) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    delivery = Delivery.objects.get()
    generation = transitions.arm(lease, [delivery.pk])[delivery.pk]
    assert generation == 1
    Batch.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))

    assert sweeping.sweep() == 1
    send(campaign)

    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert mail_server.readers == []


def test_a_late_answer_of_the_same_attempt_still_settles_it(world: World) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    delivery = Delivery.objects.get()
    generation = transitions.arm(lease, [delivery.pk])[delivery.pk]
    assert generation
    Batch.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    sweeping.sweep()

    transitions.settle([Answer(delivery.pk, generation, Outcome(End.ACCEPTED, "dot", 250, "OK"))])

    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED


def test_an_answer_to_an_older_attempt_changes_nothing(world: World) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    delivery = Delivery.objects.get()
    transitions.arm(lease, [delivery.pk])
    Delivery.objects.update(generation=2)

    transitions.settle([Answer(delivery.pk, 1, Outcome(End.FAILED, "rcpt", 550, "No"))])

    delivery.refresh_from_db()
    assert delivery.state == State.ARMED


def test_mails_that_turn_out_not_to_have_left_are_sent_after_their_batch_was_finished(
    world: World, mail_server: MailServer
) -> None:
    """The server was silent for longer than a lease lasts; another crew finished the batch."""
    for _n in range(3):
        world.person()
    campaign = world.call()
    sweeping.tick()
    slow = leases.claim(campaign)
    assert slow
    ids = [reader.delivery for reader in leases.waiting(slow)]
    armed = transitions.arm(slow, ids[:2])
    Batch.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    sweeping.tick()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED
    assert ledger.read(campaign).total.undecided == 2

    unsent = Outcome(End.DEFERRED, transitions.UNSENT, None, "Not sent: the line was lost.")
    transitions.settle([Answer(pk, armed[pk], unsent) for pk in ids[:2]])
    leases.finish(slow, sent=0, wait=0)

    sweeping.tick()
    sending.work(campaign)
    sweeping.tidy()
    book = ledger.read(campaign)
    campaign.refresh_from_db()
    assert (book.total.accepted, book.balances) == (3, True)
    assert campaign.status == Campaign.Status.FINISHED
    assert len(mail_server.readers) == len(set(mail_server.readers)) == 3


def test_one_line_that_breaks_in_an_unforeseen_way_takes_no_answer_of_another_with_it(
    world: World, mail_server: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SENDING_LINES, settings.SENDING_NEAR = 2, 10_000
    for _n in range(8):
        world.person()
    campaign = world.call()
    sweeping.tick()
    flights = Relays.flights
    broken: list[Relays] = []

    def breaks_once(line: Relays, envelopes: Sequence[Envelope], *, until: float) -> Flights:
        if mail_server.readers and not broken:
            broken.append(line)
            raise RuntimeError("nobody thought of this")
        return (yield from flights(line, envelopes, until=until))

    monkeypatch.setattr(Relays, "flights", breaks_once)
    with pytest.raises(RuntimeError, match="nobody thought of this"):
        sending.work(campaign)

    accepted = campaign.deliveries.filter(state=State.ACCEPTED).count()
    assert accepted == len(mail_server.readers) > 0
    assert campaign.deliveries.filter(state=State.UNKNOWN).count() > 0
    assert not campaign.deliveries.filter(state=State.ARMED).exists()


def test_a_worker_whose_lease_was_taken_cannot_arm(world: World) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    Batch.objects.update(owner=None, lease_until=None)
    other = leases.claim(campaign)
    assert other

    pk = Delivery.objects.get().pk
    assert transitions.arm(lease, [pk]) == {}
    assert transitions.arm(other, [pk]) == {pk: 1}


def test_a_mail_is_on_the_line_only_once(world: World) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    delivery = Delivery.objects.get()

    assert transitions.arm(lease, [delivery.pk]) == {delivery.pk: 1}
    assert transitions.arm(lease, [delivery.pk]) == {}


def test_a_held_lane_waits_alone(world: World, mail_server: MailServer) -> None:
    here, there = world.person(world.biocat), world.person(world.biom)
    campaign = world.call(release=False, start=False)
    releases.hold(
        release=world.lane(campaign, world.biom), by=world.users["contact_biom"], note="hotels"
    )
    releases.release_all(campaign=campaign, by=world.users["coordinator"])
    campaigns.schedule(campaign=campaign, by=world.users["coordinator"], send_at=timezone.now())
    freezing.start_due()
    campaign.refresh_from_db()

    send(campaign)
    assert mail_server.readers == [here.email]
    assert campaign.status == Campaign.Status.SENDING

    releases.release(
        release=world.lane(campaign, world.biom), by=world.users["contact_biom"], note=""
    )
    freezing.start_due()
    send(campaign)
    assert mail_server.readers == sorted([here.email, there.email])
    assert campaign.status == Campaign.Status.FINISHED
    assert ledger.read(campaign).balances


def test_pressing_send_twice_starts_once(world: World) -> None:
    world.person()
    campaign = world.call()

    with pytest.raises(IllegalTransition, match="already started by Coordinator"):
        campaigns.schedule(campaign=campaign, by=world.users["admin"], send_at=timezone.now())

    assert Delivery.objects.count() == 1
    assert not Release.objects.filter(status=Release.Status.RELEASED).exists()


def test_somebody_who_left_while_the_mail_was_put_off_ends_as_stopped(
    world: World, mail_server: MailServer
) -> None:
    person = world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    delivery = Delivery.objects.get()
    generation = transitions.arm(lease, [delivery.pk])[delivery.pk]
    assert generation
    assert person.primary
    consent.withdraw(
        address=person.primary.address, scope="all", reason="unsubscribed", source="test"
    )
    transitions.settle(
        [Answer(delivery.pk, generation, Outcome(End.DEFERRED, "rcpt", 450, "Later"))]
    )
    Deferral.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))
    Batch.objects.update(owner=None, lease_until=None)

    send(campaign)

    delivery.refresh_from_db()
    assert delivery.state == State.SUPPRESSED
    assert campaign.status == Campaign.Status.FINISHED
    assert mail_server.readers == []


def test_a_mail_put_off_after_its_campaign_was_cancelled_is_cancelled(world: World) -> None:
    world.person()
    campaign = world.call()
    lease = leases.claim(campaign)
    assert lease
    delivery = Delivery.objects.get()
    generation = transitions.arm(lease, [delivery.pk])[delivery.pk]
    assert generation
    campaigns.cancel(campaign=campaign, by=world.users["coordinator"])

    transitions.settle(
        [Answer(delivery.pk, generation, Outcome(End.DEFERRED, "rcpt", 450, "Later"))]
    )

    delivery.refresh_from_db()
    assert delivery.state == State.CANCELLED
    assert ledger.read(campaign).total.left == 0


def test_a_reader_at_a_domain_with_umlauts_gets_the_mail(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="info@bücher.example")

    send(world.call())

    mail = mail_server.mail_to("info@xn--bcher-kva.example")
    assert mail["To"].addresses[0].addr_spec == "info@xn--bcher-kva.example"


def test_an_error_of_ours_in_the_middle_loses_no_answer(
    world: World, mail_server: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SENDING_WINDOW = 1
    for _n in range(3):
        world.person()
    campaign = world.call()
    written: list[int] = []
    write = Press.envelope

    def fails_at_the_third(press: Press, reader: Reader) -> Envelope:
        written.append(reader.delivery)
        if len(written) == 3:
            raise ZeroDivisionError
        return write(press, reader)

    monkeypatch.setattr(Press, "envelope", fails_at_the_third)
    with pytest.raises(ZeroDivisionError):
        send(campaign)

    states = list(campaign.deliveries.order_by("pk").values_list("state", flat=True))
    assert len(mail_server.readers) == 2
    assert states.count(State.ACCEPTED) == 2


# --- archived after the freeze


def test_who_is_archived_after_the_freeze_gets_nothing_and_is_told_why(
    world: World, mail_server: MailServer
) -> None:
    gone, back, stays = (world.person() for _n in range(3))
    campaign = world.call()
    for person in (gone, back):
        people.archive(person=person, by=None)
    back.refresh_from_db()
    people.restore(person=back, by=None)

    send(campaign)

    assert mail_server.readers == sorted([back.email, stays.email])
    assert campaign.status == Campaign.Status.FINISHED
    mail = Delivery.objects.get(person=gone)
    assert (mail.state, mail.stopped_for) == (State.SUPPRESSED, Exclusion.Reason.ARCHIVED)
    (row,) = Report(campaign, Question()).rows([gone])
    assert row.label == "stopped: archived"
    (sentence,) = explain(text=gone.email, campaign=campaign)
    assert "in the lane of Biocat, in en: stopped: archived, " in sentence
    assert ledger.read(campaign).balances


def test_a_withdrawal_is_still_the_readers_own_word(world: World, mail_server: MailServer) -> None:
    person = world.person()
    campaign = world.call()
    people.archive(person=person, by=None)
    assert person.primary
    consent.withdraw(
        address=person.primary.address, scope="all", reason="unsubscribed", source="test"
    )

    send(campaign)

    mail = Delivery.objects.get()
    assert (mail.state_words, mail.stopped_for) == ("stopped by the reader", None)


def test_who_was_archived_is_not_tried_again(world: World, mail_server: MailServer) -> None:
    person = world.person()
    campaign = world.call()
    send(campaign)
    Delivery.objects.update(state=State.UNKNOWN)
    people.archive(person=person, by=None)

    tries = requeuing.again(
        campaign=campaign, ids=[Delivery.objects.get().pk], states=(State.UNKNOWN,)
    )

    assert (tries.again, len(tries.barred)) == ([], 1)
