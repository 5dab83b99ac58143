"""The lists of people and organisations: what their address asks, and whom it tells what."""

from typing import Any

import pytest
from django.utils import timezone

from crm.actions import people, users
from crm.models import (
    CustomField,
    Import,
    ImportRow,
    Membership,
    Note,
    Person,
    Tag,
)
from tests.views.conftest import SignIn, World
from tests.views.listed import PEOPLE, names


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"language": "de"}, ["Berger"]),
        ({"language": ["de", "none"]}, ["Berger", "Müller-Örtz"]),
        ({"language__not": ["fr", "none"]}, ["Berger"]),
        ({"phone__not_empty": "1"}, ["Arvet", "Garnier"]),
        ({"name__contains": "ortz"}, ["Müller-Örtz"]),
        ({"job__contains": "ceo"}, ["Garnier"]),
        ({"organisation__contains": "cellules"}, ["Garnier"]),
        ({"organisation__empty": "1"}, ["Arvet", "Berger", "Müller-Örtz"]),
        ({"category": "sme"}, ["Garnier"]),
        ({"area": "oncology"}, ["Garnier"]),
        ({"at_city": "Lyon"}, ["Garnier"]),
        ({"at_country": "FR", "at_region": "rhone"}, ["Garnier"]),
        ({"mailable": "yes"}, ["Garnier"]),
        ({"email__contains": "arv@"}, ["Arvet"]),
        ({"email__contains": "@three.example"}, ["Arvet", "Berger", "Müller-Örtz"]),
        ({"created__after": "2000-01-01"}, ["Arvet", "Berger", "Garnier", "Müller-Örtz"]),
        ({"created__before": "2000-01-01"}, []),
        ({"created__last": "90"}, ["Arvet", "Berger", "Garnier", "Müller-Örtz"]),
        ({"created__not_last": "90"}, []),
        ({"paused__next": "30"}, ["Arvet"]),
        ({"paused__not_next": "30"}, ["Berger", "Garnier", "Müller-Örtz"]),
        ({"paused__last": "30"}, []),
        ({"kind__not": "contact"}, []),
        ({"sort": "-name"}, ["Müller-Örtz", "Berger", "Arvet", "Garnier"]),
        ({"sort": "organisation"}, ["Garnier", "Arvet", "Berger", "Müller-Örtz"]),
        ({"sort": "job"}, ["Garnier", "Arvet", "Berger", "Müller-Örtz"]),
        ({"sort": "-job"}, ["Garnier", "Arvet", "Berger", "Müller-Örtz"]),
        ({"note__not_empty": "1"}, ["Berger"]),
        ({"note__contains": "met at"}, ["Berger"]),
        ({"note__not_contains": "met at"}, ["Arvet", "Garnier", "Müller-Örtz"]),
        ({"note__empty": "1"}, ["Arvet", "Garnier", "Müller-Örtz"]),
        ({"import__not_empty": "1"}, ["Arvet"]),
        ({"import": ["x", "9" * 30]}, []),
        ({"q": "muller"}, ["Müller-Örtz"]),
        ({"q": "ORTZ paul"}, ["Müller-Örtz"]),
        ({"q": "rhone"}, ["Garnier"]),
        ({"q": "06 12 34"}, ["Arvet"]),
        ({"q": "ber@"}, ["Berger"]),
        ({"q": "three.example"}, ["Arvet", "Berger", "Müller-Örtz"]),
        ({"q": "granier"}, ["Garnier"]),
        ({"q": "zzzzz"}, []),
    ],
    ids=str,
)
def test_a_list_shows_what_its_address_asks(
    world: World,
    as_user: SignIn,
    several: dict[str, Person],
    query: dict[str, Any],
    expected: list[str],
) -> None:
    answer = as_user(world.contact).get(PEOPLE, query)

    found = names(answer)
    assert (found if "sort" in query else sorted(found)) == expected
    assert answer.context["listed"].total == len(expected)


