"""Trying the failed again, and the campaign's steps around the breaker and the canary."""

import pytest
from django.utils import timezone

from campaigns.actions import (
    breaker,
    campaigns,
    feedback,
    ledger,
    letters,
    reports,
    retrying,
    sending,
    sweeping,
    transitions,
)
from campaigns.actions.retrying import Why
from campaigns.models import Attempt, Batch, Campaign, Delivery, Installation
from crm.actions import consent
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Person
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State


def fail(email: str, said: str, *, phase: str = "rcpt", state: int = State.FAILED) -> Delivery:
    delivery = Delivery.objects.get(address__email=email)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, generation=1, reply=said, settled_at=timezone.now()
    )
    Attempt.objects.create(
        delivery=delivery, generation=1, phase=phase, text=said, outcome=Attempt.Outcome.FAILED
    )
    return delivery


@pytest.fixture
def ended(world: World) -> Campaign:
    """Finished, with a failure of each sort."""
    for name in ("policy", "gone", "unwritten", "expired", "odd", "fine"):
        world.person(email=f"{name}@sme.example")
    campaign = world.call()
    Batch.objects.update(done_at=timezone.now())
    campaign.releases.update(status="done")
    Delivery.objects.update(state=State.ACCEPTED)
    policy = fail("policy@sme.example", "5.7.1 blocked")
    feedback.refused(delivery=policy, reply="5.7.1 blocked", phase="rcpt", code=550)
    fail("gone@sme.example", "5.1.1 no such user")
    fail("unwritten@sme.example", "a picture is missing", phase="compose")
    fail("expired@sme.example", "4.2.0 busy", state=State.EXPIRED)
    fail("odd@sme.example", "5.5.0 no idea")
    Campaign.objects.filter(pk=campaign.pk).update(status="finished", finished_at=timezone.now())
    campaign.refresh_from_db()
    return campaign


def test_failures_are_counted_by_what_another_try_could_mend(ended: Campaign) -> None:
    counts = {why: len(ids) for why, ids in retrying.failed(ended).items()}

    assert counts == dict.fromkeys(Why, 1)


def test_what_is_ticked_is_tried_again_and_arrives(
    world: World, ended: Campaign, mail_server: MailServer
) -> None:
    by = world.users["coordinator"]

    done = retrying.retry(campaign=ended, by=by, reasons=[Why.REFUSED, Why.EXPIRED])

    assert len(done.again) == 2
    ended.refresh_from_db()
    assert ended.status == Campaign.Status.SENDING
    sending.work(ended)
    sweeping.tidy()
    assert mail_server.readers == ["expired@sme.example", "policy@sme.example"]
    now = Delivery.objects.get(address__email="policy@sme.example")
    assert (now.outcome, now.came_back) == ("accepted", False)
    rows = reports.Report(ended, reports.Question(state="bounced"))
    assert not rows.people(Person.objects.all()).exists()
    ended.refresh_from_db()
    assert ended.status == Campaign.Status.FINISHED
    assert ledger.read(ended).balances
    entry = AuditEntry.objects.get(verb="tried again")
    assert (entry.user, entry.count) == (by, 2)


def test_a_mailbox_that_does_not_exist_is_never_tried_again(world: World, ended: Campaign) -> None:
    with pytest.raises(Refused, match="do not exist"):
        retrying.retry(campaign=ended, by=world.users["coordinator"], reasons=[Why.MAILBOX])


def test_who_left_meanwhile_is_not_tried_again(world: World, ended: Campaign) -> None:
    gone = Delivery.objects.get(address__email="policy@sme.example")
    consent.withdraw(address=gone.address, scope="all", reason="unsubscribed", source="link")

    done = retrying.retry(
        campaign=ended, by=world.users["coordinator"], reasons=[Why.REFUSED, Why.OTHER]
    )

    assert done.barred == [gone.pk]
    gone.refresh_from_db()
    assert gone.state == State.FAILED


@pytest.mark.parametrize("status", ["sending", "cancelled"])
def test_only_what_is_finished_or_paused_is_tried_again(
    world: World, ended: Campaign, status: str
) -> None:
    Campaign.objects.filter(pk=ended.pk).update(status=status)

    with pytest.raises(IllegalTransition, match="finished or paused"):
        retrying.retry(campaign=ended, by=world.users["coordinator"], reasons=[Why.OTHER])


# --- the canary, the breaker, the fence


def test_the_rest_may_follow_the_canary_at_once(world: World) -> None:
    world.person()
    campaign = world.call()
    Campaign.objects.filter(pk=campaign.pk).update(canary=True)

    campaigns.go_on(campaign=campaign, by=world.users["coordinator"])

    campaign.refresh_from_db()
    assert not campaign.canary
    with pytest.raises(IllegalTransition, match="Nothing waits"):
        campaigns.go_on(campaign=campaign, by=world.users["coordinator"])


def test_it_is_known_whether_a_person_or_the_breaker_paused(world: World) -> None:
    world.person()
    campaign = world.call()
    by = world.users["coordinator"]

    campaigns.pause(campaign=campaign, by=by)
    assert campaigns.paused_by(campaign) == by

    campaigns.resume(campaign=campaign, by=by)
    breaker.trip(campaign, "Ten mails in a row went wrong.")
    assert campaigns.paused_by(campaign) is None


def test_behind_the_fence_nothing_resumes(world: World) -> None:
    world.person()
    campaign = world.call()
    campaigns.pause(campaign=campaign, by=world.users["coordinator"])
    Installation.objects.update(fenced_at=timezone.now())

    with pytest.raises(IllegalTransition, match="administrator"):
        campaigns.resume(campaign=campaign, by=world.users["coordinator"])


# --- cancelling


def test_cancelling_leaves_what_is_on_the_line_to_settle(world: World) -> None:
    """The batch of a worker that dies afterwards is still taken back: its mail is undecided."""
    world.person()
    world.person()
    campaign = world.call()
    armed = Delivery.objects.order_by("pk").first()
    assert armed
    Delivery.objects.filter(pk=armed.pk).update(state=State.ARMED, generation=1)
    Batch.objects.update(lease_until=timezone.now(), session_pid=0)

    assert campaigns.cancel(campaign=campaign, by=world.users["coordinator"]) == 1

    armed.refresh_from_db()
    assert armed.state == State.ARMED
    sweeping.sweep()
    armed.refresh_from_db()
    assert armed.state == State.UNKNOWN
    sweeping.sweep()
    assert not campaign.batches.filter(done_at=None).exists()


def test_a_cancellation_cut_short_is_finished_by_the_sweeper(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person()
    campaign = world.call()
    monkeypatch.setattr(transitions, "cancel_waiting", lambda campaign: 0)
    campaigns.cancel(campaign=campaign, by=world.users["coordinator"])
    assert Delivery.objects.get().state == State.PENDING
    monkeypatch.undo()

    sweeping.sweep()

    assert Delivery.objects.get().state == State.CANCELLED


# --- letters


def test_a_letter_without_a_known_end_is_sent_once_more_and_then_is_for_the_desk(
    world: World, mail_server: MailServer
) -> None:
    delivery = letters.write(to="cut@tunnel.example", mail=b"Subject: Sign in\r\n\r\nHere.\r\n")

    for _round in range(4):
        sending.work(delivery.campaign)
        sweeping.tidy()

    assert mail_server.readers == ["cut@tunnel.example"] * 2
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert Attempt.objects.undecided().open().count() == 1
