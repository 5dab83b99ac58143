"""What comes back about a delivery: one final state, whatever the order."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from campaigns.actions import explaining, feedback, leases, ledger, transitions
from campaigns.actions.feedback import Fact
from campaigns.actions.transitions import Answer
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Attempt, Batch, BounceClass, Delivery
from crm.models import Address, Suppression
from tests.world import World

State = Delivery.State
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)


def one(world: World, state: int = State.UNKNOWN, generation: int = 1, **values: Any) -> Delivery:
    """A delivery that was tried, in a campaign under way."""
    world.person(**values)
    world.call()
    delivery = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=delivery.pk).update(state=state, generation=generation)
    delivery.refresh_from_db()
    return delivery


def tell(delivery: Delivery, kind: feedback.Kind, **values: Any) -> Delivery:
    """Record a fact, and read the delivery again."""
    values = {"at": NOON, "source": "a test", **values}
    feedback.record(Fact(kind, delivery.pk, **values))
    return Delivery.objects.get(pk=delivery.pk)


def left_behind(delivery: Delivery) -> tuple[Any, ...]:
    """Everything that facts may change."""
    address = Address.objects.get(pk=delivery.address_id)
    return (
        Delivery.objects.values_list(
            "state", "delivered_at", "bounced_at", "bounce_class", "complained_at", "reply"
        ).get(pk=delivery.pk),
        {*address.suppressions.values_list("scope", "reason", "lifted_at")},
        address.undeliverable_at is None,
    )


@pytest.mark.parametrize(
    "kind", ["accepted", "delivered", "deferred", "complained", "unsubscribed"]
)
def test_whoever_has_an_undecided_mail_was_sent_it(world: World, kind: feedback.Kind) -> None:
    assert tell(one(world), kind).state == State.ACCEPTED


def test_an_undecided_mail_that_bounces_has_failed(world: World) -> None:
    delivery = tell(one(world), "bounced", status="5.3.0", text="Sorry")

    assert delivery.state == State.FAILED
    assert (delivery.bounced_at, delivery.bounce_class) == (NOON, BounceClass.OTHER)
    assert delivery.reply == "5.3.0 Sorry"
    assert ledger.read(delivery.campaign).balances


def test_an_accepted_mail_that_bounces_later_stays_accepted(world: World) -> None:
    delivery = tell(one(world, State.ACCEPTED), "bounced", status="5.2.2")

    assert (delivery.state, delivery.outcome) == (State.ACCEPTED, "bounced")


def test_a_mail_on_the_line_is_settled_by_what_the_provider_says_of_this_attempt(
    world: World,
) -> None:
    delivery = one(world, State.ARMED, generation=2)

    assert tell(delivery, "bounced", status="5.2.2").state == State.ARMED
    assert tell(delivery, "delivered", generation=2).state == State.ACCEPTED


@pytest.mark.parametrize("state", [State.ARMED, State.UNKNOWN])
@pytest.mark.parametrize("kind", ["delivered", "bounced"])
def test_a_fact_of_an_older_attempt_counts_but_does_not_settle_the_present_one(
    world: World, state: int, kind: feedback.Kind
) -> None:
    delivery = tell(one(world, state, generation=2), kind, generation=1)

    assert delivery.state == state
    assert delivery.delivered_at or delivery.bounced_at


def test_a_mail_that_waits_for_another_try_is_not_sent_to_somebody_who_has_it(
    world: World,
) -> None:
    delivery = tell(one(world, State.PENDING, generation=1), "delivered", generation=1)

    assert delivery.state == State.ACCEPTED


def test_nothing_is_known_of_a_mail_that_was_never_tried(world: World) -> None:
    delivery = tell(one(world, State.PENDING, generation=0), "delivered")

    assert delivery.state == State.PENDING


def test_a_servers_own_refusal_is_final(world: World) -> None:
    delivery = one(world, State.FAILED)
    Attempt.objects.create(
        delivery=delivery, generation=1, phase="rcpt", code=550, text="No", outcome="failed"
    )

    assert tell(delivery, "delivered").state == State.FAILED


def test_a_fact_about_somebody_elses_delivery_changes_nothing(world: World) -> None:
    delivery = one(world)
    before = left_behind(delivery)

    feedback.record(Fact("bounced", delivery.pk + 1000, NOON, "a test", status="5.1.1"))

    assert left_behind(delivery) == before


# --- bounces


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.10"])
def test_a_mailbox_that_does_not_exist_is_never_written_to_again(world: World, status: str) -> None:
    delivery = tell(one(world), "bounced", status=status)

    suppression = delivery.address.suppressions.get()
    assert (suppression.scope, suppression.reason) == ("all", "hard_bounce")
    assert delivery.address.undeliverable_at == NOON


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.2.2", "4.4.7", "5.3.4", ""])
def test_other_bounces_suppress_nobody_at_once(world: World, status: str) -> None:
    delivery = tell(one(world), "bounced", status=status, text="550 No such user")

    assert not delivery.address.suppressions.exists()
    assert delivery.address.undeliverable_at is None


def full(world: World, days: list[int], status: str = "5.2.2") -> Address:
    """Campaigns to one person, on these days, that found their mailbox full."""
    delivery = one(world)
    campaign = delivery.campaign
    for day in days:
        campaign.pk, campaign.ref = None, f"{delivery.pk}-on-day-{day}"
        campaign.save()
        delivery.pk, delivery.campaign = None, campaign
        delivery.save()
        for _time in range(2):
            tell(delivery, "bounced", status=status, at=NOON + dt.timedelta(days=day))
    return Address.objects.get(pk=delivery.address_id)


@pytest.mark.parametrize("status", ["5.2.2", "4.4.7"])
def test_a_full_mailbox_is_given_up_after_three_campaigns_in_thirty_days(
    world: World, status: str
) -> None:
    assert full(world, [20, 10, 0], status).undeliverable_at is not None


def test_a_mailbox_that_is_full_now_and_then_is_kept(world: World) -> None:
    assert full(world, [0, 10, 31, 41]).undeliverable_at is None


def test_three_campaigns_with_5_7_are_our_fault_and_condemn_nobody(world: World) -> None:
    address = full(world, [0, 1, 2], "5.7.1")

    assert not address.suppressions.exists()


@pytest.mark.parametrize("phase", ["compose", "sandbox", "smtputf8", "connect"])
def test_our_own_trouble_with_a_mail_is_no_bounce(world: World, phase: str) -> None:
    delivery = one(world, State.FAILED)

    feedback.refused(delivery=delivery, reply="5.1.1 not even asked", phase=phase)

    delivery.refresh_from_db()
    assert (delivery.bounced_at, delivery.bounce_class) == (None, None)


def test_a_refused_sender_says_nothing_about_the_reader(world: World) -> None:
    delivery = one(world, State.FAILED)

    feedback.refused(delivery=delivery, reply="5.1.1 Sender unknown", phase="mail", code=550)

    delivery.refresh_from_db()
    assert delivery.bounce_class == BounceClass.OTHER
    assert not delivery.address.suppressions.exists()


# --- complaints and leaving


def test_a_complaint_stops_everything_of_that_controller(world: World) -> None:
    delivery = tell(one(world, State.ACCEPTED), "complained")

    suppression = delivery.address.suppressions.get()
    assert (suppression.scope, suppression.cluster) == ("cluster", world.biocat)
    assert (delivery.complained_at, delivery.outcome) == (NOON, "marked as spam")


def test_leaving_by_the_provider_takes_the_topic(world: World) -> None:
    delivery = tell(one(world, State.ACCEPTED), "unsubscribed")

    suppression = delivery.address.suppressions.get()
    assert suppression.reason == Suppression.Reason.UNSUBSCRIBED
    assert suppression.scope == ("topic" if delivery.campaign.topic else "cluster")


@pytest.mark.parametrize("kind", ["bounced", "complained", "unsubscribed"])
def test_an_old_fact_told_again_does_not_undo_a_readers_return(
    world: World, kind: feedback.Kind
) -> None:
    delivery = one(world)
    tell(delivery, kind, status="5.1.1")
    Suppression.objects.update(lifted_at=timezone.now())

    tell(delivery, kind, status="5.1.1")

    assert not Suppression.objects.standing().exists()


# --- every order


SIX = [
    Fact("accepted", 0, NOON, "a test"),
    Fact("deferred", 0, NOON + dt.timedelta(minutes=1), "a test", status="4.2.1"),
    Fact("delivered", 0, NOON + dt.timedelta(minutes=2), "a test"),
    Fact("bounced", 0, NOON + dt.timedelta(minutes=3), "a test", status="5.1.1", text="Gone"),
    Fact("complained", 0, NOON + dt.timedelta(minutes=4), "a test"),
    Fact("unsubscribed", 0, NOON + dt.timedelta(minutes=5), "a test"),
]


def of(delivery: Delivery, fact: Fact) -> Fact:
    return Fact(
        fact.kind, delivery.pk, fact.at, fact.source, fact.generation, fact.status, fact.text
    )


def walk(delivery: Delivery, told: frozenset[Fact], ends: dict[frozenset[Fact], Any]) -> None:
    """Tell every fact after every set of others, and compare what different ways leave behind.

    Where any two ways to the same set meet in the same state, no order of the six differs.
    """
    for fact in set(SIX) - told:
        with transaction.atomic():
            feedback.record(of(delivery, fact))
            end, now = left_behind(delivery), told | {fact}
            if now not in ends:
                ends[now] = end
                walk(delivery, now, ends)
            assert end == ends[now]
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.ARMED, State.ACCEPTED])
def test_every_order_of_six_facts_gives_one_final_state(world: World, state: int) -> None:
    """Fault 12: every order of six events gives one final state."""
    delivery = one(world, state)
    ends: dict[frozenset[Fact], Any] = {}

    walk(delivery, frozenset(), ends)

    assert len(ends) == 2**6 - 1
    assert ends[frozenset(SIX)][0][0] == State.ACCEPTED


class Tried:
    """A mail on the line of a worker, in one attempt, and everything that may happen to it."""

    def __init__(self, world: World, generation: int) -> None:
        world.person()
        lease = leases.claim(world.call())
        assert lease
        self.lease = lease
        self.delivery = Delivery.objects.get()
        Delivery.objects.update(generation=generation - 1)
        self.generation = transitions.arm(lease, [self.delivery.pk])[self.delivery.pk]

    def happens(self, event: Any) -> None:
        if event in ANSWERS:
            answer = Answer(self.delivery.pk, self.generation, ANSWERS[event])
            if event == "taken, and the next is armed":
                transitions.exchange(self.lease, [answer], [])
            else:
                transitions.settle([answer])
        elif event == "the worker dies":
            Batch.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
            transitions.take_back()
        else:
            # A bounce mail does not say which attempt it is of: then it is of the first.
            names = None if self.generation == 1 else self.generation
            tell(self.delivery, event, generation=names, status="5.3.0", text="Sorry")

    def orders(
        self, events: tuple[str, ...], before: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        """Every order of some or all of these events, and what it leaves behind."""
        for event in [event for event in events if event not in before]:
            with transaction.atomic():
                self.happens(event)
                order = (*before, event)
                yield order, left_behind(self.delivery)
                yield from self.orders(events, order)
                transaction.set_rollback(True)


ANSWERS = {
    "taken": Outcome(End.ACCEPTED, "dot", 250, "OK"),
    "taken, and the next is armed": Outcome(End.ACCEPTED, "dot", 250, "OK"),
    "cut": Outcome(End.UNKNOWN, "dot", None, "The connection broke"),
}


@pytest.mark.parametrize("generation", [1, 2])
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_a_death_and_what_comes_back_in_any_order_give_one_final_state(
    world: World, answer: str, generation: int
) -> None:
    """Fault 12: also where the bounce is quicker than the mail server's own answer."""
    tried = Tried(world, generation)
    ends: dict[frozenset[str], Any] = {}

    for order, ((state, *facts, reply), *address) in tried.orders(
        (answer, "bounced", "delivered", "complained", "the worker dies")
    ):
        told = frozenset(order)
        said = reply if "bounced" in told else ""  # a bounce says more than the server or we did
        end = state, facts, said, address
        assert ends.setdefault(told, end) == end, order
        if "bounced" in told:
            has_it = told - {"bounced", "the worker dies", "cut"}
            assert state == (State.ACCEPTED if has_it else State.FAILED), order
    assert len(ends) == 2**5 - 1


