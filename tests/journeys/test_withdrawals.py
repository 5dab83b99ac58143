"""Leaving while lanes are frozen and mails are put on the line: real sessions, all at once."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from campaigns.actions import campaigns, freezing, leases, ledger, releases, transitions
from campaigns.actions.transitions import Answer
from campaigns.mail import links
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Campaign, Delivery
from campaigns.models.deliveries import WITHDRAWN
from crm.actions import consent
from crm.models import Address, Mission, Suppression
from tests.journeys.deployment import celery, ended, eventually, multiply
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

LEAVERS = 1_000

# Order is what the server's own clock says: `armed_at` is taken by the arming statement, and the
# moment a withdrawal committed is known no later than when its session says so.
ARMED_AFTER = """
SELECT count(*) FROM campaigns_delivery d
JOIN unnest(%s::bigint[], %s::timestamptz[]) AS left_at (address, moment)
  ON left_at.address = d.address_id
WHERE d.armed_at > left_at.moment
"""


@contextmanager
def threads(*jobs: Callable[[], None]) -> Iterator[None]:
    """Run each job in a thread with a database session of its own; their failures are ours."""
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as failure:  # noqa: BLE001  raised again below
            failures.append(failure)
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        for thread in running:
            thread.join(60)
    if failures:
        raise failures[0]


def now() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment


def armed_after(left: dict[int, object]) -> int:
    """How many mails were put on the line after their reader's withdrawal had committed."""
    with connection.cursor() as cursor:
        cursor.execute(ARMED_AFTER, [list(left), list(left.values())])
        (late,) = cursor.fetchone()
    return int(late)


class Race:
    """Freezes, senders and people who leave, all at once."""

    freezes = 20
    leavers = 2

    def __init__(self, world: World) -> None:
        self.world = world
        readers = self.freezes * self.leavers
        self.addresses = [world.person().primary.address for _ in range(readers)]
        self.calls = [self._call(n) for n in range(self.freezes)]
        self.left: dict[int, object] = {}
        self.armed = 0
        self.begun = 0
        self.over = False

    def _call(self, n: int) -> Campaign:
        mission = Mission.objects.get(pk=self.world.mission.pk)
        campaign = campaigns.announce(mission=mission, by=None)
        # The next call of the same mission is another one.
        Campaign.objects.filter(pk=campaign.pk).update(same_as=f"race:{n}", ref=f"race-{n}")
        releases.release_all(campaign=campaign, by=None)
        campaigns.schedule(campaign=campaign, by=None, send_at=timezone.now())
        campaign.refresh_from_db()
        return campaign

    def freeze(self) -> None:
        for campaign in self.calls:
            self.begun += 1
            freezing.start(campaign)
            freezing.freeze_lanes(campaign)
        self.over = True

    def send(self) -> None:
        """Put everything on the line at once, as fast as lanes open."""
        idle = 0
        while idle < 3:
            over = self.over
            worked = False
            for campaign in self.calls[max(0, self.begun - 2) : self.begun]:
                while lease := leases.claim(campaign):
                    worked = True
                    ids = [reader.delivery for reader in leases.waiting(lease)]
                    armed = transitions.arm(lease, ids)
                    self.armed += len(armed)
                    transitions.settle(
                        Answer(pk, generation, Outcome(End.ACCEPTED, "dot", 250, "OK"))
                        for pk, generation in armed.items()
                    )
                    leases.finish(lease, sent=len(armed), wait=0)
            idle = 0 if worked or not over else idle + 1
            time.sleep(0.005)

    def leave(self, nth: int) -> None:
        """During each freeze somebody leaves; the transaction stays open for a moment."""
        for freeze, address in enumerate(self.addresses[nth :: self.leavers], 1):
            while self.begun < freeze:
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.3))
            with transaction.atomic():
                consent.withdraw(
                    address=address,
                    scope=Suppression.Scope.ALL,
                    reason=Suppression.Reason.UNSUBSCRIBED,
                    source="race",
                )
                time.sleep(0.03)
            self.left[address.pk] = now()

    def run(self) -> int:
        """How many mails were put on the line after their reader's withdrawal had committed."""
        jobs = [partial(self.leave, n) for n in range(self.leavers)]
        with threads(self.freeze, self.send, self.send, *jobs):
            pass
        return armed_after(self.left)


def test_nobody_is_armed_after_their_withdrawal_committed(world: World) -> None:
    """Fault 11, as a race: 20 freezes, two senders, and somebody who leaves during each."""
    race = Race(world)

    assert race.run() == 0

    assert len(race.left) == len(race.addresses)
    assert race.armed > len(race.left)
    for campaign in race.calls:
        assert ledger.read(campaign).balances


