"""People of whom nothing is in force are archived, then emptied; never whom anybody needs."""

import datetime as dt
from collections.abc import Callable

import pgtrigger
import pytest
import time_machine
from django.utils import timezone

from campaigns.actions import retention
from crm.actions import consent, notes, people, rights_requests
from crm.models import (
    Address,
    AuditEntry,
    Erasure,
    LegalBasis,
    Membership,
    Person,
    RetentionRun,
    Subscription,
    Suppression,
)
from crm.models.history import history_of
from crm.rules.dates import months_later
from tests.world import World


def at_night(*, months: int) -> None:
    with time_machine.travel(months_later(timezone.now(), months), tick=False):
        retention.carry_out()


def who_left(world: World) -> Person:
    """A follower who followed one topic, and left it."""
    person = world.follower(given="Nora", family="Exemplar")
    assert person.primary
    consent.withdraw(
        address=person.primary.address, scope="topic", topic=world.topic, reason="unsubscribed",
        source="one click", person=person,
    )  # fmt: skip
    return person


def test_a_follower_who_left_is_archived_after_three_years_and_emptied_a_year_later(
    world: World,
) -> None:
    person = who_left(world)
    stays = world.follower()

    at_night(months=35)
    assert not Person.objects.get(pk=person.pk).archived_at
    at_night(months=37)
    archived = Person.objects.get(pk=person.pk)
    assert archived.archived_at
    assert archived.family == "Exemplar"
    assert AuditEntry.objects.filter(verb="archive", noun="person", row_id=person.pk).exists()

    at_night(months=48)
    assert Person.objects.get(pk=person.pk).family == "Exemplar"
    at_night(months=50)
    emptied = Person.objects.get(pk=person.pk)
    assert emptied.erased_at
    assert (emptied.given, emptied.family) == ("", "")
    assert not emptied.addresses.exists()
    assert AuditEntry.objects.filter(verb="empty", noun="person", row_id=person.pk).exists()
    assert not Person.objects.get(pk=stays.pk).archived_at


def test_whoever_was_emptied_left_what_they_left_and_may_come_back_by_their_own_word(
    world: World,
) -> None:
    person = who_left(world)
    assert person.primary
    address = person.primary.address
    at_night(months=37)
    at_night(months=50)

    address = Address.objects.get(pk=address.pk)
    assert address.email
    assert Suppression.objects.standing().filter(address=address, topic=world.topic).exists()
    assert not Suppression.objects.filter(reason="erased").exists()
    assert not Erasure.objects.exists()
    again = people.create(cluster=world.biocat, by=None, kind="follower", email=address.email)
    assert again.primary
    word = consent.Word("Write to me.", "en", "form", network="")
    consent.opt_in(person=again, address=again.primary.address, topic=world.topic, word=word)
    assert again.subscriptions.get().state == Subscription.State.ACTIVE


def test_whom_a_contact_brings_back_is_not_idle(world: World) -> None:
    person = world.person(basis=None, source="")
    former(world, person)
    Person.objects.filter(pk=person.pk).update(created_at=months_later(timezone.now(), -40))
    with pgtrigger.ignore("crm.PersonHistory:append_only"):
        long_ago = months_later(timezone.now(), -37)
        history_of(Person).objects.filter(pgh_obj=person.pk).update(pgh_created_at=long_ago)
    retention.carry_out()
    assert Person.objects.get(pk=person.pk).archived_at

    people.restore(person=Person.objects.get(pk=person.pk), by=world.users["contact_biocat"])
    retention.carry_out()

    assert not Person.objects.get(pk=person.pk).archived_at


def member(world: World, person: Person) -> None:
    """Works at a company that is a member, and nothing else holds."""


def former(world: World, person: Person) -> None:
    Membership.objects.update(standing=Membership.Standing.FORMER)


def noted(world: World, person: Person) -> None:
    former(world, person)
    with time_machine.travel(months_later(timezone.now(), 20), tick=False):
        notes.add(person=person, by=world.users["contact_biocat"], text="Met in Lyon.")


def asking(world: World, person: Person) -> None:
    former(world, person)
    rights_requests.record(
        cluster=world.biocat, by=world.users["contact_biocat"], kind="access",
        received_on=timezone.localdate(), person=person,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "goes"), [(member, False), (former, True), (noted, False), (asking, False)]
)
def test_a_contact_goes_only_if_nobody_has_a_reason_to_know_them(
    world: World, state: Callable[[World, Person], None], goes: bool
) -> None:
    person = world.person()
    LegalBasis.objects.filter(person=person).delete()
    state(world, person)

    at_night(months=38)

    assert (Person.objects.get(pk=person.pk).archived_at is not None) is goes


def test_a_reason_that_is_in_force_keeps_even_whom_a_contact_archived(world: World) -> None:
    person = world.person()
    people.archive(person=person, by=world.users["contact_biocat"])

    at_night(months=60)

    assert not Person.objects.get(pk=person.pk).erased_at


def test_looking_says_how_many_would_go_and_touches_nobody(world: World) -> None:
    person = who_left(world)

    with time_machine.travel(timezone.now() + dt.timedelta(days=1200), tick=False):
        found = {each.rule.name: each.due for each in retention.look()}

    assert found["idle people"] == 1
    assert not Person.objects.get(pk=person.pk).archived_at
    assert not RetentionRun.objects.exists()
