"""Whom a region takes out of its own lane."""

import datetime as dt
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from campaigns.actions import audiences, campaigns, freezing, ledger, releases, trimming
from campaigns.actions.explaining import explain
from campaigns.models import Campaign, Delivery, Exclusion, Release, Trim
from crm.actions import consent, people
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, LegalBasis, Organisation, Person
from tests.kit.races import under_way
from tests.world import World

R, S = Exclusion.Reason, Release.Status


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def these(*chosen: Person) -> Any:
    return Person.objects.filter(pk__in=[person.pk for person in chosen])


def take_out(world: World, lane: Release, *chosen: Person, reason: str = "") -> int:
    by = world.users["contact_biom"]
    return trimming.take_out(release=lane, people=these(*chosen), by=by, reason=reason)


def bring_back(world: World, lane: Release, *chosen: Person) -> int:
    by = world.users["contact_biom"]
    return trimming.bring_back(release=lane, people=these(*chosen), by=by)


def test_who_is_taken_out_gets_no_copy_and_counts(world: World, draft: Campaign) -> None:
    out, stays = world.person(world.biom), world.person(world.biom)
    lane = world.lane(draft, world.biom)

    assert take_out(world, lane, out, reason="We call her") == 1

    counted = {each.release: each for each in audiences.count(draft)[0]}
    assert counted[lane].expected == 1
    assert counted[lane].excluded == {R.TRIMMED: 1}
    call = world.call()
    assert Delivery.objects.get(campaign=call, release=lane).person == stays
    assert Exclusion.objects.get(campaign=call, person=out).reason == R.TRIMMED
    assert ledger.read(call).balances


def test_who_is_brought_back_gets_it(world: World, draft: Campaign) -> None:
    person = world.person(world.biom)
    lane = world.lane(draft, world.biom)
    take_out(world, lane, person)

    assert bring_back(world, lane, person) == 1

    assert audiences.verdicts(draft)[person.pk] == (lane.pk, None)
    assert not Trim.objects.exists()


def test_what_the_reader_said_comes_first(world: World, draft: Campaign) -> None:
    archived, paused, often = (world.person(world.biom) for _n in range(3))
    lane = world.lane(draft, world.biom)
    take_out(world, lane, archived, paused, often)
    people.archive(person=archived, by=None)
    Person.objects.filter(pk=paused.pk).update(
        paused_until=timezone.localdate() + dt.timedelta(days=9)
    )

    asked = audiences.verdicts(draft)

    assert asked[paused.pk][1] == R.PAUSED
    assert asked[often.pk][1] == R.TRIMMED
    assert asked.get(archived.pk, (lane.pk, R.ARCHIVED))[1] == R.ARCHIVED


@pytest.mark.parametrize("act", ["take out", "bring back"])
def test_the_lane_waits_for_its_signature_again_and_no_other_does(
    world: World, draft: Campaign, act: str
) -> None:
    person = world.person(world.biom)
    lane, other = world.lane(draft, world.biom), world.lane(draft, world.biocat)
    if act == "bring back":
        take_out(world, lane, person)
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    lane.refresh_from_db()

    {"take out": take_out, "bring back": bring_back}[act](world, lane, person)

    other.refresh_from_db()
    assert (lane.status, lane.signed_version) == (S.WAITING, None)
    assert other.status == S.RELEASED
    verb = {"take out": "took out", "bring back": "brought back"}[act]
    entry = AuditEntry.objects.get(noun="release", row_id=lane.pk, verb=verb)
    assert (entry.user, entry.count) == (world.users["contact_biom"], 1)
    assert entry.cluster == world.biom


def test_who_signs_signs_for_who_is_taken_out(world: World, draft: Campaign) -> None:
    person = world.person(world.biom)
    lane = world.lane(draft, world.biom)
    before = releases.seen_in(draft, [lane])

    take_out(world, lane, person)

    assert releases.seen_in(draft, [lane]) != before


def test_only_people_of_the_lanes_own_cluster(world: World, draft: Campaign) -> None:
    foreign = world.person(world.biocat)
    follower = world.follower(world.biom)
    lane = world.lane(draft, world.biom)

    with pytest.raises(Refused, match="None of them is in the lane of BioM"):
        take_out(world, lane, foreign, follower)
    with pytest.raises(Refused, match="Only a region"):
        take_out(world, world.lane(draft, None), follower)
    assert not Trim.objects.exists()


