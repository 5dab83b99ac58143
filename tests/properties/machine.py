"""The state machine of Fault 14: workers, a mail server, readers and people, in any order.

It drives the real actions on a real database. After each step the ledger must be what the model
says, and agree with the server's own record of whom it took a mail for.
"""

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from campaigns.actions import (
    campaigns,
    desk,
    feedback,
    fencing,
    leases,
    ledger,
    releases,
    retrying,
    sweeping,
    transitions,
)
from campaigns.actions.feedback import Fact
from campaigns.actions.leases import Lease
from campaigns.actions.transitions import UNSENT, Answer
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import (
    Attempt,
    Batch,
    BounceClass,
    Campaign,
    Deferral,
    Delivery,
    Installation,
    Release,
)
from crm.actions import consent
from crm.actions.errors import IllegalTransition
from crm.models import Address, Suppression, User
from tests.properties.model import Mail, Row, State

S = Campaign.Status
LATE = (Release.Status.WAITING, Release.Status.HELD)

# What a server may say at last, and whether it then has the mail.
ENDS = {
    "taken": (True, Outcome(End.ACCEPTED, "dot", 250, "Taken")),
    "no such mailbox": (False, Outcome(End.FAILED, "rcpt", 550, "5.1.1 No such user")),
    "mailbox full": (False, Outcome(End.FAILED, "rcpt", 552, "5.2.2 Mailbox full")),
    "not from you": (False, Outcome(End.FAILED, "dot", 554, "5.7.1 Policy")),
    "not written": (False, Outcome(End.FAILED, "compose", None, "A field is missing")),
    "put off": (False, Outcome(End.DEFERRED, "rcpt", 450, "4.2.1 Later")),
    "never begun": (False, Outcome(End.DEFERRED, UNSENT, None, "The line was lost before")),
    "cut, and taken": (True, Outcome(End.UNKNOWN, "dot", None, "The connection broke")),
    "cut, and not taken": (False, Outcome(End.UNKNOWN, "dot", None, "The connection broke")),
}
# What such a refusal, or a bounce afterwards, says about the mailbox.
BOUNCES = {
    "5.1.1": BounceClass.GONE,
    "5.2.2": BounceClass.FULL,
    "5.7.1": BounceClass.REFUSED,
    "5.6.0": BounceClass.OTHER,
}
FACTS = ("accepted", "delivered", "deferred", "bounced", "complained", "unsubscribed")


@dataclass
class Worker:
    """A lease, what of it was not tried yet, what is on its line, and what it has to settle."""

    lease: Lease
    waiting: list[int]
    armed: dict[int, int] = field(default_factory=dict)  # everything it ever put on its line
    line: dict[int, int] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    stopped_past_its_lease: bool = False
    without_session: bool = False

    def is_taken_for_dead(self) -> bool:
        return self.stopped_past_its_lease or self.without_session

    def changes(self, **values: object) -> bool:
        """Change its batch, as long as it is its own."""
        own = Batch.objects.filter(pk=self.lease.batch, owner=self.lease.owner)
        return own.update(**values) == 1


