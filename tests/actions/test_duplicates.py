"""Duplicates are found in the background, one cluster at a time, and decided by its people."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crm.actions import comparing, duplicates, merging, merging_people, organisations, people
from crm.actions.errors import IllegalTransition
from crm.models import Duplicate, DuplicateSearch, Membership, OrganisationName, Person, Position
from tests.world import World


def pairs(noun: str = "person", **conditions: object) -> list[tuple[int, int]]:
    found = Duplicate.objects.filter(noun=noun, **conditions)
    return list(found.values_list("first", "second"))


def look(world: World) -> None:
    duplicates.look_for(cluster_id=world.biocat.pk)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"given": "Anna", "family": "Rossi"}, {"given": "Rossi", "family": "Anna"}),
        ({"given": "Anna", "family": "Rossi"}, {"given": "A.", "family": "Rossi"}),
        ({"given": "Ana", "family": "Gonzales"}, {"given": "Ana", "family": "González"}),
        (
            {"given": "Kristina", "family": "Müller", "phone": "+49 89 123 456"},
            {"given": "Cristina", "family": "Müller", "phone": "089123456"},
        ),
        (
            {"given": "Anna", "family": "Rossi", "email": "anna.rossi@a.example"},
            {"given": "", "family": "", "email": "annarossi@a.example"},
        ),
    ],
)
def test_likely_pairs_are_proposed_with_score_and_reasons(
    world: World, one: dict[str, Any], two: dict[str, Any]
) -> None:
    place = world.organisation(world.biocat)
    first, second = (
        world.person(world.biocat, organisation=place, **({"email": ""} | values))
        for values in (one, two)
    )
    for _other in range(5):
        world.person(organisation=place)

    look(world)

    row = Duplicate.objects.get(noun="person")
    assert (row.first, row.second, row.state) == (first.pk, second.pk, "open")
    assert row.score >= 75
    assert row.reasons


def test_who_goes_while_people_are_compared_is_proposed_to_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As whoever takes an import back may do: pairs of nobody would stay for ever."""
    for _n in range(2):
        world.person(given="Anna", family="Rossi", email="", basis=None, source="")
    _first, second = Person.objects.order_by("pk")
    compare = comparing.compare_people

    def compare_slowly(candidates: list[comparing.Pair]) -> object:
        compared = list(compare(candidates))
        Position.objects.filter(person=second).delete()
        Person.objects.filter(pk=second.pk).delete()
        return compared

    monkeypatch.setattr(duplicates, "compare_people", compare_slowly)
    look(world)

    assert pairs() == []


def test_former_names_and_domains_bring_organisations_together(world: World) -> None:
    merial = world.organisation(world.biocat, legal_name="Boehringer Animal Health SAS")
    OrganisationName.objects.create(organisation=merial, name="Merial", folded="merial")
    again = world.organisation(world.biocat, legal_name="Merial SpA")
    novamed = world.organisation(world.biocat, legal_name="Novamedica SL", city="Girona")
    typo = world.organisation(world.biocat, legal_name="Novamedika S.L.U.", city="Girona")
    park = world.organisation(
        world.biocat, legal_name="Alba Park Foundation", website="https://www.alba.example"
    )
    short = world.organisation(
        world.biocat, legal_name="Alba Institute", website="https://alba.example/en"
    )

    look(world)

    assert set(pairs("organisation")) == {
        (merial.pk, again.pk),
        (novamed.pk, typo.pk),
        (park.pk, short.pk),
    }


def test_the_twin_in_another_cluster_is_never_part_of_a_pair(world: World) -> None:
    both = world.organisation(world.biocat, legal_name="Twin Works SL")
    Membership.objects.create(organisation=both, cluster=world.biom)
    world.organisation(world.biom, legal_name="Twin Works GmbH")
    for cluster in (world.biocat, world.biom):
        world.person(cluster, given="Robin", family="Twin", email="robin@twin.example")

    look(world)
    duplicates.look_for(cluster_id=world.biowin.pk)
    assert not Duplicate.objects.exists()

    duplicates.look_for(cluster_id=world.biom.pk)
    assert pairs("person") == []
    assert set(Duplicate.objects.values_list("cluster", flat=True)) == {world.biom.pk}


def twins(world: World) -> tuple[Person, Person]:
    place = world.organisation(world.biocat)
    first, second = (
        world.person(given="Anna", family="Rossi", email="", organisation=place)
        for _once in range(2)
    )
    return first, second


def test_only_pairs_with_the_asked_ones_are_looked_for(world: World) -> None:
    twins(world)
    newcomer = world.person(given="Rossi", family="Anna", email="")

    found = duplicates.look_for(cluster_id=world.biocat.pk, people_ids=[newcomer.pk])

    assert found == 2
    assert {newcomer.pk} <= set(pairs()[0]) & set(pairs()[1])


def test_what_was_dismissed_is_never_proposed_again(world: World) -> None:
    twins(world)
    look(world)
    row = Duplicate.objects.get()

    duplicates.dismiss(duplicate=row, by=world.users["contact_biocat"])
    duplicates.dismiss(duplicate=row, by=world.users["contact_biocat"])
    look(world)

    row = Duplicate.objects.get()
    assert (row.state, row.by) == ("dismissed", world.users["contact_biocat"])
    duplicates.reopen(duplicate=row, by=None)
    assert Duplicate.objects.open().exists()


def test_a_merged_pair_is_decided_and_open_again_when_it_is_undone(world: World) -> None:
    first, second = twins(world)
    look(world)
    found = merging_people.merge(keep=first, drop=second, by=None)
    look(world)

    row = Duplicate.objects.get()
    assert row.state == "merged"
    for decide in (duplicates.dismiss, duplicates.reopen):
        with pytest.raises(IllegalTransition, match="merged"):
            decide(duplicate=row, by=None)
    merging.undo(merge=found, by=None)
    assert Duplicate.objects.open().exists()


def test_a_proposal_that_no_longer_holds_is_taken_back(world: World) -> None:
    _first, second = twins(world)
    look(world)
    people.edit(person=second, by=None, version=1, given="Marco", family="Bianchi")

    look(world)

    assert not Duplicate.objects.exists()


def test_archived_records_are_in_no_proposal(world: World) -> None:
    _first, second = twins(world)
    one, two = (world.organisation(world.biocat, legal_name=f"Vif {f}") for f in ("SL", "SA"))
    people.archive(person=second, by=None)
    organisations.archive(organisation=two, by=None)

    look(world)

    assert not Duplicate.objects.exists()
    assert one.pk


# --- when it is due


def test_new_records_are_looked_at_soon_and_everything_once_a_night(world: World) -> None:
    now = timezone.now()
    assert duplicates.look_due(now=now) == 3  # each cluster for the first time
    assert duplicates.look_due(now=now) == 0

    first, second = twins(world)
    assert duplicates.look_due(now=now) == 1
    assert pairs() == [(first.pk, second.pk)]

    assert duplicates.look_due(now=now) == 0
    assert duplicates.look_due(now=now + dt.timedelta(days=1)) == 3


def test_a_cluster_asks_to_be_looked_at(world: World) -> None:
    now = timezone.now()
    duplicates.look_due(now=now)

    duplicates.ask(cluster_id=world.biocat.pk, at=now)

    assert duplicates.look_due(now=now) == 1
    assert DuplicateSearch.objects.get(cluster=world.biocat).due_at > now


def test_a_worker_that_stops_leaves_the_rest_to_the_next(world: World) -> None:
    assert duplicates.look_due(stop=lambda: True) == 0
    assert duplicates.look_due() == 3