@pytest.mark.parametrize("state", [State.ARMED, State.UNKNOWN])
def test_a_bounce_of_the_first_attempt_told_again_does_not_decide_a_later_one(
    world: World, state: int
) -> None:
    delivery = tell(one(world), "bounced", status="5.3.0")
    Delivery.objects.update(state=state, generation=2)

    assert tell(delivery, "bounced", status="5.3.0").state == state


FACTS = st.builds(
    Fact,
    kind=st.sampled_from([fact.kind for fact in SIX]),
    delivery_id=st.just(0),
    at=st.integers(1, 10**6).map(lambda n: NOON + dt.timedelta(seconds=n)),
    source=st.just("a test"),
    generation=st.sampled_from([None, 1, 2]),
    status=st.sampled_from(["", "5.1.1", "5.2.2", "5.7.1"]),
)


def test_any_facts_in_any_order_told_any_number_of_times_end_alike(world: World) -> None:
    """Fault 12: also with several of a kind, of several attempts, and a late or no settle."""
    delivery = one(world, generation=2)

    @given(
        facts=st.lists(FACTS, max_size=5, unique_by=lambda fact: fact.at),
        state=st.sampled_from([State.ARMED, State.UNKNOWN, State.ACCEPTED]),
        data=st.data(),
    )
    @settings(max_examples=50, deadline=None, phases=(Phase.explicit, Phase.generate))
    def end_alike(facts: list[Fact], state: int, data: st.DataObject) -> None:
        order = data.draw(st.permutations(facts + facts))
        assert after(delivery, state, facts) == after(delivery, state, order)

    end_alike()


def after(delivery: Delivery, state: int, facts: list[Fact]) -> tuple[Any, ...]:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
        for fact in facts:
            feedback.record(of(delivery, fact))
        end = left_behind(delivery)
        transaction.set_rollback(True)
    return end


def test_explain_says_what_came_back(world: World) -> None:
    delivery = one(world, email="somebody@sme.example")
    tell(delivery, "delivered")
    tell(delivery, "bounced", at=NOON + dt.timedelta(hours=1), status="5.2.2", text="Full")
    tell(delivery, "complained", at=NOON + dt.timedelta(hours=2))

    sentences = explaining.explain(text="somebody@sme.example", campaign=delivery.campaign)

    assert "Delivered to the mailbox, 2026-05-03 12:00:00 UTC." in sentences
    assert "Bounced, 2026-05-03 13:00:00 UTC: the mailbox does not take mail now." in sentences
    assert "Marked as spam by the reader, 2026-05-03 14:00:00 UTC." in sentences
