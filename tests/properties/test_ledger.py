"""Fault 14: any order of steps and faults, and proof that the machine would see a broken ledger."""

from collections.abc import Callable, Collection
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from campaigns.actions import feedback, fencing, leases, transitions
from campaigns.models import Campaign
from tests.properties.machine import Sending
from tests.world import World

STEPS = [
    "tick",
    "sweep",
    "claim",
    "arm",
    "answer",
    "give_back",
    "kill",
    "the_database_ends_a_session",
    "stop_past_the_lease",
    "wake_up_and_go_on",
    "repeat_an_answer",
    "time_passes_for_what_was_put_off",
    "three_days_pass",
    "an_older_heartbeat",
    "hear",
    "use_a_link",
    "unsubscribe",
    "send_again",
    "leave_undecided",
    "retry_what_failed",
    "release_the_late_lane",
    "confirm",
    "pause",
    "resume",
    "cancel",
]


def run(campaign: Campaign, world: World, *, steps: Collection[str] = ()) -> None:
    """Play stories of all steps; or of these alone, the same ones every time."""

    class OfThisWorld(Sending):
        def __init__(self) -> None:
            super().__init__(Campaign.objects.get(pk=campaign.pk), world.users["coordinator"])

    for name in STEPS if steps else ():
        if name not in steps:
            setattr(OfThisWorld, name, _no_step(name))

    run_state_machine_as_test(
        OfThisWorld,
        settings=settings(
            max_examples=30,
            stateful_step_count=20 if steps else 50,
            deadline=None,
            database=None,
            derandomize=bool(steps),
            phases=[Phase.generate],  # making a failure smaller takes minutes on a real database
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _no_step(name: str) -> Callable[..., None]:
    """The same method, which Hypothesis does not take for a step any more."""

    def method(self: Sending, **values: Any) -> None:
        getattr(super(type(self), self), name)(**values)

    return method


def test_whatever_happens_in_whatever_order_nobody_is_lost_and_nobody_mailed_twice(
    campaign: Campaign, world: World
) -> None:
    """Fault 14: Hypothesis over all transitions and faults."""
    run(campaign, world)


class Broken(NamedTuple):
    """A statement of the product that lacks something, and the steps in which that shows."""

    module: ModuleType
    statement: str
    lacks: str
    steps: str
    has: str = ""


BROKEN = {
    "arms after its lease": Broken(
        transitions,
        "EXCHANGE",
        "AND b.lease_until > clock_timestamp()",
        "claim stop_past_the_lease arm",
    ),
    "arms what another has leased": Broken(
        transitions,
        "EXCHANGE",
        "AND b.owner = %(owner)s AND b.generation = %(batch_generation)s",
        "claim stop_past_the_lease sweep arm",
    ),
    "arms while paused": Broken(
        transitions, "EXCHANGE", "AND c.status = 'sending'", "claim pause arm"
    ),
    "arms behind the fence": Broken(
        transitions,
        "EXCHANGE",
        "i.epoch = c.fence_epoch AND i.fenced_at IS NULL",
        "claim an_older_heartbeat arm",
        has="true",
    ),
    "lets what is undecided wait again": Broken(
        transitions, "TAKE_BACK", "SET state = 8", "claim arm kill sweep", has="SET state = 1"
    ),
    "tries for ever": Broken(
        transitions,
        "REQUEUE",
        "d.first_tried_at <",
        "claim arm answer three_days_pass time_passes_for_what_was_put_off tick",
        has="now() <",
    ),
    "lets a quick bounce outweigh the answer": Broken(
        transitions, "SETTLE", "OR d.state = 4 AND a.state = 3", "claim arm answer hear give_back"
    ),
    "leases what is leased": Broken(leases, "CLAIM", "AND b.lease_until IS NULL", "claim arm"),
    "does not doubt in a copy": Broken(
        fencing,
        "DOUBT",
        "AND d.state IN (1, 2)",
        "claim arm an_older_heartbeat confirm",
        has="AND d.state = 2",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_machine_sees_a_ledger_that(
    name: str, campaign: Campaign, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, statement, lacks, steps, has = BROKEN[name]
    whole = getattr(module, statement)
    assert lacks in whole
    monkeypatch.setattr(module, statement, whole.replace(lacks, has))
    with pytest.raises(AssertionError):
        run(campaign, world, steps=steps.split())


def test_the_machine_sees_that_the_last_fact_told_counts(
    campaign: Campaign, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "Least", lambda _before, told: told)
    with pytest.raises(AssertionError):
        run(campaign, world, steps=("claim", "arm", "answer", "hear"))


def test_the_machine_sees_a_withdrawal_that_stops_nothing(campaign: Campaign, world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE crm_suppression DISABLE TRIGGER USER")
    with pytest.raises(AssertionError):
        run(campaign, world, steps=("claim", "unsubscribe"))
