"""Fault 14: any order of steps and faults, against the real actions and a real database.

The machine plays workers, the mail server, readers and people at once. It keeps the server's own
record of whom it took a mail for; after each step the ledger must agree with it.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from campaigns.actions import (
    campaigns,
    feedback,
    fencing,
    freezing,
    leases,
    ledger,
    sweeping,
    transitions,
)
from campaigns.actions.leases import Lease
from campaigns.actions.transitions import Answer
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Batch, Campaign, Deferral, Delivery, Installation
from crm.actions import consent
from crm.models import Suppression, User
from tests.world import World

State = Delivery.State
S = Campaign.Status

# What a server may say at last, and whether it then has the mail.
ENDS = {
    "taken": (True, Outcome(End.ACCEPTED, "dot", 250, "Taken")),
    "refused": (False, Outcome(End.FAILED, "rcpt", 552, "5.2.2 Mailbox full")),
    "put off": (False, Outcome(End.DEFERRED, "rcpt", 450, "4.2.1 Later")),
    "cut, and taken": (True, Outcome(End.UNKNOWN, "dot", None, "The connection broke")),
    "cut, and not taken": (False, Outcome(End.UNKNOWN, "dot", None, "The connection broke")),
}


@dataclass
class Worker:
    """A lease, what of it was not tried yet, and what is on its line."""

    lease: Lease
    waiting: list[int]
    line: dict[int, int] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    stopped_past_its_lease: bool = False


class Sending(RuleBasedStateMachine):
    def __init__(self, campaign: Campaign, by: User) -> None:
        super().__init__()
        self.campaign = campaign
        self.by = by
        self.before = transaction.savepoint()
        self.workers: list[Worker] = []
        self.taken: Counter[int] = Counter()  # the server's own record
        self.unanswered: dict[int, int] = {}  # delivery → generation on some line, dead or alive
        self.said: list[Answer] = []  # every answer ever given, to be repeated late
        self.left: set[int] = set()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    @property
    def status(self) -> str:
        self.campaign.refresh_from_db()
        return self.campaign.status

    @property
    def fenced(self) -> bool:
        return Installation.objects.get().fenced_at is not None

    # --- what the scheduler and workers do

    @rule()
    def tick(self) -> None:
        sweeping.tick()

    @rule()
    def sweep(self) -> None:
        sweeping.sweep()

    @precondition(lambda self: len(self.workers) < 3)
    @rule()
    def claim(self) -> None:
        if lease := leases.claim(self.campaign):
            assert not self.fenced
            ids = [reader.delivery for reader in leases.waiting(lease)]
            self.workers.append(Worker(lease, ids))

    @precondition(lambda self: self.workers)
    @rule(data=st.data(), size=st.integers(1, 3))
    def arm(self, data: st.DataObject, size: int) -> None:
        worker = data.draw(st.sampled_from(self.workers))
        window, worker.waiting = worker.waiting[:size], worker.waiting[size:]
        armed = transitions.exchange(worker.lease, worker.answers, window)
        worker.answers = []
        for pk, generation in armed.items():
            assert not worker.stopped_past_its_lease
            assert self.status == S.SENDING
            assert not self.fenced
            assert Delivery.objects.get(pk=pk).address_id not in self.left, "I5"
            worker.line[pk] = self.unanswered[pk] = generation

    @precondition(lambda self: any(worker.line for worker in self.workers))
    @rule(data=st.data(), end=st.sampled_from(sorted(ENDS)))
    def answer(self, data: st.DataObject, end: str) -> None:
        worker = data.draw(st.sampled_from([each for each in self.workers if each.line]))
        pk, generation = worker.line.popitem()
        arrived, outcome = ENDS[end]
        self.taken[pk] += arrived
        answer = Answer(pk, generation, outcome)
        self.said.append(answer)
        if self.unanswered.get(pk) == generation:
            del self.unanswered[pk]
        if outcome.end == End.ACCEPTED:
            worker.answers.append(answer)  # settled with the next window
        else:
            transitions.settle([answer])

    @precondition(lambda self: any(not worker.line for worker in self.workers))
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from([each for each in self.workers if not each.line]))
        transitions.settle(worker.answers)
        leases.finish(worker.lease, sent=0, wait=0)
        self.workers.remove(worker)

    # --- faults

    @precondition(lambda self: self.workers)
    @rule(data=st.data(), arrived=st.booleans())
    def kill(self, data: st.DataObject, arrived: bool) -> None:
        """Its session is gone; nobody hears what the server made of its line."""
        worker = data.draw(st.sampled_from(self.workers))
        for pk in worker.line:
            self.taken[pk] += arrived
        Batch.objects.filter(pk=worker.lease.batch, owner=worker.lease.owner).update(
            session_started_at=timezone.now() - dt.timedelta(days=1)
        )
        self.workers.remove(worker)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def stop_past_the_lease(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.workers))
        worker.stopped_past_its_lease = True
        Batch.objects.filter(pk=worker.lease.batch, owner=worker.lease.owner).update(
            lease_until=timezone.now() - dt.timedelta(seconds=1)
        )

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def repeat_an_answer(self, data: st.DataObject) -> None:
        answer = data.draw(st.sampled_from(self.said))
        transitions.settle([answer])

    @rule()
    def time_passes_for_what_was_put_off(self) -> None:
        Deferral.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))

    @rule()
    def three_days_pass(self) -> None:
        Delivery.objects.exclude(first_tried_at=None).update(
            first_tried_at=timezone.now() - dt.timedelta(days=4)
        )

    @precondition(lambda self: not self.fenced)
    @rule()
    def an_older_heartbeat(self) -> None:
        fencing.check()
        fencing.check()
        Installation.objects.update(beat=1)
        assert not fencing.check()

    # --- what people do

    @precondition(lambda self: self.fenced)
    @rule(nothing_left_since=st.booleans())
    def confirm(self, nothing_left_since: bool) -> None:
        fencing.confirm(by=self.by, nothing_left_since=nothing_left_since)

    @precondition(lambda self: self.status == S.SENDING)
    @rule()
    def pause(self) -> None:
        campaigns.pause(campaign=self.campaign, by=self.by)

    @precondition(lambda self: self.status == S.PAUSED and not self.fenced)
    @rule()
    def resume(self) -> None:
        campaigns.resume(campaign=self.campaign, by=self.by)

    @precondition(lambda self: self.status in (S.SENDING, S.PAUSED))
    @rule(really=st.sampled_from([False] * 9 + [True]))
    def cancel(self, really: bool) -> None:
        if really:
            campaigns.cancel(campaign=self.campaign, by=self.by)

    @precondition(lambda self: Delivery.objects.exists())
    @rule(data=st.data())
    def unsubscribe(self, data: st.DataObject) -> None:
        delivery = data.draw(st.sampled_from(list(Delivery.objects.order_by("pk"))))
        consent.withdraw(
            address=delivery.address,
            scope=Suppression.Scope.ALL,
            reason=Suppression.Reason.UNSUBSCRIBED,
            source="link",
        )
        self.left.add(delivery.address_id)

    @precondition(lambda self: +self.taken)
    @rule(data=st.data())
    def use_a_link(self, data: st.DataObject) -> None:
        feedback.used_its_links(data.draw(st.sampled_from(sorted(+self.taken))))

    # --- what must hold after each of it

    @invariant()
    def the_ledger_balances(self) -> None:
        assert ledger.read(self.campaign).balances, "I1"

    @invariant()
    def nobody_twice(self) -> None:
        assert all(count <= 1 for count in self.taken.values()), "I2"

    @invariant()
    def the_ledger_never_denies_what_the_server_has(self) -> None:
        """Who got the mail is accepted, undecided, or still on a line: never to be sent again."""
        for delivery in Delivery.objects.filter(pk__in=+self.taken):
            assert delivery.state in (State.ACCEPTED, State.UNKNOWN, State.ARMED)

    @invariant()
    def nothing_is_accepted_that_no_server_took(self) -> None:
        accepted = Delivery.objects.filter(state=State.ACCEPTED).values_list("pk", flat=True)
        assert set(accepted) <= set(+self.taken)

    @invariant()
    def only_an_answer_lets_a_mail_wait_again(self) -> None:
        for delivery in Delivery.objects.filter(pk__in=self.unanswered):
            if delivery.generation == self.unanswered[delivery.pk]:
                assert delivery.state in (State.ARMED, State.UNKNOWN, State.ACCEPTED), "I4"

    @invariant()
    def the_words_stay_the_same(self) -> None:
        if self.status not in (S.DRAFT, S.SCHEDULED):
            signed = set(self.campaign.releases.values_list("signed_version", flat=True))
            assert signed == {self.campaign.content_version_id}, "I6"

    @invariant()
    def finished_means_nothing_is_left(self) -> None:
        if self.status == S.FINISHED:
            assert ledger.read(self.campaign).total.left == 0, "I7"


def test_whatever_happens_in_whatever_order_nobody_is_lost_and_nobody_mailed_twice(
    world: World,
) -> None:
    """Fault 14: Hypothesis over all transitions and faults."""
    for cluster in (world.biocat, world.biom, world.biom):
        world.person(cluster)
    campaign = world.call(start=False)
    campaigns.schedule(campaign=campaign, by=world.users["coordinator"], send_at=timezone.now())
    freezing.start(campaign)
    freezing.freeze_lanes(campaign)

    class OfThisWorld(Sending):
        def __init__(self) -> None:
            super().__init__(Campaign.objects.get(pk=campaign.pk), world.users["coordinator"])

    run_state_machine_as_test(
        OfThisWorld,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # making a failure smaller takes minutes on a real database
            suppress_health_check=list(HealthCheck),
        ),
    )
