"""Merging on the screens: both side by side, the way back, and old addresses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Delivery
from crm.actions import answers, merging_organisations, merging_people, people
from crm.models import CustomField, Membership, Merge, Organisation, Person, Tag
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    """The alliance whose clusters share differently."""
    return worlds.build()


def page(client: Client, address: str, *args: Any, **data: Any) -> str:
    response = client.get(reverse(address, args=args), data)
    assert response.status_code == 200
    return response.content.decode()


def asked(client: Client, ref: str, email: str) -> str:
    address = reverse("campaigns:reports-explain", args=[ref])
    return client.get(address, {"address": email}).content.decode()


def pair(world: World, **values: Any) -> tuple[Person, Person]:
    keep = world.person(given="Anna", family="Rossi", email="anna@a.example", phone="+34 1")
    drop = world.person(given="A.", family="Rossi", email="arossi@b.example", phone="", **values)
    return keep, drop


def versions(keep: Any, drop: Any) -> dict[str, int]:
    return {"keep_version": keep.version, "drop_version": drop.version}


def test_both_stand_side_by_side_with_what_differs_to_choose(
    world: World, as_contact: Client
) -> None:
    keep, drop = pair(world, title="Dr.")
    tag = Tag.objects.create(cluster=world.biocat, name="speaker", folded="speaker")
    asked = CustomField.objects.create(
        cluster=world.biocat, noun="person", name="Diet", folded="diet"
    )
    Person.objects.filter(pk=keep.pk).update(custom={asked.key: "none"})
    Person.objects.filter(pk=drop.pk).update(tags=[tag.pk], custom={asked.key: "vegan"})

    body = page(as_contact, "crm:merges-person", keep.pk, drop.pk)

    for text in ("anna@a.example", "arossi@b.example", "Dr.", "speaker", "Diet", "vegan"):
        assert text in body, text
    assert body.count('type="radio"') == 2 * len(("mailbox", "title", "given", "Diet", "phone"))


def test_merging_keeps_what_was_chosen_and_leads_to_the_record(
    world: World, as_contact: Client
) -> None:
    keep, drop = pair(world)
    address = reverse("crm:merges-person", args=[keep.pk, drop.pk])
    chosen = {"mailbox": "drop", "given": "drop", "phone": "keep"}

    response = as_contact.post(address, chosen | versions(keep, drop), follow=True)

    row = Person.objects.get(pk=keep.pk)
    assert (row.given, row.email, row.phone) == ("A.", "arossi@b.example", "+34 1")
    body = response.content.decode()
    assert "They are one now" in body
    assert "Merged into this record" in body
    assert body.count("No more mails to") == 1
    assert body.count("Mails go to") <= 1
    assert reverse("crm:merges-undo", args=[Merge.objects.get().pk]) in body


def test_something_to_choose_must_be_chosen(world: World, as_contact: Client) -> None:
    keep, drop = pair(world)
    address = reverse("crm:merges-person", args=[keep.pk, drop.pk])

    response = as_contact.post(address, {"given": "both"} | versions(keep, drop))

    assert response.status_code == 200
    assert not Merge.objects.exists()


def test_a_stale_preview_is_shown_anew(world: World, as_contact: Client) -> None:
    keep, drop = pair(world)
    address = reverse("crm:merges-person", args=[keep.pk, drop.pk])
    shown = {"mailbox": "keep", "given": "keep", "phone": "keep"} | versions(keep, drop)
    people.edit(person=drop, by=None, version=1, phone="+34 2")

    response = as_contact.post(address, shown, follow=True)

    assert "Somebody else changed" in response.content.decode()
    assert response.redirect_chain == [(address, 302)]
    assert not Merge.objects.exists()


def test_a_pair_that_cannot_be_merged_says_why(world: World) -> None:
    admin = signed_in(world.users["admin"])
    ours, foreign = world.person(), world.person(world.biom)

    response = admin.get(reverse("crm:merges-person", args=[ours.pk, foreign.pk]), follow=True)

    assert "People of different clusters stay apart" in response.content.decode()


def test_old_addresses_lead_to_the_record_that_stayed(world: World, as_contact: Client) -> None:
    keep, drop = pair(world)
    merging_people.merge(keep=keep, drop=drop, by=None)

    response = as_contact.get(reverse("crm:people-show", args=[drop.pk]))

    assert response.headers["Location"] == reverse("crm:people-show", args=[keep.pk])
    listed = page(as_contact, "crm:people-list", q="rossi")
    assert f"/people/{drop.pk}/" not in listed
    as_other = signed_in(world.users["contact_biom"])
    assert as_other.get(reverse("crm:people-show", args=[drop.pk])).status_code == 404


def test_the_record_shows_mails_answers_and_proofs_of_both(
    world: World, as_contact: Client
) -> None:
    keep, drop = pair(world, language="en", source="a fair in Basel")
    call = world.call()
    Delivery.objects.filter(campaign=call).update(state=Delivery.State.ACCEPTED)
    answers.give(person=drop, mission=world.mission, value="interested", note="two seats")
    merging_people.merge(keep=keep, drop=drop, by=None)

    body = page(as_contact, "crm:people-show", keep.pk)

    assert "Mails go to" not in body  # they go where they went
    assert "two seats" in body
    assert "a fair in Basel" in body
    assert body.count(f"/campaigns/{call.ref}/") == 2
    mission = page(as_contact, "crm:missions-show", world.mission.slug)
    assert f"/people/{keep.pk}/" in mission
    explained = asked(as_contact, call.ref, "arossi@b.example")
    assert "Delivery" in explained


def test_one_who_answered_twice_is_counted_once(world: World, as_contact: Client) -> None:
    keep, drop = pair(world)
    for person in (keep, drop):
        answers.give(person=person, mission=world.mission, value="interested")
    merging_people.merge(keep=keep, drop=drop, by=None)

    assert world.mission.answers.latest_per_person().count() == 1


def test_whoever_objects_to_sharing_hides_the_names_of_the_merged_too(world: World) -> None:
    keep, drop = pair(world)
    answers.give(person=drop, mission=world.mission, value="interested")
    merging_people.merge(keep=keep, drop=drop, by=None)
    row = Person.objects.get(pk=keep.pk)
    people.edit(person=row, by=None, version=row.version, share_objected=True)

    coordinator = signed_in(world.users["coordinator"])
    assert "Rossi" not in page(coordinator, "crm:missions-show", world.mission.slug)


def test_the_other_record_is_found_within_the_cluster_alone(
    world: World, as_contact: Client
) -> None:
    keep, drop = pair(world)
    foreign = world.person(world.biom, given="Anna", family="Rossi")

    body = page(as_contact, "crm:merges-find_person", keep.pk, q="rossi")

    assert reverse("crm:merges-person", args=[keep.pk, drop.pk]) in body
    assert f"/{foreign.pk}/" not in body
    assert "Nobody fits" in page(as_contact, "crm:merges-find_person", keep.pk, q="xyz")
    assert "Nobody looks like" in page(as_contact, "crm:merges-find_person", keep.pk)


def test_undoing_asks_first_and_says_what_stayed(world: World, as_contact: Client) -> None:
    keep, drop = pair(world, language="ca")
    found = merging_people.merge(keep=keep, drop=drop, by=None)
    row = Person.objects.get(pk=keep.pk)
    people.edit(person=row, by=None, version=row.version, language="es")

    assert "A. Rossi" in page(as_contact, "crm:merges-undo", found.pk)
    address = reverse("crm:merges-undo", args=[found.pk])
    body = as_contact.post(address, follow=True).content.decode()

    assert "They are two again" in body
    assert "Changed since, so it stays as it is: language." in body
    assert Person.objects.get(pk=drop.pk).merged_into_id is None
    assert "already" in as_contact.post(address, follow=True).content.decode()


# --- organisations


def twins(world: World) -> tuple[Organisation, Organisation]:
    keep = world.organisation(world.biocat, legal_name="Vif SL", city="Reus")
    drop = world.organisation(world.biocat, legal_name="Vif SAS", city="")
    return keep, drop


def test_two_organisations_are_merged_on_one_page(world: World, as_contact: Client) -> None:
    keep, drop = twins(world)
    assert "Vif SAS" in page(as_contact, "crm:merges-find_organisation", keep.pk, q="vif")
    body = page(as_contact, "crm:merges-organisation", keep.pk, drop.pk)
    assert "Reus" in body

    address = reverse("crm:merges-organisation", args=[keep.pk, drop.pk])
    chosen = {"legal_name": "drop", "city": "keep"}
    response = as_contact.post(address, chosen | versions(keep, drop), follow=True)

    body = response.content.decode()
    assert "<h1>Vif SAS" in body
    assert "Vif SL" in body
    old = as_contact.get(reverse("crm:organisations-show", args=[drop.pk]))
    assert old.headers["Location"] == reverse("crm:organisations-show", args=[keep.pk])
    assert "1 organisation<" in page(as_contact, "crm:organisations-list")


def test_a_shared_one_stays_with_the_others_and_its_address_leads_on(
    world: World, as_contact: Client
) -> None:
    keep = world.organisation(world.biocat, legal_name="Twin SL")
    drop = world.organisation(world.biom, legal_name="Twin GmbH")
    Membership.objects.create(organisation=drop, cluster=world.biocat)
    body = page(as_contact, "crm:merges-organisation", keep.pk, drop.pk)
    assert "Only what belongs to Biocat moves" in body

    merging_organisations.merge(keep=keep, drop=drop, cluster=world.biocat, by=None)

    response = as_contact.get(reverse("crm:organisations-show", args=[drop.pk]))
    assert response.headers["Location"] == reverse("crm:organisations-show", args=[keep.pk])
    as_other = signed_in(world.users["contact_biom"])
    body = page(as_other, "crm:organisations-show", drop.pk)
    assert "Twin GmbH" in body
    assert "Merged into" not in body


def test_a_core_at_home_elsewhere_says_that_it_stays(world: World, as_contact: Client) -> None:
    keep = world.organisation(world.biom, legal_name="Twin GmbH")
    Membership.objects.create(organisation=keep, cluster=world.biocat)
    drop = world.organisation(world.biocat, legal_name="Twin SL")

    body = page(as_contact, "crm:merges-organisation", keep.pk, drop.pk)

    assert "are kept by the home cluster" in body
    assert 'name="legal_name"' not in body


@pytest.mark.parametrize("who", ["reader", "contact_biom", "coordinator"])
def test_nobody_else_merges_or_undoes(world: World, who: str) -> None:
    client = signed_in(world.users[who])
    keep, drop = pair(world)
    found = merging_people.merge(keep=keep, drop=world.person(), by=None)
    one, two = twins(world)
    for address, args in (
        ("crm:merges-find_person", [keep.pk]),
        ("crm:merges-person", [keep.pk, drop.pk]),
        ("crm:merges-find_organisation", [one.pk]),
        ("crm:merges-organisation", [one.pk, two.pk]),
        ("crm:merges-undo", [found.pk]),
    ):
        assert client.get(reverse(address, args=args)).status_code == 404, address
        if "find" not in address:
            assert client.post(reverse(address, args=args)).status_code == 404, address
    assert Merge.objects.standing().count() == 1


def test_a_merged_record_is_changed_by_nobody(world: World, as_contact: Client) -> None:
    keep, drop = pair(world)
    one, two = twins(world)
    merging_people.merge(keep=keep, drop=drop, by=None)
    merging_organisations.merge(keep=one, drop=two, cluster=world.biocat, by=None)

    for address, pk in (("crm:people-archive", drop.pk), ("crm:organisations-archive", two.pk)):
        response = as_contact.post(reverse(address, args=[pk]), follow=True)
        assert "merged into another one" in response.content.decode()
    assert not Person.objects.exclude(archived_at=None).exists()