def test_tags_owners_and_own_fields_are_asked_and_shown(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    field = CustomField.objects.create(
        cluster=world.lyon, noun="person", name="Badge", folded="badge", kind="text"
    )
    Person.objects.filter(pk=several["Berger"].pk).update(custom={field.key: "blue"})
    browser = as_user(world.contact)
    tag = str(several["tag"].pk)

    by_tag = browser.get(PEOPLE, {"tag": tag, "columns": f"tag,owner,custom_{field.pk}"})
    by_field = browser.get(PEOPLE, {f"custom_{field.pk}__contains": "blu"})
    by_owner = browser.get(PEOPLE, {"owner": world.contact.pk})

    assert names(by_tag) == names(by_owner) == ["Arvet"]
    assert names(by_field) == ["Berger"]
    page = by_tag.content.decode()
    assert "VIP" in page
    assert "Badge" in page


def test_a_coordinator_cannot_ask_what_stays_inside_the_cluster(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.coordinator)
    everybody = browser.get(PEOPLE).context["listed"].total

    insides: tuple[dict[str, Any], ...] = (
        {"tag": several["tag"].pk},
        {"owner": world.contact.pk},
        {"phone__contains": "+33"},
        {"email__contains": "elise"},
        {"category": "sme"},
        {"paused__empty": "1"},
        {"q": "06 12 34"},
        {"q": "three.example"},
    )
    for inside in insides:
        assert browser.get(PEOPLE, inside).context["listed"].total == 0, inside
    page = browser.get(PEOPLE, {"columns": "phone,tag,owner,email"}).content.decode()
    assert "+33" not in page
    assert "VIP" not in page
    assert browser.get(PEOPLE, {"phone__not_contains": "+33"}).context["listed"].total == everybody


def test_a_foreign_tag_finds_nobody(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    foreign = Tag.objects.create(cluster=world.munich, name="Geheim", folded="geheim")
    Person.objects.filter(pk=world.foreign_person.pk).update(tags=[foreign.pk])

    answer = as_user(world.contact).get(PEOPLE, {"tag": foreign.pk})

    assert answer.context["listed"].total == 0
    assert "Geheim" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"created__after": "yesterday"},
        {"created__last": "yesterday"},
        {"name__last": "90"},
        {"at_employees__before": "many"},
        {"at_employees__before": "1e99"},
        {"paused": "2027-13-01"},
    ],
)
def test_what_cannot_be_asked_is_said(world: World, as_user: SignIn, query: dict[str, str]) -> None:
    page = as_user(world.contact).get(PEOPLE, query)

    assert page.status_code == 200
    assert page.context["table"].trouble
    assert page.context["listed"].total == 0


def test_nonsense_in_the_address_is_ignored(world: World, as_user: SignIn) -> None:
    for query in (
        {"password": "x"}, {"sort": "password"}, {"columns": "password"}, {"page": "x"},
        {"language__like": "x"}, {"view": "x"}, {"tag": "x"}, {"owner": "9" * 30}, {"q": "\x00"},
    ):  # fmt: skip
        assert as_user(world.contact).get(PEOPLE, query).status_code == 200, query


