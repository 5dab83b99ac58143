"""The worklist of possible duplicates on the screens."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.actions import duplicates, people
from crm.models import Cluster, Duplicate, Person
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    """The alliance whose clusters share differently."""
    return worlds.build()


def twins(world: World, cluster: Cluster | None = None) -> tuple[Person, Person]:
    cluster = cluster or world.biocat
    place = world.organisation(cluster)
    first, second = (
        world.person(cluster, given=given, family="Rossi", email="", organisation=place)
        for given in ("Anna", "A.")
    )
    duplicates.look_for(cluster_id=cluster.pk)
    return first, second


def listed(client: Client, nouns: str = "people", **data: str) -> str:
    response = client.get(reverse("crm:duplicates-list", args=[nouns]), data)
    assert response.status_code == 200
    return response.content.decode()


def test_a_pair_stands_side_by_side_with_its_reasons(world: World, as_contact: Client) -> None:
    first, second = twins(world)

    body = listed(as_contact)

    for text in ("Anna Rossi", "A. Rossi", "similar name", "same organisation", "1 pair"):
        assert text in body, text
    assert reverse("crm:merges-person", args=[first.pk, second.pk]) in body
    empty = listed(as_contact, "organisations")
    assert "Nothing looks like a duplicate" in empty
    assert empty.count('href="/people/"') == 1  # in the rail: what is next are organisations
    assert as_contact.get(reverse("crm:duplicates-list", args=["events"])).status_code == 404


def test_two_of_them_are_set_aside_and_brought_back(world: World, as_contact: Client) -> None:
    twins(world)
    pk = Duplicate.objects.get().pk

    response = as_contact.post(reverse("crm:duplicates-dismiss", args=[pk]), follow=True)
    assert "These are two" in response.content.decode()
    assert "Anna Rossi" not in listed(as_contact)
    assert "Anna Rossi" in listed(as_contact, dismissed="1")

    as_contact.post(reverse("crm:duplicates-reopen", args=[pk]))
    assert "Anna Rossi" in listed(as_contact)


def test_more_than_a_thousand_pairs_are_not_counted(
    world: World, as_contact: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = world.organisation(world.biocat)
    for given in ("Anna", "Anne", "Ann"):
        world.person(world.biocat, given=given, family="Rossi", email="", organisation=place)
    duplicates.look_for(cluster_id=world.biocat.pk)
    assert "3 pairs" in listed(as_contact)

    for module in ("crm.models.duplicates", "crm.templatetags.duplicates", "crm.views.duplicates"):
        monkeypatch.setattr(f"{module}.COUNTED", 2)

    body = listed(as_contact)
    assert "more than 2 pairs" in body
    assert "People 2+" in body
    assert body.count("Compare and merge") == 3
    assert "more than 2 pairs" in as_contact.get("/").content.decode()


def test_merging_from_the_list_leads_back_to_the_next_pair(
    world: World, as_contact: Client
) -> None:
    first, second = twins(world)
    address = reverse("crm:merges-person", args=[first.pk, second.pk])

    response = as_contact.post(
        f"{address}?from=list", {"given": "keep", "keep_version": 1, "drop_version": 1}
    )

    assert response.headers["Location"] == reverse("crm:duplicates-list", args=["people"])
    assert "Nothing looks like a duplicate" in listed(as_contact)


def test_first_page_and_record_tell_of_them(world: World, as_contact: Client) -> None:
    first, second = twins(world)

    today = as_contact.get("/").content.decode()
    record = as_contact.get(reverse("crm:people-show", args=[first.pk])).content.decode()

    assert reverse("crm:duplicates-list", args=["people"]) in today
    assert "Possibly the same as “A. Rossi”" in record
    assert reverse("crm:merges-person", args=[first.pk, second.pk]) in record
    coordinator = signed_in(world.users["coordinator"])
    shown = coordinator.get(reverse("crm:people-show", args=[first.pk])).content.decode()
    assert "Possibly the same" not in shown


def test_a_pair_of_which_one_is_gone_is_not_shown(world: World, as_contact: Client) -> None:
    _first, second = twins(world)
    people.archive(person=second, by=None)

    assert "Anna Rossi" not in listed(as_contact)
    assert "Possible duplicates" not in as_contact.get("/").content.decode()


def test_nobody_sees_or_decides_anothers_pairs(world: World, as_contact: Client) -> None:
    twins(world, world.biom)
    pk = Duplicate.objects.get().pk

    assert "Rossi" not in listed(as_contact)
    assert "1 pair" not in as_contact.get("/").content.decode()
    for address in ("crm:duplicates-dismiss", "crm:duplicates-reopen"):
        assert as_contact.post(reverse(address, args=[pk])).status_code == 404
    reader = signed_in(world.users["reader"])
    assert reader.post(reverse("crm:duplicates-dismiss", args=[pk])).status_code == 404


def test_a_reader_sees_pairs_and_decides_nothing(world: World) -> None:
    twins(world)
    body = listed(signed_in(world.users["reader"]))

    assert "Anna Rossi" in body
    assert "These are two" not in body


def test_the_list_asks_as_much_for_twenty_pairs_as_for_one(
    world: World, as_contact: Client, django_assert_max_num_queries: object
) -> None:
    asked: list[int] = []
    for _twice in range(2):
        for n in range(10 * len(asked) + 1):
            place = world.organisation(world.biocat)
            for given in ("Xenia", "X."):
                world.person(given=given, family=f"Surname{n}{len(asked)}", organisation=place)
        duplicates.look_for(cluster_id=world.biocat.pk)
        with django_assert_max_num_queries(9) as captured:  # type: ignore[operator]
            listed(as_contact)
        asked.append(len(captured))
    assert asked[0] == asked[1]