class Sending(RuleBasedStateMachine):
    def __init__(self, campaign: Campaign, by: User) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.began = timezone.now()
        self.campaign = campaign
        self.by = by
        self.readers = Address.objects.exclude(uses=None).in_bulk()
        self.workers: list[Worker] = []
        self.dead: list[Worker] = []
        self.said: list[Answer] = []  # every answer ever given, to be repeated late
        self.left: set[int] = set()  # addresses
        self.mails: dict[int, Mail] = {}
        self.look()

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.in_the_end_everything_is_settled()
        finally:
            transaction.savepoint_rollback(self.before)

    def look(self) -> None:
        """Read the whole ledger of this small world, once after each step."""
        self.rows: dict[int, Row] = {}
        new: dict[int, int] = {}
        for pk, address, *row in Delivery.objects.values_list("pk", "address", *Row._fields):
            self.rows[pk] = Row(*row)
            if pk not in self.mails:
                new[pk] = address
        self._frozen(new)
        self.campaign.refresh_from_db(fields=["status", "content_version", "paused_at"])
        self.status = self.campaign.status
        self.fenced = Installation.objects.filter(fenced_at__isnull=False).exists()

    def _frozen(self, new: dict[int, int]) -> None:
        """A lane became rows: nobody who left is among them."""
        assert not self.left.intersection(new.values())
        self.mails |= {pk: Mail(address) for pk, address in new.items()}

    def those(self, *states: State) -> list[int]:
        return [pk for pk, mail in sorted(self.mails.items()) if mail.state in states]

    # --- what the scheduler and workers do

    @rule()
    def tick(self) -> None:
        self._tidied(sweeping.tick, takes_back=not self.fenced)

    @rule()
    def sweep(self) -> None:
        self._tidied(sweeping.sweep, takes_back=True)
        assert ledger.read(self.campaign).balances, "I1"

    def _tidied(self, run: Callable[[], object], *, takes_back: bool) -> None:
        due = set(Deferral.objects.filter(not_before__lte=Now()).values_list("pk", flat=True))
        run()
        if takes_back:
            for worker in self.dead + [each for each in self.workers if each.is_taken_for_dead()]:
                for pk, generation in worker.armed.items():
                    if self.mails[pk].generation == generation:
                        self.mails[pk].take_back()
            self.dead = []
        if not self.fenced and self.status == S.SENDING:
            for pk in due:
                if self.mails[pk].overdue:
                    self.mails[pk].stop(State.EXPIRED)

    @precondition(lambda self: len(self.workers) < 3)
    @rule(arms_at_once=st.booleans())
    def claim(self, arms_at_once: bool) -> None:
        if lease := leases.claim(self.campaign):
            assert self.status == S.SENDING
            assert not self.fenced
            ids = [reader.delivery for reader in leases.waiting(lease)]
            self.workers.append(Worker(lease, ids))
            if arms_at_once:
                self._arm(self.workers[-1], 2)

    @precondition(lambda self: any(not worker.without_session for worker in self.workers))
    @rule(data=st.data(), size=st.integers(1, 2))
    def arm(self, data: st.DataObject, size: int) -> None:
        worker = data.draw(
            st.sampled_from([each for each in self.workers if not each.without_session])
        )
        self._arm(worker, size)

    def _arm(self, worker: Worker, size: int) -> None:
        window, worker.waiting = worker.waiting[:size], worker.waiting[size:]
        may = self.status == S.SENDING and not self.fenced and not worker.stopped_past_its_lease
        armed = transitions.exchange(worker.lease, worker.answers, window)
        self._settled(worker.answers)
        worker.answers = []
        for pk in window:
            mail = self.mails[pk]
            assert not (pk in armed and mail.left), "I5"
            assert (pk in armed) == (may and mail.state == State.PENDING and not mail.left)
            if pk in armed:
                mail.arm()
            elif mail.left:
                mail.stop(State.SUPPRESSED)
        worker.line |= armed
        worker.armed |= armed

    @precondition(lambda self: any(worker.line for worker in self.workers))
    @rule(data=st.data(), end=st.sampled_from(sorted(ENDS)))
    def answer(self, data: st.DataObject, end: str) -> None:
        worker = data.draw(st.sampled_from([each for each in self.workers if each.line]))
        self._answered(worker, end)
        accepted = ENDS[end][1].end == End.ACCEPTED
        if not accepted and not worker.without_session:
            self._settle(worker.answers)  # what was accepted is settled with the next window
            worker.answers = []

    def _answered(self, worker: Worker, end: str) -> None:
        pk, generation = worker.line.popitem()
        arrived, outcome = ENDS[end]
        if arrived:
            self.mails[pk].taken.append(generation)
        answer = Answer(pk, generation, outcome)
        worker.answers.append(answer)
        self.said.append(answer)

    def _settle(self, answers: list[Answer]) -> None:
        transitions.settle(answers)
        self._settled(answers)

    def _settled(self, answers: list[Answer]) -> None:
        for pk, generation, outcome in answers:
            mail = self.mails[pk]
            counts = mail.settle(generation, outcome, cancelled=self.status == S.CANCELLED)
            kind = BOUNCES.get(outcome.text[:5])
            if counts and kind:
                written = Delivery.objects.get(pk=pk).bounced_at
                assert written
                mail.note_bounce(kind, mail.bounced_at or written)

    @precondition(lambda self: any(not worker.line for worker in self.workers))
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        """Done with the batch; whose session is gone settles what it knows in a new one."""
        worker = data.draw(st.sampled_from([each for each in self.workers if not each.line]))
        self._settle(worker.answers)
        if not worker.without_session:
            leases.finish(worker.lease, sent=0, wait=0)
        self.workers.remove(worker)

    # --- faults

    @precondition(lambda self: self.workers)
    @rule(data=st.data(), arrived=st.booleans())
    def kill(self, data: st.DataObject, arrived: bool) -> None:
        """Its session is gone; nobody hears what the server made of its line."""
        worker = data.draw(st.sampled_from(self.workers))
        if arrived:
            for pk, generation in worker.line.items():
                self.mails[pk].taken.append(generation)
        self._lose_session(worker)
        self.workers.remove(worker)
        self.dead.append(worker)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def the_database_ends_a_session(self, data: st.DataObject) -> None:
        """The worker lives on, with a line to its mail server and none to the database."""
        self._lose_session(data.draw(st.sampled_from(self.workers)))

    def _lose_session(self, worker: Worker) -> None:
        worker.without_session = True
        worker.changes(session_started_at=timezone.now() - dt.timedelta(days=1))

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def stop_past_the_lease(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.workers))
        worker.stopped_past_its_lease = True
        worker.changes(lease_until=timezone.now() - dt.timedelta(seconds=1))

    @precondition(lambda self: any(worker.stopped_past_its_lease for worker in self.workers))
    @rule(data=st.data())
    def wake_up_and_go_on(self, data: st.DataObject) -> None:
        """Whoever wakes before anybody missed it keeps its lease; others have lost it."""
        asleep = [each for each in self.workers if each.stopped_past_its_lease]
        worker = data.draw(st.sampled_from(asleep))
        leases.keep(worker.lease)
        worker.stopped_past_its_lease = not worker.changes(owner=worker.lease.owner)

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def repeat_an_answer(self, data: st.DataObject) -> None:
        self._settle([data.draw(st.sampled_from(self.said))])

    @rule()
    def time_passes_for_what_was_put_off(self) -> None:
        Deferral.objects.update(not_before=timezone.now() - dt.timedelta(seconds=1))

    @precondition(lambda self: any(mail.tried for mail in self.mails.values()))
    @rule()
    def three_days_pass(self) -> None:
        Delivery.objects.exclude(first_tried_at=None).update(
            first_tried_at=timezone.now() - dt.timedelta(days=4)
        )
        for mail in self.mails.values():
            mail.overdue = mail.tried

    @precondition(lambda self: not self.fenced)
    @rule()
    def an_older_heartbeat(self) -> None:
        fencing.check()
        fencing.check()
        Installation.objects.update(beat=1)
        assert not fencing.check()

    # --- what is told of a mail afterwards, once or often, early or late, with its attempt or not

    @precondition(lambda self: any(mail.taken for mail in self.mails.values()))
    @rule(
        data=st.data(),
        kind=st.sampled_from(FACTS),
        hours_ago=st.integers(1, 3),
        status=st.sampled_from(sorted(BOUNCES)),
        names_its_attempt=st.booleans(),
    )
    def hear(
        self,
        data: st.DataObject,
        kind: feedback.Kind,
        hours_ago: int,
        status: str,
        names_its_attempt: bool,
    ) -> None:
        pk = data.draw(st.sampled_from([pk for pk, mail in self.mails.items() if mail.taken]))
        mail = self.mails[pk]
        generation = data.draw(st.sampled_from(mail.taken)) if names_its_attempt else None
        at = self.began - dt.timedelta(hours=hours_ago)
        feedback.record(Fact(kind, pk, at, "provider", generation=generation, status=status))
        if kind == "bounced":
            mail.note_bounce(BOUNCES[status], at)
            mail.came_back(generation)
            return
        if kind in ("complained", "unsubscribed"):
            mail.leave()
        if kind == "complained":
            mail.complained_at = min(at, mail.complained_at or at)
        if kind == "delivered":
            mail.delivered_at = min(at, mail.delivered_at or at)
        mail.has_it(generation)

    @precondition(lambda self: any(mail.taken for mail in self.mails.values()))
    @rule(data=st.data())
    def use_a_link(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from([pk for pk, mail in self.mails.items() if mail.taken]))
        feedback.used_its_links(pk)
        self.mails[pk].has_it(None)

    # --- what people do

    @rule(data=st.data())
    def unsubscribe(self, data: st.DataObject) -> None:
        reader = data.draw(st.sampled_from(sorted(self.readers)))
        consent.withdraw(
            address=self.readers[reader],
            scope=Suppression.Scope.ALL,
            reason=Suppression.Reason.UNSUBSCRIBED,
            source="link",
        )
        self.left.add(reader)
        for mail in self.mails.values():
            if mail.address == reader:
                mail.leave()

    @precondition(lambda self: self.those(State.UNKNOWN))
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(self.those(State.UNKNOWN)))
        tries = Attempt.objects.filter(delivery=pk)
        if self.status == S.CANCELLED or self.fenced:
            with pytest.raises(IllegalTransition):
                desk.send_again(tries=tries, by=self.by)
        else:
            desk.send_again(tries=tries, by=self.by)
            self.mails[pk].again()

    @precondition(lambda self: self.those(State.UNKNOWN))
    @rule(data=st.data())
    def leave_undecided(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(self.those(State.UNKNOWN)))
        desk.leave(tries=Attempt.objects.filter(delivery=pk), by=self.by)

    @precondition(lambda self: self.status in (S.PAUSED, S.FINISHED) and not self.fenced)
    @rule()
    def retry_what_failed(self) -> None:
        groups = retrying.failed(self.campaign)
        assert sorted(chain.from_iterable(groups.values())) == self.those(
            State.FAILED, State.EXPIRED
        )
        retrying.retry(campaign=self.campaign, by=self.by, reasons=list(retrying.RETRIABLE))
        for why in retrying.RETRIABLE:
            for pk in groups.get(why, ()):
                self.mails[pk].again()

    @rule()
    def release_the_late_lane(self) -> None:
        for lane in self.campaign.releases.filter(status__in=LATE):
            releases.release(release=lane, by=self.by)

    @precondition(lambda self: self.fenced)
    @rule(nothing_left_since=st.booleans())
    def confirm(self, nothing_left_since: bool) -> None:
        fencing.confirm(by=self.by, nothing_left_since=nothing_left_since)
        if not nothing_left_since and self.status in (S.SENDING, S.PAUSED):
            for mail in self.mails.values():
                mail.doubt()

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
            for mail in self.mails.values():
                mail.stop(State.CANCELLED)

    # --- what must hold after each of it

    @invariant()
    def the_ledger_is_right(self) -> None:
        self.look()
        self._it_is_what_the_model_says()
        self._it_agrees_with_the_mail_server()
        self._the_desk_shows_what_is_undecided()
        self._the_words_stay_the_same()
        if self.status == S.FINISHED:
            assert not self.those(State.PENDING, State.ARMED), "I7"

    def _it_is_what_the_model_says(self) -> None:
        """Every row, and with it I1, I3 and I4: nobody is added, lost or moved without a cause."""
        assert self.rows == {pk: mail.row for pk, mail in self.mails.items()}, "the model"

    def _it_agrees_with_the_mail_server(self) -> None:
        for mail in self.mails.values():
            copies = len(mail.taken)
            assert copies <= 1 + mail.wishes, "I2: nobody twice, unless a person wished it"
            assert copies or mail.state != State.ACCEPTED
            if copies and not mail.wishes:
                known = mail.state in (State.ARMED, State.ACCEPTED, State.UNKNOWN)
                assert known or (mail.state == State.FAILED and mail.bounced_at)

    def _the_desk_shows_what_is_undecided(self) -> None:
        shown = Attempt.objects.undecided().order_by("delivery").values_list("delivery", flat=True)
        assert list(shown) == self.those(State.UNKNOWN)

    def _the_words_stay_the_same(self) -> None:
        frozen = self.campaign.releases.exclude(frozen_at=None)
        signed = set(frozen.values_list("signed_version", flat=True))
        assert signed == {self.campaign.content_version_id}, "I6"

    def in_the_end_everything_is_settled(self) -> None:
        """The faults are over and the workers go on: nobody is lost, nothing waits for ever."""
        for worker in self.workers:
            self._lose_session(worker)
        self.dead += self.workers
        self.workers = []
        if self.fenced:
            self.confirm(nothing_left_since=True)
        if self.status == S.PAUSED:
            campaigns.resume(campaign=self.campaign, by=self.by)
        self.release_the_late_lane()
        self.look()
        for _run in range(20):
            self.time_passes_for_what_was_put_off()
            self.tick()
            self.the_ledger_is_right()
            if not (lease := leases.claim(self.campaign)):
                break
            self._send(Worker(lease, [reader.delivery for reader in leases.waiting(lease)]))
        assert self.status in (S.FINISHED, S.CANCELLED)
        assert not self.those(State.PENDING, State.ARMED), "nobody is lost"
        assert ledger.read(self.campaign).balances, "I1"

    def _send(self, worker: Worker) -> None:
        """As a worker does to whom nothing happens."""
        armed = transitions.exchange(worker.lease, (), worker.waiting)
        for pk, generation in armed.items():
            self.mails[pk].arm()
            worker.line[pk] = generation
        for pk in set(worker.waiting) - set(armed):
            assert self.mails[pk].left
            self.mails[pk].stop(State.SUPPRESSED)
        while worker.line:
            self._answered(worker, "taken")
        self._settle(worker.answers)
        leases.finish(worker.lease, sent=0, wait=0)