def test_the_counts_beside_the_list_are_those_of_its_filters(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    answer = as_user(world.contact).get(PEOPLE, {"language": "fr"})

    groups = {group.label: group.chips for group in answer.context["listed"].groups}
    assert answer.context["listed"].total == 2
    assert {chip.label: chip.count for chip in groups["Language"]} == {
        "German": 1,
        "no language": 1,
    }


def test_a_long_list_counts_anew_once_somebody_did_something(
    world: World,
    as_user: SignIn,
    several: dict[str, Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crm.models.numbers.MANY", 1)

    def total() -> int:
        answer = as_user(world.contact).get(PEOPLE)
        found: int = answer.context["listed"].total
        return found

    before = [total(), total()][1]
    Person.objects.filter(pk=several["Berger"].pk).update(archived_at=timezone.now())
    assert total() == before  # no act: the number of this minute

    people.archive(person=several["Arvet"], by=world.contact)
    assert total() == before - 2
    assert as_user(world.neighbour).get(PEOPLE).context["listed"].total == 1


def test_the_form_leads_to_the_filters_own_address(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)

    answer = browser.get(PEOPLE, {"ask": "mailable", "value": "mailable"})
    assert answer.headers["Location"] == f"{PEOPLE}?mailable=yes"
    answer = browser.get(PEOPLE, {"ask": "created", "how": "after", "value": "01/11/2026"})
    assert answer.headers["Location"] == f"{PEOPLE}?created__after=2026-11-01"
    answer = browser.get(PEOPLE, {"ask": "created", "how": "last", "value": "90"})
    assert answer.headers["Location"] == f"{PEOPLE}?created__last=90"
    page = browser.get(PEOPLE, {"created__not_last": "1"}).content.decode()
    assert "Added on: not in the last 1 day" in page
    answer = browser.get(PEOPLE, {"ask": "language", "how": "not", "value": "germ"})

    assert answer.headers["Location"] == "/people/?language__not=de"


def test_people_of_one_list_are_asked_for_by_its_name(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    listed = Import.objects.get()
    browser = as_user(world.contact)
    assert names(browser.get(PEOPLE, {"import": listed.pk})) == ["Arvet"]
    asked = browser.get(PEOPLE, {"ask": "import", "value": "a.csv"})
    assert asked.headers["Location"] == f"{PEOPLE}?import={listed.pk}"
    # Nobody else may ask for it, nor reads its name.
    for user in (world.coordinator, world.neighbour):
        answer = as_user(user).get(PEOPLE, {"import": listed.pk})
        assert names(answer) == []
        assert "a.csv" not in answer.content.decode()


def test_organisations_are_asked_for_by_notes_and_lists(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    ours, theirs = (
        Membership.objects.get_or_create(organisation=world.company, cluster=cluster)[0]
        for cluster in (world.lyon, world.munich)
    )
    Note.objects.create(cluster=world.lyon, membership=ours, text="Likes trains")
    Note.objects.create(cluster=world.munich, membership=theirs, text="Likes planes")
    listed = Import.objects.create(cluster=world.munich, file_name="b", header=0, status="done")
    ImportRow.objects.create(
        of_import=listed, number=1, verdict="new", made="o", organisation=world.company.pk
    )

    def total(**query: Any) -> int:
        return int(browser.get("/organisations/", query).context["listed"].total)

    assert total(note__contains="trains") == total(note__not_empty="1") == 1
    assert total(note__contains="planes") == 0
    assert total(**{"import": listed.pk}) == total(import__not_empty="1") == 0


def test_organisations_are_asked_by_what_my_cluster_says(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    Membership.objects.filter(organisation=world.company).update(employees=40)
    Membership.objects.create(
        organisation=world.company, cluster=world.munich, category="large", employees=9
    )

    def total(**query: str) -> int:
        found: int = browser.get("/organisations/", query).context["listed"].total
        return found

    assert total(category="sme") == total(employees__after="30") == 1
    assert total(category="large") == total(employees__before="10") == 0
    assert total(country="FR", area="oncology") == 1
    assert total(city__contains="lyo") == 1
    assert total(q="cellules") == total(q="celules") == 1


def test_a_coordinator_learns_nothing_of_a_kind_that_the_record_withholds(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    Person.objects.filter(pk=several["Berger"].pk).update(kind="follower", phone="+49 1")
    browser = as_user(world.coordinator)

    page = browser.get(PEOPLE, {"columns": "kind"})

    assert "Kind" not in {group.label for group in page.context["listed"].groups}
    assert "kind" not in {question.name for question in page.context["table"].columns}
    assert browser.get(PEOPLE, {"kind": "follower"}).context["listed"].total == 0
    for sort in ("-kind", "-phone", "created", "-owner"):
        assert not browser.get(PEOPLE, {"sort": sort}).context["table"].sort


def test_who_reads_some_whole_learns_no_kind_of_the_others(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    """A contact of Munich who also coordinates: Lyon shares, and keeps its kinds to itself."""
    users.grant(user=world.coordinator, role="contact", cluster=world.munich)
    Person.objects.filter(pk=several["Berger"].pk).update(kind="follower", phone="+99")
    browser = as_user(world.coordinator)

    listed = browser.get(PEOPLE).context["listed"]
    by_phone = browser.get(PEOPLE, {"sort": "phone"})

    counts = {
        chip.count for group in listed.groups for chip in group.chips if group.label == "Kind"
    }
    assert counts == {None}
    assert names(by_phone) == ["Geheimwort", "Garnier", "Arvet", "Berger", "Müller-Örtz"]
    assert names(browser.get(PEOPLE, {"kind": "follower"})) == []
