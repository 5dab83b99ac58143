"""What a list says of those who are there, beyond their plain fields: told before it is written."""

from pathlib import Path
from typing import Any

import pytest

from crm.actions import organisations
from crm.actions.undoing import undo
from crm.models import Address, Organisation, Person
from tests.actions.test_imports import HEADER, imported, verdicts
from tests.tables import differences, snapshot
from tests.world import World

ITS_OWN = ("crm_import", "crm_columnmemory", "crm_duplicatesearch")
CODED = "Company;Therapeutic areas;Products;Markets;Pipeline stage\n"


def facts(organisation: Organisation) -> set[tuple[str, str]]:
    return set(organisation.fields.values_list("vocabulary", "code"))


@pytest.fixture
def alba(world: World) -> Organisation:
    made: Organisation = world.organisation(world.biocat, legal_name="Alba")
    codes = [("area", "cns"), ("area", "oncology")]
    organisations.set_codes(organisation=made, by=None, codes=codes)
    return made


@pytest.mark.parametrize(
    ("policy", "left", "diff"),
    [
        ("skip", {("area", "cns"), ("area", "oncology")}, None),
        (
            "fill",
            {("area", "cns"), ("area", "oncology"), ("product", "drug"), ("stage", "clinical")},
            {"products": [[], ["drug"]], "stages": [[], ["clinical"]]},
        ),
        (
            "overwrite",
            {("area", "metabolic"), ("area", "oncology"), ("product", "drug"),
             ("stage", "clinical")},
            {"areas": [["cns", "oncology"], ["metabolic", "oncology"]],
             "products": [[], ["drug"]], "stages": [[], ["clinical"]]},
        ),
    ],
)  # fmt: skip
def test_facts_of_an_organisation_are_taken_as_the_policy_says_and_put_back(
    world: World, alba: Organisation, tmp_path: Path, policy: str, left: Any, diff: Any
) -> None:
    before = snapshot(but=ITS_OWN)
    text = CODED + "Alba;metabolic diseases, Oncology;drugs;;Clinical\n"
    found = imported(world.biocat, tmp_path, text, policy=policy)

    assert facts(alba) == left
    row = found.rows.get()
    assert row.diff == (diff and {"organisation": diff})
    assert row.verdict == ("changed" if diff else "same")

    undo(of_import=found, by=None)
    assert differences(before, snapshot(but=ITS_OWN)) == {}


def test_facts_of_the_shared_core_are_the_home_clusters(
    world: World, alba: Organisation, tmp_path: Path
) -> None:
    alba.memberships.create(cluster=world.biom, standing="guest")

    found = imported(world.biom, tmp_path, CODED + "Alba;metabolic;drugs;;\n", policy="overwrite")

    assert verdicts(found) == {2: "same"}
    assert facts(alba) == {("area", "cns"), ("area", "oncology")}


def test_facts_that_changed_since_stay_and_are_told(
    world: World, alba: Organisation, tmp_path: Path
) -> None:
    text = CODED + "Alba;metabolic;drugs;;\n"
    found = imported(world.biocat, tmp_path, text, policy="overwrite")
    codes = [*facts(alba), ("area", "cns")]
    organisations.set_codes(organisation=alba, by=None, codes=codes)

    done = undo(of_import=found, by=None)

    assert facts(alba) == {("area", "metabolic"), ("area", "cns")}
    assert found.rows.get().conflict == {"organisation.areas": ["cns", "metabolic"]}
    assert done.undone["put_back"] == 1


def test_a_mailbox_more_is_a_change(world: World, tmp_path: Path) -> None:
    person = world.person(given="Pau", family="Vila", email="pau@old.example")
    home = person.positions.get().organisation.legal_name
    text = (
        HEADER
        + f"{home};Pau Vila;pau@old.example, p.vila@old.example, new@old.example;;;;;\n"
        + f"{home};New Person;new@old.example;;;;;\n"
    )
    looked_at = imported(world.biocat, tmp_path, text, only_check=True)
    found = imported(world.biocat, tmp_path, text)

    for each in (looked_at, found):
        assert verdicts(each) == {2: "changed", 3: "new"}
        row = each.rows.get(number=2)
        assert row.diff == {"mailbox": {"email": [None, "p.vila@old.example"]}}
    assert person.addresses.count() == 2


def test_an_organisation_that_comes_with_somebody_known_is_a_change(
    world: World, tmp_path: Path
) -> None:
    world.person(given="Pau", family="Vila", email="pau@old.example")
    text = HEADER + "Nova;Pau Vila;pau@old.example;;;;;\n"

    found = imported(world.biocat, tmp_path, text)

    assert Organisation.objects.filter(legal_name="Nova").exists()
    row = found.rows.get()
    assert (row.verdict, row.made) == ("changed", "o")
    assert row.diff == {"organisation": {"legal_name": [None, "Nova"]}}


def test_who_stays_as_they_are_leaves_no_mailbox_behind_and_who_is_new_has_all(
    world: World, tmp_path: Path
) -> None:
    world.person(given="Pau", family="Vila", email="pau@old.example")
    text = (
        HEADER
        + ";Pau Vila;pau@old.example, more@old.example;;;;;\n"
        + ";Anna Puig;anna@new.example, puig@new.example;;;;;\n"
    )

    found = imported(world.biocat, tmp_path, text, policy="skip")

    assert verdicts(found) == {2: "same", 3: "new"}
    assert not Address.objects.filter(uses=None).exists()
    assert Person.objects.get(given="Anna").addresses.count() == 2
