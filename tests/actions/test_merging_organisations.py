"""Two organisations that one cluster keeps become one, and two again."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crm.actions import figures, organisations
from crm.actions.errors import Refused, Stale
from crm.actions.merging import undo
from crm.actions.merging_organisations import merge
from crm.models import (
    Attachment,
    Duplicate,
    Membership,
    Note,
    Organisation,
    OrganisationName,
    Person,
    Position,
    Tag,
)
from tests.kit.races import under_way
from tests.kit.tables import tables
from tests.world import World


def fresh(organisation: Organisation) -> Organisation:
    return Organisation.objects.get(pk=organisation.pk)


def membership(organisation: Organisation, world: World) -> Membership:
    return organisation.memberships.get(cluster=world.biocat)


def shared(world: World, **values: Any) -> Organisation:
    """At home with BioM, and kept by Biocat too."""
    organisation = world.organisation(world.biom, **values)
    Membership.objects.create(organisation=organisation, cluster=world.biocat, employees=7)
    return organisation


def merged(keep: Organisation, drop: Organisation, world: World, **choices: str) -> Any:
    return merge(keep=keep, drop=drop, cluster=world.biocat, by=None, choices=choices)


def test_facts_are_chosen_names_and_codes_are_united(world: World) -> None:
    keep = world.organisation(world.biocat, legal_name="Vif SL", codes=[("area", "oncology")])
    drop = world.organisation(
        world.biocat,
        legal_name="Émile Vif SAS",
        website="https://www.vif.example",
        city="Girona",
        codes=[("area", "oncology"), ("product", "drug")],
        employees=9,
        category="midcap",
    )
    OrganisationName.objects.create(organisation=drop, name="Vif & fils", folded="vif fils")

    merged(keep, drop, world, legal_name="drop", category="drop")

    row = fresh(keep)
    assert (row.legal_name, row.city, row.domain) == ("Émile Vif SAS", "Girona", "vif.example")
    assert row.name_folded == "emile vif sas"
    assert set(row.names.values_list("name", flat=True)) == {"Vif SL", "Vif & fils"}
    assert set(row.fields.values_list("code", flat=True)) == {"oncology", "drug"}
    kept = membership(row, world)
    assert (kept.employees, kept.category) == (9, "midcap")
    assert fresh(drop).merged_into_id == keep.pk


def test_people_notes_files_and_tags_move(world: World) -> None:
    keep, drop = world.organisation(world.biocat), world.organisation(world.biocat)
    person = world.person(organisation=drop, job="CEO")
    both = world.person(organisation=keep, job="")
    Position.objects.create(
        person=both, organisation=drop, job="CTO", during=(dt.date(2019, 1, 1), None)
    )
    tag = Tag.objects.create(cluster=world.biocat, name="vip", folded="vip")
    theirs = membership(drop, world)
    Membership.objects.filter(pk=theirs.pk).update(tags=[tag.pk], custom={"3": "yes"})
    Note.objects.create(cluster=world.biocat, membership=theirs, text="Visited")
    Attachment.objects.create(
        cluster=world.biocat, membership=theirs, name="a.pdf", media_type="application/pdf", size=1
    )

    merged(keep, drop, world)

    kept = membership(keep, world)
    assert person.positions.get().organisation == keep
    post = both.positions.get()
    assert (post.job, post.during.lower) == ("CTO", dt.date(2019, 1, 1))
    assert (kept.tags, kept.custom) == ([tag.pk], {"3": "yes"})
    assert (kept.notes.count(), kept.attachments.count()) == (1, 1)


def test_from_a_core_that_others_keep_only_what_is_mine_moves(world: World) -> None:
    keep = world.organisation(world.biocat, legal_name="Twin SL", city="")
    drop = shared(world, legal_name="Twin GmbH", city="Martinsried")
    other = world.organisation(world.biocat)
    Duplicate.objects.create(
        cluster=world.biocat,
        noun="organisation",
        first=drop.pk,
        second=other.pk,
        score=80,
        found_at=timezone.now(),
    )
    assert Duplicate.objects.living("organisation").exists()
    mine, foreign = world.person(organisation=drop), world.person(world.biom, organisation=drop)

    merged(keep, drop, world)

    assert not Duplicate.objects.living("organisation").exists()
    assert mine.positions.get().organisation == keep
    assert foreign.positions.get().organisation == drop
    row = fresh(drop)
    assert (row.merged_into_id, row.version, row.legal_name) == (None, 1, "Twin GmbH")
    assert list(drop.memberships.values_list("cluster", flat=True)) == [world.biom.pk]
    assert (fresh(keep).city, membership(keep, world).employees) == ("Martinsried", 7)


def test_a_core_at_home_elsewhere_is_not_written(world: World) -> None:
    keep = shared(world, legal_name="Twin GmbH", city="")
    drop = world.organisation(world.biocat, legal_name="Twin SL", city="Girona", employees=9)

    merged(keep, drop, world, legal_name="drop", employees="drop")

    row = fresh(keep)
    assert (row.legal_name, row.city, row.names.count()) == ("Twin GmbH", "", 0)
    assert membership(row, world).employees == 9
    assert fresh(drop).merged_into_id == keep.pk


def test_a_core_at_home_that_others_keep_cannot_go(world: World) -> None:
    keep, drop = world.organisation(world.biocat), world.organisation(world.biocat)
    Membership.objects.create(organisation=drop, cluster=world.biom)

    with pytest.raises(Refused, match="let the other one go into it") as refused:
        merged(keep, drop, world)
    assert "BioM" not in str(refused.value)

    merged(drop, keep, world)
    assert fresh(keep).merged_into_id == drop.pk


def test_what_cannot_be_merged_is_refused_in_words(world: World) -> None:
    keep = world.organisation(world.biocat)
    gone, shelved = world.organisation(world.biocat), world.organisation(world.biocat)
    foreign = world.organisation(world.biom)
    merged(keep, gone, world)
    organisations.archive(organisation=shelved, by=None)

    for other, sentence in (
        (keep, "one and the same"),
        (gone, "merged already"),
        (shelved, "archived"),
        (foreign, "does not keep"),
    ):
        for pair in ((keep, other), (other, keep)):
            with pytest.raises(Refused, match=sentence):
                merged(*pair, world)


def test_a_preview_that_is_no_longer_true_is_refused(world: World) -> None:
    keep, drop = world.organisation(world.biocat), world.organisation(world.biocat)
    organisations.edit(organisation=keep, by=None, version=1, city="Girona")

    with pytest.raises(Stale):
        merge(keep=keep, drop=drop, cluster=world.biocat, by=None, versions=(1, 1))


def everything(world: World, drop: Organisation) -> Organisation:
    """One more organisation, between which and `drop` a merge has much to do."""
    keep = world.organisation(world.biocat, legal_name="Vif SL", codes=[("area", "cns")])
    world.person(organisation=drop, job="CEO")
    both = world.person(organisation=keep)
    Position.objects.create(
        person=both, organisation=drop, job="CTO", during=(dt.date(2019, 1, 1), None)
    )
    theirs = membership(drop, world)
    Membership.objects.filter(pk=theirs.pk).update(custom={"3": "yes"}, employees=12)
    Note.objects.create(cluster=world.biocat, membership=theirs, text="Visited")
    OrganisationName.objects.create(organisation=drop, name="Old", folded="old")
    figures.state(
        by=None, metric="employees", value=7, source="x", as_of=dt.date(2026, 1, 1),
        organisation=drop,
    )  # fmt: skip
    first, second = sorted((keep.pk, drop.pk))
    Duplicate.objects.create(
        cluster=world.biocat,
        noun="organisation",
        first=first,
        second=second,
        score=90,
        found_at=timezone.now(),
    )
    return keep


@pytest.mark.parametrize("kept_by_others", [False, True])
def test_undoing_leaves_every_table_as_it_was(world: World, kept_by_others: bool) -> None:
    make = shared if kept_by_others else (lambda w, **v: w.organisation(w.biocat, **v))
    drop = make(world, legal_name="Émile Vif SAS", codes=[("area", "oncology")], city="Girona")
    keep = everything(world, drop)
    before = tables()

    found = merged(keep, drop, world, legal_name="drop", city="drop", standing="drop")
    changed = [name for name, rows in tables().items() if rows != before[name]]
    undone = undo(merge=found, by=None)

    assert {"Organisation", "Membership", "Position", "OrganisationName"} <= set(changed)
    assert tables() == before
    assert undone.stayed == []


def test_what_was_changed_since_stays_and_is_listed(world: World) -> None:
    drop = world.organisation(world.biocat, legal_name="Émile Vif SAS", city="Girona")
    keep = everything(world, drop)
    found = merged(keep, drop, world, legal_name="drop")
    row = fresh(keep)
    organisations.edit(organisation=row, by=None, version=row.version, city="Reus")
    newcomer = world.person(organisation=keep)

    undone = undo(merge=found, by=None)

    row = fresh(keep)
    assert (row.city, row.legal_name) == ("Reus", "Vif SL")
    assert newcomer.positions.get().organisation == keep
    assert Person.objects.get(positions__organisation=drop, positions__job="CEO")
    assert [(step["noun"], step["fields"]) for step in undone.stayed] == [
        ("organisation", ["city"])
    ]


@pytest.mark.django_db(transaction=True)
def test_an_edit_under_way_is_waited_for(world: World) -> None:
    keep, drop = world.organisation(world.biocat, employees=5), world.organisation(world.biocat)
    kept = membership(keep, world)

    edit = organisations.edit_membership
    with under_way(lambda: edit(membership=kept, by=None, employees=9)):
        merged(keep, drop, world)

    assert membership(keep, world).employees == 9