def test_twice_is_said_and_asks_nobody_again(world: World, draft: Campaign) -> None:
    person = world.person(world.biom)
    lane = world.lane(draft, world.biom)
    take_out(world, lane, person)
    releases.release(release=lane, by=None)

    with pytest.raises(Refused, match="taken out already"):
        take_out(world, lane, person)
    lane.refresh_from_db()
    assert lane.status == S.RELEASED
    bring_back(world, lane, person)
    with pytest.raises(Refused, match="None of them was taken out"):
        bring_back(world, lane, person)


def test_too_late_once_the_lane_is_sent(world: World) -> None:
    person, other = world.person(world.biom), world.person(world.biom)
    draft = world.call(release=False, start=False)
    lane = world.lane(draft, world.biom)
    take_out(world, lane, other)
    world.call()

    for act in (take_out, bring_back):
        with pytest.raises(IllegalTransition, match="no longer changes"):
            act(world, lane, person)
    for write in (
        lambda: Trim.objects.create(release=lane, person=person),
        lambda: Trim.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="of a frozen lane"), transaction.atomic():
            write()


def test_an_ended_campaign_is_left_alone(world: World, draft: Campaign) -> None:
    person = world.person(world.biom)
    campaigns.cancel(campaign=draft, by=world.users["coordinator"])

    with pytest.raises(IllegalTransition, match="is cancelled"):
        take_out(world, world.lane(draft, world.biom), person)


def test_a_merged_record_stays_out_and_is_brought_back(world: World, draft: Campaign) -> None:
    drop, keep = world.person(world.biom), world.person(world.biom)
    lane = world.lane(draft, world.biom)
    take_out(world, lane, drop)

    people.merge(keep=keep, drop=drop, by=None)

    assert audiences.verdicts(draft)[keep.pk][1] == R.TRIMMED
    keep.refresh_from_db()
    bring_back(world, lane, keep)
    assert audiences.verdicts(draft)[keep.pk][1] is None


def test_taking_somebody_out_changes_nothing_in_another_lane(world: World, draft: Campaign) -> None:
    """The address stays with its lane, as it does while a lane is held."""
    first = world.person(world.biom, email="twin@sme.example")
    twin = world.person(world.biocat, email="twin@sme.example")
    follower = world.follower(email="twin@sme.example", allow_shared=True)
    world.person(world.biocat)
    before = audiences.verdicts(draft)
    home, away = (first, twin) if before[first.pk][1] is None else (twin, first)
    lane = draft.releases.get(cluster=home.cluster)

    trimming.take_out(release=lane, people=these(home), by=world.users["admin"])

    after = audiences.verdicts(draft)
    assert after[home.pk][1] == R.TRIMMED
    assert after[away.pk] == before[away.pk]
    assert after[follower.pk] == before[follower.pk]
    assert {pk: why for pk, why in after.items() if pk != home.pk} == {
        pk: why for pk, why in before.items() if pk != home.pk
    }


def test_of_two_behind_one_mailbox_the_other_gets_it(world: World, draft: Campaign) -> None:
    first = world.person(world.biom, email="office@sme.example")
    second = world.person(world.biom, email="office@sme.example", allow_shared=True)

    take_out(world, world.lane(draft, world.biom), first)

    asked = audiences.verdicts(draft)
    assert asked[first.pk][1] == R.TRIMMED
    assert asked[second.pk][1] is None


def test_explaining_names_who_took_them_out_and_why(world: World, draft: Campaign) -> None:
    person = world.person(world.biom)
    take_out(world, world.lane(draft, world.biom), person, reason="We call her")

    before = explain(text=person.email, campaign=draft)
    after = explain(text=person.email, campaign=world.call())

    assert "taken out of the lane of BioM by Contact BioM: We call her" in before[0]
    assert after[0] == "Left out in the lane of BioM: taken out by the region."
    assert "We call her" in after[1]


@pytest.mark.django_db(transaction=True)
def test_a_freeze_waits_for_who_is_being_taken_out(world: World) -> None:
    person, other = world.person(world.biom), world.person(world.biom)
    draft = world.call(start=False)
    lane = world.lane(draft, world.biom)
    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now())

    with under_way(lambda: take_out(world, lane, person)):
        freezing.start_due()

    lane.refresh_from_db()
    assert lane.status == S.WAITING
    assert not Delivery.objects.filter(person__in=[person, other]).exists()
    releases.release(release=lane, by=None)
    freezing.start_due()
    assert Delivery.objects.get(person=other).release == lane
    assert Exclusion.objects.get(person=person).reason == R.TRIMMED