def test_a_thousand_who_leave_during_a_real_send_get_no_mail_after_that(
    world: World, mail_server: MailServer
) -> None:
    """Fault 11: deployed workers send, and for each mail that arrives somebody else leaves."""
    mail_server.lie("dot", "steady", wait=0.01)
    world.person()
    campaign = world.call()
    multiply(campaign, 2 * LEAVERS)
    addresses = list(Address.objects.filter(email__startswith="steady"))
    leavers = random.sample(addresses, LEAVERS)
    left: dict[int, object] = {}
    deadline = time.monotonic() + 60

    def leave(nth: int) -> None:
        for n in range(nth, LEAVERS, 2):
            while len(mail_server.arrived) < n:
                assert time.monotonic() < deadline, "the mails stopped"
                time.sleep(0.002)
            consent.withdraw(
                address=leavers[n], scope="all", reason="unsubscribed", source="one click"
            )
            left[leavers[n].pk] = now()

    with (
        celery("worker", mail_server=mail_server),
        celery("beat", mail_server=mail_server),
    ):
        with threads(partial(leave, 0), partial(leave, 1)):
            pass
        eventually(lambda: ended(campaign))

    assert len(left) == LEAVERS
    assert armed_after(left) == 0
    book = ledger.read(campaign)
    stopped = book.total.states[Delivery.State.SUPPRESSED]
    assert book.balances
    assert LEAVERS / 10 < stopped < LEAVERS
    assert book.total.accepted == 2 * LEAVERS + 1 - stopped
    assert len(set(mail_server.readers)) == len(mail_server.readers) == book.total.accepted


def test_one_click_is_effective_at_once_in_the_middle_of_a_send(
    world: World, mail_server: MailServer
) -> None:
    """By the door that mailbox providers use, while deployed workers send."""
    # Slower than a web process answers on a busy machine, or most mails were out before.
    mail_server.lie("dot", "steady", wait=0.05)
    world.person()
    campaign = world.call()
    multiply(campaign, 400)
    leavers = random.sample(list(Address.objects.filter(email__startswith="steady")), 200)
    left: dict[int, object] = {}
    deadline = time.monotonic() + 60

    def leave() -> None:
        provider = Client(enforce_csrf_checks=True)
        for n, address in enumerate(leavers):
            while len(mail_server.arrived) < n:
                assert time.monotonic() < deadline, "the mails stopped"
                time.sleep(0.002)
            leaving = links.Leaving(address.pk, campaign.pk, world.biocat.pk, "en")
            path = links.unsubscribe(links.leaving_token(leaving)).removeprefix(links.absolute(""))
            assert provider.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
            left[address.pk] = now()

    with (
        celery("worker", mail_server=mail_server),
        celery("beat", mail_server=mail_server),
    ):
        with threads(leave):
            pass
        eventually(lambda: ended(campaign))

    assert len(left) == 200
    assert armed_after(left) == 0
    book = ledger.read(campaign)
    assert book.balances
    assert 20 < book.total.states[Delivery.State.SUPPRESSED] < 200
    assert len(set(mail_server.readers)) == len(mail_server.readers) == book.total.accepted


class Overtaken(Race):
    """The one order of events that the barrier is for, step by step."""

    freezes = leavers = 1

    def run(self) -> int:
        (reader,), (campaign, *_others) = self.addresses[:1], self.calls
        written, may_commit = threading.Event(), threading.Event()

        def leave() -> None:
            with transaction.atomic():
                consent.withdraw(address=reader, scope="all", reason="unsubscribed", source="race")
                written.set()
                assert may_commit.wait(10)

        def freeze() -> None:
            assert written.wait(10)
            freezing.start(campaign)
            freezing.freeze_lanes(campaign)

        with threads(leave, freeze):
            deadline = time.monotonic() + 10
            while not Delivery.objects.filter(campaign=campaign).exists():
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(0.2)  # long enough to open the lane, if nothing holds it
            may_commit.set()
        lease = leases.claim(campaign)
        assert lease
        ids = Delivery.objects.filter(campaign=campaign, address=reader).values_list(
            "pk", flat=True
        )
        return len(transitions.arm(lease, list(ids)))


def test_a_freeze_waits_for_a_withdrawal_under_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_the_look_at_arming(monkeypatch)

    assert Overtaken(world).run() == 0


def test_the_look_at_arming_is_a_second_guard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "_open", _open_without_the_barrier)

    assert Overtaken(world).run() == 0


def test_without_both_somebody_who_left_is_written_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the two tests above can fail."""
    monkeypatch.setattr(freezing, "_open", _open_without_the_barrier)
    _without_the_look_at_arming(monkeypatch)

    assert Overtaken(world).run() == 1


def _without_the_look_at_arming(monkeypatch: pytest.MonkeyPatch) -> None:
    blind = transitions.EXCHANGE.replace(WITHDRAWN, "false")
    assert blind != transitions.EXCHANGE
    monkeypatch.setattr(transitions, "EXCHANGE", blind)


def _open_without_the_barrier(campaign: Campaign, lanes: list[int]) -> None:
    campaign.releases.filter(pk__in=lanes).update(status="sending")
