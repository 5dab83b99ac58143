"""Ledgers broken where chance seldom looks: for each the short story in which it shows.

A story is a sequence of the machine's own steps, with its own look at the ledger after each. It
ends well on the ledger as it is, and not on the broken one.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import find, settings
from hypothesis.strategies import SearchStrategy

from campaigns.actions import feedback, transitions
from campaigns.models import Campaign
from campaigns.models.deliveries import WITHDRAWN
from tests.properties.machine import Sending
from tests.world import World


class TheFirst:
    """Where a step may choose: the worker who came first, the first mail."""

    def draw(self, choice: SearchStrategy[Any]) -> Any:
        return find(choice, lambda _value: True, settings=settings(database=None))


class Its(NamedTuple):
    """Where a step may choose: this one."""

    choice: Any

    def draw(self, _choice: SearchStrategy[Any]) -> Any:
        return self.choice


class Story:
    """Steps of the machine, told one by one; most of them are of the first mail and its worker."""

    def __init__(self, machine: Sending) -> None:
        self.machine = machine

    def __call__(self, step: str, **values: Any) -> None:
        getattr(self.machine, step)(**values)
        self.machine.the_ledger_is_right()

    def a_mail_leaves(self) -> None:
        self("claim", arms_at_once=False)
        self("arm", data=TheFirst(), size=1)

    def is_answered(self, end: str) -> None:
        self("answer", data=TheFirst(), end=end)

    def the_batch_comes_back(self) -> None:
        self("give_back", data=TheFirst())

    def a_second_copy_waits(self) -> None:
        """The first one arrived, which nobody knows, and a person wished another."""
        self.a_mail_leaves()
        self.is_answered("cut, and taken")
        self("send_again", data=TheFirst())
        self.the_batch_comes_back()

    def two_workers_have_it(self) -> None:
        """The first was taken for dead, a person wished another, and the first goes on."""
        self.a_mail_leaves()
        self("stop_past_the_lease", data=TheFirst())
        self("sweep")
        self("send_again", data=TheFirst())
        self("claim", arms_at_once=True)

    def is_told(self, kind: str, *, of_the_first_attempt: bool = True) -> None:
        values = {"hours_ago": 1, "status": "5.6.0", "names_its_attempt": of_the_first_attempt}
        self("hear", data=TheFirst(), kind=kind, **values)


def who_has_the_mail_gets_no_second_copy(story: Story) -> None:
    story.a_second_copy_waits()
    story("claim", arms_at_once=False)
    story.is_told("delivered")
    story("arm", data=TheFirst(), size=1)


def who_leaves_while_the_mail_is_put_off_gets_none(story: Story) -> None:
    story.a_mail_leaves()
    (pk,) = story.machine.workers[0].line
    story("unsubscribe", data=Its(story.machine.mails[pk].address))
    story.is_answered("put off")
    story.the_batch_comes_back()
    story("time_passes_for_what_was_put_off")
    story("tick")
    story.a_mail_leaves()


def what_never_left_is_sent_although_its_batch_is_over(story: Story) -> None:
    """The server was silent for longer than a lease; meanwhile others sent the rest."""
    story.a_mail_leaves()
    story("stop_past_the_lease", data=TheFirst())
    story("sweep")
    machine = story.machine
    for _batch in range(10):
        before = len(machine.workers)
        story("claim", arms_at_once=False)
        if len(machine.workers) == before:
            break
        worker = machine.workers[-1]
        for _mail in [*worker.waiting]:
            story("arm", data=Its(worker), size=1)
            story("answer", data=Its(worker), end="taken")
        story("give_back", data=Its(worker))
    story("tick")
    story.is_answered("never begun")


def an_old_answer_settles_nothing(story: Story) -> None:
    story.two_workers_have_it()
    story.is_answered("put off")


def an_old_acceptance_settles_nothing(story: Story) -> None:
    story.two_workers_have_it()
    story.is_answered("taken")
    story("arm", data=TheFirst(), size=1)


def a_delivery_of_the_first_copy_does_not_settle_the_second(story: Story) -> None:
    story.a_second_copy_waits()
    story.a_mail_leaves()
    story.is_told("delivered")


def a_bounce_of_the_first_copy_does_not_settle_the_second(story: Story) -> None:
    story.a_second_copy_waits()
    story.a_mail_leaves()
    story.is_told("bounced")


def a_bounce_without_its_attempt_does_not_settle_the_second(story: Story) -> None:
    story.a_second_copy_waits()
    story.a_mail_leaves()
    story.is_told("bounced", of_the_first_attempt=False)


def an_acceptance_outweighs_a_quicker_bounce(story: Story) -> None:
    story.a_mail_leaves()
    story.is_answered("taken")
    story.is_told("bounced")
    story("arm", data=TheFirst(), size=1)


class Broken(NamedTuple):
    """A story, and the statement without which it ends badly."""

    story: Callable[[Story], None]
    module: ModuleType
    statement: str
    lacks: str
    has: str = ""


OF_THIS_ANSWER = "d.generation = a.generation AND "

BROKEN = {
    "arms what does not wait": Broken(
        who_has_the_mail_gets_no_second_copy,
        transitions,
        "EXCHANGE",
        "ANY(%(ids)s::bigint[]) AND d.state = 1",
        has="ANY(%(ids)s::bigint[])",
    ),
    "arms for readers who left": Broken(
        who_leaves_while_the_mail_is_put_off_gets_none,
        transitions,
        "EXCHANGE",
        f"{WITHDRAWN} OR",
        has="false OR",
    ),
    "forgets what never left": Broken(
        what_never_left_is_sent_although_its_batch_is_over,
        transitions,
        "QUEUE_WAITING",
        "WHERE d.state = 1 AND",
        has="WHERE d.id < 0 AND",
    ),
    "leaves closed what waits again": Broken(
        what_never_left_is_sent_although_its_batch_is_over,
        transitions,
        "REOPEN",
        "status IN ('sending', 'done')",
        has="status = 'sending'",
    ),
    "takes any attempt's answer": Broken(
        an_old_answer_settles_nothing, transitions, "SETTLE", OF_THIS_ANSWER
    ),
    "takes any attempt's acceptance": Broken(
        an_old_acceptance_settles_nothing, transitions, "EXCHANGE", OF_THIS_ANSWER
    ),
    "takes any attempt's delivery": Broken(
        a_delivery_of_the_first_copy_does_not_settle_the_second,
        feedback,
        "HAS_IT",
        "AND (d.state NOT IN (2, 4, 8) OR f.generation IS NULL OR d.generation = f.generation)",
    ),
    "takes any attempt's bounce": Broken(
        a_bounce_of_the_first_copy_does_not_settle_the_second,
        feedback,
        "CAME_BACK",
        "AND coalesce(f.generation, 1) = d.generation",
    ),
    "takes a bounce for one of the last attempt": Broken(
        a_bounce_without_its_attempt_does_not_settle_the_second,
        feedback,
        "CAME_BACK",
        "coalesce(f.generation, 1)",
        has="coalesce(f.generation, d.generation)",
    ),
    "lets a quick bounce outweigh the answer": Broken(
        an_acceptance_outweighs_a_quicker_bounce,
        transitions,
        "EXCHANGE",
        "IN (2, 4, 8)",
        has="IN (2, 8)",
    ),
}


def tell(story: Callable[[Story], None], campaign: Campaign, world: World) -> None:
    machine = Sending(campaign, world.users["coordinator"])
    try:
        story(Story(machine))
        machine.in_the_end_everything_is_settled()
    finally:
        transaction.savepoint_rollback(machine.before)


@pytest.mark.parametrize("name", BROKEN)
def test_a_story_shows_a_ledger_that(
    name: str, campaign: Campaign, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, module, statement, lacks, has = BROKEN[name]
    whole = getattr(module, statement)
    assert lacks in whole

    tell(story, campaign, world)
    monkeypatch.setattr(module, statement, whole.replace(lacks, has))
    with pytest.raises(AssertionError):
        tell(story, campaign, world)