@pytest.mark.django_db(transaction=True)
def test_two_who_take_out_the_same_at_once_do_it_once(world: World) -> None:
    person = world.person(world.biom)
    draft = world.call(release=False, start=False)
    lane = world.lane(draft, world.biom)

    with (
        under_way(lambda: take_out(world, lane, person)),
        pytest.raises(Refused, match="already"),
    ):
        take_out(world, lane, person)

    assert Trim.objects.count() == 1


# --- added


def add(world: World, lane: Release, *chosen: Person, reason: str = "") -> int:
    by = world.users["contact_biom"]
    return trimming.add(release=lane, people=these(*chosen), by=by, reason=reason)


@pytest.fixture
def narrow(world: World, draft: Campaign) -> Campaign:
    """It asks for nobody but people of another region."""
    world.person()
    assert draft.audience
    draft.audience.include = {"f": "cluster", "op": "in", "v": ["biocat"]}
    draft.audience.save()
    return draft


def test_who_is_added_is_asked_for_and_gets_it(world: World, narrow: Campaign) -> None:
    person, stays_out = world.person(world.biom), world.person(world.biom)
    lane = world.lane(narrow, world.biom)
    assert person.pk not in audiences.verdicts(narrow)

    assert add(world, lane, person, reason="She asked us") == 1

    assert audiences.verdicts(narrow)[person.pk] == (lane.pk, None)
    call = world.as_far(narrow, release=True, start=True)
    assert Delivery.objects.get(campaign=call, release=lane).person == person
    assert not Delivery.objects.filter(person=stays_out).exists()
    assert ledger.read(call).balances
    entry = AuditEntry.objects.get(verb="added", noun="release")
    assert (entry.cluster, entry.count, entry.user) == (world.biom, 1, world.users["contact_biom"])


def test_who_is_added_is_judged_as_everybody_else(world: World, narrow: Campaign) -> None:
    left, baseless, archived, fine = (world.person(world.biom) for _n in range(4))
    lane = world.lane(narrow, world.biom)
    add(world, lane, left, baseless, archived, fine)
    assert left.primary
    consent.withdraw(
        address=left.primary.address, scope="alliance", alliance=world.alliance,
        reason="unsubscribed", source="page",
    )  # fmt: skip
    LegalBasis.objects.filter(person=baseless).delete()
    people.archive(person=archived, by=None)

    asked = {pk: reason for pk, (_lane, reason) in audiences.verdicts(narrow).items()}

    assert asked[left.pk] == R.LEFT_ALLIANCE
    assert asked[baseless.pk] == R.NO_BASIS
    assert asked[archived.pk] == R.ARCHIVED
    assert asked[fine.pk] is None


def test_a_region_adds_its_own_contacts_alone(world: World, narrow: Campaign) -> None:
    lane = world.lane(narrow, world.biom)

    for foreign in (world.person(), world.follower(world.biom)):
        with pytest.raises(Refused, match="can stand in the lane of BioM"):
            add(world, lane, foreign)
    with pytest.raises(Refused, match="Only a region"):
        add(world, world.lane(narrow, None), world.person(world.biom))
    assert not Trim.objects.exists()


def test_the_latest_word_about_a_person_counts(world: World, narrow: Campaign) -> None:
    person = world.person(world.biom)
    lane = world.lane(narrow, world.biom)

    add(world, lane, person)
    with pytest.raises(Refused, match="added already"):
        add(world, lane, person)
    assert take_out(world, lane, person) == 1
    assert person.pk not in audiences.verdicts(narrow)
    assert add(world, lane, person) == 1
    assert audiences.verdicts(narrow)[person.pk] == (lane.pk, None)
    with pytest.raises(Refused, match="None of them was taken out"):
        bring_back(world, lane, person)


def test_an_addition_takes_no_reader_from_another_lane(world: World, narrow: Campaign) -> None:
    theirs = world.person(email="office@sme.example")
    firm = world.organisation(world.biom)
    ours = world.person(world.biom, email="office@sme.example", organisation=firm)
    before = audiences.verdicts(narrow)

    add(world, world.lane(narrow, world.biom), ours)

    asked = audiences.verdicts(narrow)
    assert asked[theirs.pk][1] is None
    assert asked[ours.pk][1] == R.IN_ANOTHER_LANE
    assert {pk: why for pk, why in asked.items() if pk != ours.pk} == before


def test_an_addition_asks_its_lane_for_a_new_signature_and_no_other(
    world: World, narrow: Campaign
) -> None:
    releases.release_all(campaign=narrow, by=world.users["coordinator"])
    lane = world.lane(narrow, world.biom)

    add(world, lane, world.person(world.biom))

    assert world.lane(narrow, world.biom).status == S.WAITING
    assert world.lane(narrow, world.biocat).status == S.RELEASED


