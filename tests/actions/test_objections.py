"""What somebody stopped goes with them to another mailbox, and stops nobody else."""

from typing import Any

import pytest
from django.utils import timezone

from crm.actions import consent, objections, people
from crm.actions.merging import undo
from crm.actions.merging_people import merge
from crm.models import Address, ConsentRecord, Person, Subscription, Suppression
from tests.world import World

OLD, NEW = "ada@old.example", "ada@new.example"


def obstacle(person: Person) -> str:
    row = Person.objects.with_obstacle(timezone.localdate()).get(pk=person.pk)
    return str(vars(row)["obstacle"])


def stop(email: str, scope: str, reason: str = "unsubscribed", **names: Any) -> Suppression:
    address = Address.objects.get(email=email)
    return consent.withdraw(address=address, scope=scope, reason=reason, source="x", **names)


def standing(email: str) -> set[tuple[str, str]]:
    rows = Suppression.objects.standing().filter(address__email=email)
    return {*rows.values_list("scope", "reason")}


def type_in(person: Person, email: str = NEW) -> None:
    """A contact writes down where this person is to be written to from now on."""
    people.change_address(person=person, email=email, by=None)


@pytest.mark.parametrize("scope", ["topic", "cluster", "alliance", "all"])
@pytest.mark.parametrize("reason", ["unsubscribed", "objected", "complaint"])
def test_what_was_stopped_stays_stopped_at_a_mailbox_that_a_contact_typed(
    world: World, scope: str, reason: str
) -> None:
    """Nobody's name stands beside it: it was kept before they were listed, or that is forgotten."""
    reader = world.person(email=OLD)
    names = {"topic": world.topic, "cluster": world.biocat, "alliance": world.alliance}
    stop(OLD, scope, reason, **{name: row for name, row in names.items() if name == scope})

    type_in(reader)

    assert (scope, reason) in standing(NEW)
    proof = ConsentRecord.objects.filter(address__email=NEW, source="change of address").first()
    assert proof
    assert proof.person == reader


def test_what_a_server_or_another_cluster_stopped_stays_behind(world: World) -> None:
    reader = world.person(email=OLD)
    stop(OLD, "all", "hard_bounce")
    stop(OLD, "cluster", cluster=world.biowin)

    type_in(reader)

    assert standing(NEW) == set()


def test_an_objection_by_one_of_several_readers_holds_for_whoever_of_them_moves(
    world: World,
) -> None:
    """Nobody knows who of them it was: rather no mail than one to somebody who objected."""
    ada, bob = world.person(email=OLD), world.person(email=OLD, allow_shared=True)
    stop(OLD, "cluster", "objected", cluster=world.biocat, person=bob)

    type_in(ada)

    assert obstacle(ada) == "objected"


def test_whoever_reads_the_new_mailbox_already_goes_on_reading(world: World) -> None:
    reader, twin = world.person(email=OLD), world.follower(world.biom, email=NEW)
    stop(OLD, "all")
    stop(OLD, "topic", topic=world.topic)

    type_in(reader)

    assert standing(NEW) == {("cluster", "unsubscribed")}
    assert obstacle(reader) == "unsubscribed"
    assert Subscription.objects.get(person=twin).state == "active"
    assert Subscription.objects.get(person=reader, topic=world.topic).state == "left"
    proofs = ConsentRecord.objects.filter(person=reader, topic=world.topic)
    assert [proof.act for proof in proofs] == ["withdrawn"]


@pytest.mark.parametrize("without", ["keep", "drop"])
def test_an_objection_of_a_record_without_a_mailbox_survives_a_merge(
    world: World, without: str
) -> None:
    pair = {side: world.person() for side in ("keep", "drop")}
    pair[without] = world.person(email="")
    objections.record(person=pair[without], source="letter", by=None)

    found = merge(keep=pair["keep"], drop=pair["drop"], by=None)
    assert obstacle(pair["keep"]) == "objected"

    undo(merge=found, by=None)
    assert [obstacle(person) for side, person in pair.items() if side != without] == [""]
    assert objections.stands_for(Person.objects.get(pk=pair[without].pk))


def test_an_objection_to_everybody_is_proved_once_beside_what_stopped_before(world: World) -> None:
    reader = world.person(email=OLD)
    stop(OLD, "all", "hard_bounce")

    for _twice in range(3):
        stop(OLD, "cluster", "objected", cluster=world.biocat, person=reader)
        stop(OLD, "all", "objected", person=reader)

    proofs = ConsentRecord.objects.filter(act="objected").order_by("pk")
    assert [proof.cluster for proof in proofs] == [world.biocat, None]
    assert objections.stands_for(reader)


# --- the mailbox that was left


def test_a_second_word_at_the_old_mailbox_is_heard_at_the_new_one(world: World) -> None:
    """The old one is stopped already: by somebody who had it in between, and has it no longer."""
    reader = world.person(email=OLD)
    type_in(reader)
    between = world.person(email=OLD, allow_shared=True)
    stop(OLD, "cluster", cluster=world.biocat)
    assert standing(NEW) == set()
    type_in(between, "bob@new.example")

    stop(OLD, "cluster", cluster=world.biocat)

    assert standing(NEW) == {("cluster", "unsubscribed")}


def test_a_topic_that_is_left_there_by_a_successor_is_left_by_nobody_else(world: World) -> None:
    reader = world.follower(email=OLD)
    type_in(reader)
    successor = world.follower(email=OLD, allow_shared=True)

    stop(OLD, "topic", topic=world.topic)

    assert Subscription.objects.get(person=successor).state == "left"
    assert Subscription.objects.get(person=reader).state == "active"
