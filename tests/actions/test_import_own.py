"""Tags and a cluster's own fields as columns of a list."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from crm.actions import custom_fields, imports, judging, people, tags
from crm.actions.errors import Refused
from crm.actions.import_columns import guessed
from crm.actions.undoing import undo
from crm.models import CustomField, Import, Membership, Person, Tag
from crm.rules.headers import own_header
from crm.rules.texts import LANGUAGES
from tests.actions.test_imports import imported, verdicts
from tests.kit.races import under_way
from tests.tables import differences, snapshot
from tests.world import World

ITS_OWN = ("crm_import", "crm_columnmemory", "crm_duplicatesearch")
HEADER = "Company;Name;E-mail;Tags;Company tags;Budget;Seen on;Donor;Size\n"
ROW = "Alba;Anna Puig;anna@alba.example;member, VIP;Big;1 234,5;31.5.2027;ja;LARGE\n"


@pytest.fixture
def fields(world: World) -> dict[str, CustomField]:
    asked = (
        ("person", "Budget", "number", ()),
        ("person", "Seen on", "date", ()),
        ("person", "Donor", "yes_no", ()),
        ("organisation", "Size", "choice", ("Small", "Large")),
    )
    return {
        name: custom_fields.create(
            cluster=world.biocat, noun=noun, name=name, kind=kind, choices=choices, by=None
        )
        for noun, name, kind, choices in asked
    }


@pytest.fixture
def member(world: World) -> Tag:
    return tags.create(cluster=world.biocat, name="Member", by=None)


def answers(row: Person | Membership, fields: dict[str, CustomField]) -> dict[str, Any]:
    return {
        name: row.custom[field.key] for name, field in fields.items() if field.key in row.custom
    }


def names(row: Person | Membership) -> list[str]:
    return [Tag.objects.get(pk=pk).name for pk in row.tags]


def test_tags_and_own_fields_come_with_a_list_and_go_with_its_undoing(
    world: World, fields: dict[str, CustomField], member: Tag, tmp_path: Path
) -> None:
    known = world.person(given="Pau", family="Vila", email="pau@old.example")
    people.edit(person=known, by=None, version=1, tags=[member])
    home = known.positions.get().organisation.legal_name
    before = snapshot(but=ITS_OWN)
    file = tmp_path / "list.csv"
    file.write_text(HEADER + ROW + f"{home};Pau Vila;pau@old.example;VIP;;7;;no;small\n")
    call_command(
        "import_people", file, cluster="biocat", origin="fair", basis="member", make_tags=True
    )
    found = Import.objects.get()

    anna = Person.objects.get(given="Anna")
    membership = anna.positions.get().organisation.memberships.get()
    assert (names(anna), names(membership)) == (["Member", "VIP"], ["Big"])
    assert answers(anna, fields) == {"Budget": 1234.5, "Seen on": "2027-05-31", "Donor": True}
    assert answers(membership, fields) == {"Size": "Large"}
    known.refresh_from_db()
    assert names(known) == ["Member", "VIP"]
    assert answers(known, fields) == {"Budget": 7, "Donor": False}
    row = found.rows.get(number=3)
    vip = Tag.objects.get(name="VIP")
    assert row.diff == {
        "person": {
            "tags": [[member.pk], [member.pk, vip.pk]],
            f"custom_{fields['Budget'].pk}": [None, 7],
            f"custom_{fields['Donor'].pk}": [None, False],
        },
        "organisation": {f"custom_{fields['Size'].pk}": [None, "Small"]},
    }

    undo(of_import=found, by=None)
    assert differences(before, snapshot(but=ITS_OWN)) == {}


def test_words_that_are_no_tags_are_told_of_and_made_only_if_asked_for(
    world: World, fields: dict[str, CustomField], member: Tag, tmp_path: Path
) -> None:
    found = imported(world.biocat, tmp_path, HEADER + ROW, only_check=True)
    assert [name for _pk, name in found.new_tags] == ["VIP", "Big"]
    assert found.rows.get().reason == (
        "“VIP” is no tag of yours yet, so it was left out. "
        "“Big” is no tag of yours yet, so it was left out."
    )
    said: dict[str, Any] = {"policy": "fill", "origin": "a", "dated": None, "basis": "member"}
    imports.decide(of_import=found, by=None, make_tags=True, **said)
    assert (found.status, found.make_tags) == ("checking", True)

    imports.check(of_import=found)

    assert found.rows.get().reason == ""
    assert [name for _pk, name in found.new_tags] == ["VIP", "Big"]
    assert [tag.name for tag in Tag.objects.all()] == ["Member"]
    imports.decide(of_import=found, by=None, make_tags=True, **said)
    tags.create(cluster=world.biocat, name="vip", by=None)  # meanwhile
    imports.run(of_import=found, by=None)
    assert names(Person.objects.get(given="Anna")) == ["Member", "vip"]
    assert [tag.name for tag in Tag.objects.all()] == ["Big", "Member", "vip"]


def test_a_tag_that_was_removed_meanwhile_is_put_on_nobody(
    world: World, member: Tag, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remove(*_args: Any, **_kwargs: Any) -> None:
        tags.remove(tag=member, by=None)

    monkeypatch.setattr("crm.actions.imports.judge", _after(remove, judging.judge))
    imported(world.biocat, tmp_path, "Name;E-mail;Tags\nAnna Puig;anna@alba.example;Member\n")

    assert Person.objects.get().tags == []


def _after(first: Any, then: Any) -> Any:
    def both(*args: Any, **kwargs: Any) -> Any:
        first()
        return then(*args, **kwargs)

    return both


@pytest.mark.parametrize(
    ("policy", "tagged", "answered"),
    [
        ("skip", ["Member"], {"Budget": 5}),
        ("fill", ["Member", "VIP"], {"Budget": 5, "Donor": True}),
        ("overwrite", ["VIP"], {"Budget": 8, "Donor": True}),
    ],
)
def test_what_is_there_changes_as_the_policy_says(
    world: World, fields: dict[str, CustomField], tmp_path: Path, policy: str, tagged: list[str],
    answered: dict[str, Any],
) -> None:  # fmt: skip
    member, _vip = tags.named(cluster=world.biocat, names=["Member", "VIP"], by=None)
    person = world.person(given="Pau", family="Vila", email="pau@old.example")
    people.edit(person=person, by=None, version=1, tags=[member], custom={fields["Budget"]: 5})
    before = snapshot(but=ITS_OWN)

    found = imported(
        world.biocat, tmp_path, "E-mail;Tags;Budget;Donor\npau@old.example;vip;8;x\n",
        policy=policy,
    )  # fmt: skip

    person.refresh_from_db()
    assert (names(person), answers(person, fields)) == (tagged, answered)
    assert verdicts(found) == {2: "same" if policy == "skip" else "changed"}
    undo(of_import=found, by=None)
    assert differences(before, snapshot(but=ITS_OWN)) == {}


def test_what_changed_since_stays(
    world: World, fields: dict[str, CustomField], member: Tag, tmp_path: Path
) -> None:
    person = world.person(given="Pau", family="Vila", email="pau@old.example")
    found = imported(
        world.biocat, tmp_path, "E-mail;Tags;Budget;Donor\npau@old.example;member;8;x\n"
    )
    person.refresh_from_db()
    later = tags.create(cluster=world.biocat, name="Later", by=None)
    people.edit(
        person=person, by=None, version=person.version, tags=[member, later],
        custom={fields["Budget"]: 9},
    )  # fmt: skip

    undo(of_import=found, by=None)

    person.refresh_from_db()
    assert (names(person), answers(person, fields)) == (["Later"], {"Budget": 9})
    assert found.rows.get().conflict == {f"person.custom_{fields['Budget'].pk}": 9}


def test_bad_answers_and_what_belongs_to_nobody_is_told_of(
    world: World, fields: dict[str, CustomField], member: Tag, tmp_path: Path
) -> None:
    found = imported(
        world.biocat,
        tmp_path,
        HEADER + ";Anna Puig;;member;Big;many;soon;perhaps;Huge\n" + "Alba;;;member;;5;;;Small\n",
    )

    reasons = dict(found.rows.values_list("number", "reason"))
    assert "“many” does not answer “Budget”. Write a number, like 1234 or 3.5." in reasons[2]
    assert "“soon” does not answer “Seen on”. Write a day, like 2027-05-31." in reasons[2]
    assert "“perhaps” does not answer “Donor”. Write yes or no." in reasons[2]
    assert "“Huge” does not answer “Size”. Write one of: Small, Large." in reasons[2]
    assert reasons[3] == "No person is named, so “Budget” was left out."
    assert names(Person.objects.get()) == ["Member"]
    membership = Membership.objects.get(organisation__legal_name="Alba")
    assert names(membership) == ["Member"]
    assert answers(membership, fields) == {"Size": "Small"}


def test_more_new_tags_than_a_list_may_make_are_refused(world: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    rows = "".join(f"Person {n};Remark {n}\n" for n in range(101))
    file.write_text("Name;Tags\n" + rows)
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name="list.csv", origin="a",
        basis="member", make_tags=True,
    )  # fmt: skip

    with pytest.raises(Refused, match="would make 101 new tags; 100 at a time"):
        imports.check(of_import=found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_own_field_called_like_a_column_is_found_again_by_what_stands_over_it(
    world: World, language: str
) -> None:
    own = {
        name: custom_fields.create(
            cluster=world.biocat, noun="person", name=name, kind="text", by=None
        )
        for name in ("Phone", "Kept by", "Contact budget", "City")
    }

    headers = [own_header(name, language) for name in own]

    assert headers[2] == "Contact budget"
    assert headers[0] != "Phone"
    assert guessed(world.biom, ["Phone (own field)"]) == [""]
    said = guessed(world.biocat, [*headers, "Phone", "City", "E-mail", "Kept by"])
    assert said == [*(f"custom_{field.pk}" for field in own.values()), "phone", "city", "email", ""]


def test_another_clusters_tags_and_fields_are_nothing_to_a_list(
    world: World, fields: dict[str, CustomField], member: Tag, tmp_path: Path
) -> None:
    found = imported(world.biom, tmp_path, "E-mail;Tags;Budget\nanna@alba.example;member;7\n")

    assert found.columns == ["email", "tags", ""]
    assert found.rows.get().reason == "“member” is no tag of yours yet, so it was left out."
    with pytest.raises(Refused, match="is no column that can be imported"):
        imports.describe(
            of_import=found, by=None, sheet="", encoding="utf-8", separator=";", header=0,
            columns=["email", "tags", f"custom_{fields['Budget'].pk}"],
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_tag_of_the_list_that_somebody_is_given_while_it_is_undone_stays(
    world: World, tmp_path: Path
) -> None:
    other = world.person()
    file = tmp_path / "list.csv"
    file.write_text("Company;Name;Tags\nAlba;Anna Puig;Speaker\n")
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name=file.name, origin="members",
        basis="member", make_tags=True,
    )  # fmt: skip
    imports.run(of_import=found, by=None)
    tag = Tag.objects.get(name="Speaker")

    with under_way(lambda: tags.put(tag=tag, rows=Person.objects.filter(pk=other.pk), by=None)):
        undo(of_import=found, by=None)

    other.refresh_from_db()
    assert other.tags == [tag.pk]
    assert Tag.objects.filter(pk=tag.pk).exists()