def test_who_was_added_follows_a_merge_and_is_not_added_once_it_is_sent(
    world: World, narrow: Campaign
) -> None:
    person, kept = world.person(world.biom), world.person(world.biom)
    lane = world.lane(narrow, world.biom)
    add(world, lane, person)
    Person.objects.filter(pk=person.pk).update(merged_into=kept)
    assert audiences.verdicts(narrow)[kept.pk] == (lane.pk, None)

    world.as_far(narrow, release=True, start=True)

    with pytest.raises(IllegalTransition, match="no longer changes"):
        add(world, lane, world.person(world.biom))


def test_why_somebody_was_added_is_explained(world: World, narrow: Campaign) -> None:
    person = world.person(world.biom)
    add(world, world.lane(narrow, world.biom), person, reason="She asked us")

    said = " ".join(explain(text=person.email, campaign=narrow))

    assert "added to the lane of BioM by Contact BioM: She asked us" in said


def away(world: World) -> Organisation:
    """One that BioM keeps and whose home is another region."""
    firm = world.organisation(world.biom)
    Organisation.objects.filter(pk=firm.pk).update(home_cluster=world.biocat)
    return firm


@pytest.mark.parametrize("home", ["both", "the one", "the other"])
def test_another_person_at_the_same_mailbox_gets_it_instead(
    world: World, draft: Campaign, home: str
) -> None:
    at_one, at_other = (
        world.organisation(world.biom) if home in ("both", who) else away(world)
        for who in ("the one", "the other")
    )
    out = world.person(world.biom, email="office@sme.example", title="Dr", organisation=at_one)
    instead = world.person(
        world.biom,
        email="office@sme.example",
        allow_shared=True,
        title="Prof",
        organisation=at_other,
    )
    assert draft.audience
    draft.audience.include = {"f": "title", "op": "in", "v": ["Dr"]}
    draft.audience.save()
    lane = world.lane(draft, world.biom)
    assert [*audiences.verdicts(draft)] == [out.pk]

    take_out(world, lane, out)
    add(world, lane, instead)

    asked = audiences.verdicts(draft)
    assert asked == {out.pk: (lane.pk, R.TRIMMED), instead.pk: (lane.pk, None)}
    call = world.as_far(draft, release=True, start=True)
    assert Delivery.objects.get(campaign=call).person == instead
    assert ledger.read(call).balances


def test_who_works_elsewhere_gets_it_where_the_one_at_home_is_taken_out(
    world: World, draft: Campaign
) -> None:
    at_home = world.person(world.biom, email="office@sme.example")
    other = world.person(
        world.biom, email="office@sme.example", allow_shared=True, organisation=away(world)
    )
    lane = world.lane(draft, world.biom)
    assert audiences.verdicts(draft)[other.pk] == (lane.pk, R.SAME_ADDRESS)

    take_out(world, lane, at_home)

    assert audiences.verdicts(draft)[other.pk] == (lane.pk, None)


def test_an_addition_takes_no_reader_from_its_own_lane(world: World, draft: Campaign) -> None:
    added = world.person(world.biom, email="office@sme.example", title="Prof")
    reader = world.person(world.biom, email="office@sme.example", allow_shared=True, title="Dr")
    assert draft.audience
    draft.audience.include = {"f": "title", "op": "in", "v": ["Dr"]}
    draft.audience.save()
    lane = world.lane(draft, world.biom)

    add(world, lane, added)

    asked = audiences.verdicts(draft)
    assert asked == {reader.pk: (lane.pk, None), added.pk: (lane.pk, R.SAME_ADDRESS)}


@pytest.mark.parametrize("also_of_the_kept", [False, True])
def test_a_word_about_a_merged_record_is_turned(
    world: World, draft: Campaign, also_of_the_kept: bool
) -> None:
    drop, keep = world.person(world.biom), world.person(world.biom)
    lane = world.lane(draft, world.biom)
    take_out(world, lane, *([drop, keep] if also_of_the_kept else [drop]))
    people.merge(keep=keep, drop=drop, by=None)
    keep.refresh_from_db()
    assert audiences.verdicts(draft)[keep.pk] == (lane.pk, R.TRIMMED)

    assert add(world, lane, keep) == 1

    assert audiences.verdicts(draft)[keep.pk] == (lane.pk, None)
    with pytest.raises(Refused, match="added already"):
        add(world, lane, keep)
    assert take_out(world, lane, keep) == 1
    assert audiences.verdicts(draft)[keep.pk] == (lane.pk, R.TRIMMED)
    with pytest.raises(Refused, match="taken out already"):
        take_out(world, lane, keep)
