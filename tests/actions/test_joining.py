"""Two clusters keep an organisation apart, then together, then apart again."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crm.actions import figures, joining, merging, network, organisations, people
from crm.actions.errors import IllegalTransition, Refused
from crm.models import (
    AuditEntry,
    Cluster,
    Figure,
    Join,
    Membership,
    Merge,
    Note,
    Organisation,
    Person,
    Position,
)
from tests.kit.tables import REMEMBERS, tables
from tests.world import World

S = Join.State


@pytest.fixture
def ours(world: World) -> Organisation:
    return world.organisation(
        world.biocat,
        legal_name="Vif Cells SL",
        website="https://www.vif.example",
        codes=[("area", "oncology")],
        employees=9,
    )


@pytest.fixture
def theirs(world: World) -> Organisation:
    return world.organisation(
        world.biom,
        legal_name="VIF Zellen GmbH",
        website="https://vif.example/de",
        city="Martinsried",
        codes=[("product", "drug")],
        employees=12,
    )


def asked(world: World, ours: Organisation, home: Cluster | None = None, **values: Any) -> Join:
    return joining.ask(
        organisation=ours,
        asker=world.biocat,
        asked=world.biom,
        home=home or world.biocat,
        by=world.users["contact_biocat"],
        **values,
    )


def agreed(world: World, join: Join, theirs: Organisation) -> Join:
    return joining.agree(join=join, theirs=theirs, by=world.users["contact_biom"])


def fresh(organisation: Organisation) -> Organisation:
    return Organisation.objects.get(pk=organisation.pk)


@pytest.mark.parametrize("at_home", ["biocat", "biom"])
def test_one_core_with_two_memberships_each_with_its_own(
    world: World, ours: Organisation, theirs: Organisation, at_home: str
) -> None:
    home = getattr(world, at_home)
    worker = world.person(world.biom, organisation=theirs, job="CTO")
    at_biocat, at_biom = (Membership.objects.get(organisation=each) for each in (ours, theirs))
    note = Note.objects.create(cluster=world.biom, membership=at_biom, text="Ours alone")

    join = agreed(world, asked(world, ours, home), theirs)

    keep, drop = (ours, theirs) if home == world.biocat else (theirs, ours)
    row = fresh(keep)
    assert row.home_cluster == home
    assert fresh(drop).merged_into == row
    assert row.legal_name == keep.legal_name
    assert row.city == "Martinsried"  # what one side lacks comes from the other
    assert list(row.names.values_list("name", flat=True)) == [drop.legal_name]
    assert set(row.fields.values_list("code", flat=True)) == {"oncology", "drug"}
    kept = {m.cluster: m.employees for m in row.memberships.all()}
    assert kept == {world.biocat: 9, world.biom: 12}
    assert Membership.objects.get(pk=at_biocat.pk).organisation == row
    assert Note.objects.get(pk=note.pk).membership_id == at_biom.pk
    assert Position.objects.get(person=worker).organisation == row
    assert join.state == S.AGREED
    told = AuditEntry.objects.filter(verb="join", row_id=join.pk)
    assert set(told.values_list("cluster", flat=True)) == {world.biocat.pk, world.biom.pk}


@pytest.mark.parametrize("at_home", ["biocat", "biom"])
def test_undoing_leaves_both_as_they_were(
    world: World, ours: Organisation, theirs: Organisation, at_home: str
) -> None:
    world.person(world.biom, organisation=theirs)
    world.person(world.biocat, organisation=ours)
    join = asked(world, ours, getattr(world, at_home))
    before = tables(without=(*REMEMBERS, "Join"))
    join = agreed(world, join, theirs)
    assert join.merge

    # Whichever of the two wants it.
    merging.undo(merge=join.merge, by=world.users["contact_biocat"])

    assert tables(without=(*REMEMBERS, "Join")) == before
    undone = AuditEntry.objects.filter(verb="undo merge", noun="organisation")
    assert set(undone.values_list("cluster", flat=True)) == {world.biocat.pk, world.biom.pk}


def test_both_may_undo_and_nobody_else(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    join = agreed(world, asked(world, ours), theirs)
    may = {
        name: Merge.objects.editable_by(user).filter(join=join).exists()
        for name, user in world.users.items()
    }
    assert {name for name, yes in may.items() if yes} == {
        "contact_biocat", "contact_biom", "admin",
    }  # fmt: skip


@pytest.mark.parametrize("kept", [True, False])
def test_whoever_asks_is_answered_alike_whether_it_is_kept_there_or_not(
    world: World, ours: Organisation, kept: bool
) -> None:
    if kept:
        world.organisation(world.biom, legal_name="Vif Cells SL", website="https://vif.example")
    join = asked(world, ours)
    assert (join.state, join.told["legal_name"]) == (S.OPEN, "Vif Cells SL")
    joining.decline(join=join, by=world.users["contact_biom"])
    assert Organisation.objects.visible_to(world.users["contact_biocat"]).count() == 1
    with pytest.raises(Refused, match="less than 90 days"):
        asked(world, ours)


def test_a_request_that_nobody_answers_ends_and_may_be_asked_anew(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    old = asked(world, ours, at=timezone.now() - dt.timedelta(days=61))
    assert not old.waits
    with pytest.raises(IllegalTransition):
        agreed(world, old, theirs)
    for end in (joining.decline, joining.withdraw):
        with pytest.raises(IllegalTransition):
            end(join=old, by=None)
    with pytest.raises(Refused, match="less than 90 days"):
        asked(world, ours)
    Join.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=91))
    assert asked(world, ours).waits


def test_what_was_taken_back_may_be_asked_again_and_twice_is_refused(
    world: World, ours: Organisation
) -> None:
    first = asked(world, ours)
    with pytest.raises(Refused, match="asked BioM already"):
        asked(world, ours)
    joining.withdraw(join=first, by=world.users["contact_biocat"])
    assert asked(world, ours).waits


def test_only_an_ally_is_asked_and_only_of_what_is_at_home(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    assert list(joining.partners_of(world.biocat)) == [world.biom]
    with pytest.raises(Refused, match="in an alliance with yours"):
        joining.ask(
            organisation=ours, asker=world.biocat, asked=world.biowin, home=world.biocat, by=None
        )
    Membership.objects.create(organisation=theirs, cluster=world.biocat)
    with pytest.raises(Refused, match="at home with another cluster"):
        asked(world, theirs)
    organisations.archive(organisation=ours, by=None)
    with pytest.raises(Refused, match="archived"):
        asked(world, ours)


def test_what_others_keep_too_does_not_go_away_under_them(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    network.join(
        alliance=world.alliance,
        cluster=world.biowin,
        role="member",
        during=(dt.date(2020, 1, 1), None),
    )
    Membership.objects.create(organisation=theirs, cluster=world.biowin)
    join = asked(world, ours, world.biocat)
    with pytest.raises(Refused, match="must stay"):
        agreed(world, join, theirs)
    joining.withdraw(join=join, by=None)
    agreed(world, asked(world, ours, world.biom), theirs)
    assert fresh(theirs).memberships.count() == 3


def test_a_record_that_changed_meanwhile_is_not_joined(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    join = asked(world, ours)
    organisations.archive(organisation=ours, by=None)
    with pytest.raises(Refused, match="changed since you were asked"):
        agreed(world, join, theirs)
    assert Join.objects.get(pk=join.pk).state == S.OPEN
    assert not Merge.objects.exists()


def test_two_answers_at_once_are_one(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    join = agreed(world, asked(world, ours), theirs)
    with pytest.raises(IllegalTransition):
        agreed(world, join, theirs)
    with pytest.raises(IllegalTransition):
        joining.decline(join=join, by=None)
    assert Merge.objects.count() == 1


def test_people_of_both_stay_with_their_cluster(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    mine = world.person(world.biocat, organisation=ours)
    other = world.person(world.biom, organisation=theirs)
    agreed(world, asked(world, ours), theirs)
    contact = world.users["contact_biocat"]
    assert list(Person.objects.visible_to(contact)) == [mine]
    people.archive(person=other, by=None)
    assert fresh(ours).positions.count() == 2


def test_people_entered_meanwhile_leave_with_their_cluster_and_nobody_is_told_of_them(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    worker = world.person(world.biom, organisation=theirs, job="CTO")
    join = agreed(world, asked(world, ours), theirs)
    people.correct_job(position=worker.positions.get(), job="CEO", by=None, version=worker.version)
    newcomer = world.person(world.biom, organisation=fresh(ours))
    assert join.merge

    undone = merging.undo(merge=join.merge, by=world.users["contact_biocat"])

    posts = Position.objects.filter(person__in=[worker, newcomer])
    assert {post.organisation for post in posts} == {theirs}
    assert set(posts.values_list("job", flat=True)) == {"CEO", ""}
    assert undone.stayed == []
    assert asked(world, ours).waits  # nobody else's people stand in its way


@pytest.mark.parametrize("at_home", ["biocat", "biom"])
@pytest.mark.parametrize("archived", [True, False])
def test_who_kept_the_other_record_beside_its_own_keeps_one(
    world: World, ours: Organisation, theirs: Organisation, at_home: str, *, archived: bool
) -> None:
    home, leaving = world.biocat, world.biom
    keep, drop = ours, theirs
    if at_home == "biom":
        home, leaving, keep, drop = leaving, home, drop, keep
    beside = Membership.objects.create(
        organisation=keep,
        cluster=leaving,
        archived_at=timezone.now() if archived else None,
    )
    own = Membership.objects.get(organisation=drop)
    note = Note.objects.create(cluster=leaving, membership=own, text="Ours alone")
    join = asked(world, ours, home)
    before = tables(without=(*REMEMBERS, "Join"))

    join = agreed(world, join, theirs)

    membership = Membership.objects.get(organisation=keep, cluster=leaving)
    assert membership.pk == beside.pk
    assert (membership.archived_at, membership.employees) == (None, own.employees)
    assert Note.objects.get(pk=note.pk).membership_id == beside.pk
    assert join.merge
    merging.undo(merge=join.merge, by=None)
    assert tables(without=(*REMEMBERS, "Join")) == before


def test_what_was_stated_of_the_one_that_goes_is_read_by_both(
    world: World, ours: Organisation, theirs: Organisation
) -> None:
    stated = figures.state(
        by=None, metric="employees", value=12, source="x", as_of=dt.date(2026, 1, 1),
        organisation=theirs,
    )  # fmt: skip
    agreed(world, asked(world, ours), theirs)
    for name in ("contact_biocat", "contact_biom"):
        seen = Figure.objects.visible_to(world.users[name]).about(fresh(ours))
        assert list(seen) == [stated]
    assert (
        not Figure.objects.visible_to(world.users["contact_biowin"]).filter(pk=stated.pk).exists()
    )
