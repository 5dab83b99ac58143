import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crm.actions import (
    answers,
    custom_fields,
    notes,
    organisations,
    people,
    tags,
    timelines,
)
from crm.models import Membership, Person
from crm.models.vocabulary import Words, with_words, words_of
from tests.world import World

pytestmark = pytest.mark.django_db


def timeline(world: World, person: Person, who: str = "contact_biocat", **asked: str) -> Any:
    row = with_words(Person.objects.filter(pk=person.pk)).get()
    return timelines.of(row, world.users[who], words_of(row), **asked)


def titles(of: Any) -> list[str]:
    return [entry.title for entry in of.entries]


def test_everything_about_a_person_stands_on_one_timeline(world: World) -> None:
    company = world.organisation(world.biocat, legal_name="Alba SL")
    person = world.person(world.biocat, organisation=company, job="CEO")
    world.call()
    answers.give(person=person, mission=world.mission, value="interested", note="Two of us.")
    notes.add(person=person, text="Met at the fair.", by=world.users["contact_biocat"])
    tag = tags.create(cluster=world.biocat, name="Fair", by=None)
    people.edit(person=person, by=None, version=1, phone="+34 1", tags=[tag])
    people.archive(person=person, by=None)

    found = timeline(world, person)

    assert set(titles(found)) == {
        "Archived",
        "Changed",
        "Note",
        "Answered “interested” to Japan mission",
        "Japan mission",
        "Recorded by the cluster: missions and events",
        "CEO at Alba SL",
        f"Address {person.email}",
        "Entered into the address book",
    }
    changed = next(entry for entry in found.entries if entry.title == "Changed")
    assert sorted(changed.changes) == [("Tags", "–", "Fair"), ("phone", "–", "+34 1")]
    moments = [entry.at for entry in found.entries]
    assert moments == sorted(moments, reverse=True)


def test_chips_narrow_it_to_one_kind(world: World) -> None:
    person = world.person(world.biocat)
    notes.add(person=person, text="Met at the fair.", by=None)

    assert titles(timeline(world, person, show="notes")) == ["Note"]
    assert titles(timeline(world, person, show="answers")) == []
    assert len(titles(timeline(world, person, show="nonsense"))) > 1


def test_it_is_read_a_page_at_a_time_and_nothing_is_lost(world: World) -> None:
    person = world.person(world.biocat)
    for n in range(70):
        notes.add(person=person, text=f"Note {n}", by=None)

    pages = [timeline(world, person, show="notes", page=str(n)) for n in (1, 2, 3)]

    texts = [entry.text for page in pages for entry in page.entries]
    assert [len(page.entries) for page in pages] == [30, 30, 10]
    assert [page.more for page in pages] == [True, True, False]
    assert texts == [f"Note {n}" for n in reversed(range(70))]
    assert timeline(world, person, show="notes", page="-1").number == 1
    assert timeline(world, person, show="notes", page="9" * 30).number == 1
    assert timeline(world, person, show="notes", page="9999").entries == []


def test_what_was_removed_or_merged_is_still_told_by_name_but_not_by_word(world: World) -> None:
    person = world.person(world.biocat)
    note = notes.add(person=person, text="Private matter.", by=None)
    notes.remove(note=note, by=None)
    tag = tags.create(cluster=world.biocat, name="Fair", by=None)
    people.edit(person=person, by=None, version=1, tags=[tag])
    tags.remove(tag=tag, by=None)

    found = timeline(world, person)

    assert "A note was removed" in titles(found)
    assert "Private matter." not in str(found)
    assert [entry.changes for entry in found.entries if entry.changes] == [
        [("Tags", "Fair", "–")],
        [("Tags", "–", "Fair")],
    ]


def test_answers_to_custom_fields_are_told_as_people_say_them(world: World) -> None:
    person = world.person(world.biocat)
    since = custom_fields.create(
        cluster=world.biocat, noun="person", name="Member since", kind="date", by=None
    )
    board = custom_fields.create(
        cluster=world.biocat, noun="person", name="On the board", kind="yes_no", by=None
    )

    people.edit(person=person, by=None, version=1, custom={since: "2027-05-31", board: True})

    entry = next(e for e in timeline(world, person).entries if e.title == "Changed")
    assert sorted(entry.changes) == [
        ("Member since", "–", "31 May 2027"),
        ("On the board", "–", "yes"),
    ]


def test_who_changes_company_keeps_their_history_and_both_companies_show_it(world: World) -> None:
    former = world.organisation(world.biocat, legal_name="Alba SL")
    new = world.organisation(world.biocat, legal_name="Mar SL")
    long_ago = timezone.now() - dt.timedelta(days=900)
    person = world.person(
        world.biocat, organisation=former, job="CEO", given="Núria", family="Serra", at=long_ago
    )

    people.move(person=person, organisation=new, job="CTO", by=None)

    own = titles(timeline(world, person))
    assert "CEO at Alba SL" in own
    assert "CTO at Mar SL" in own
    viewer = world.users["contact_biocat"]
    assert titles(timelines.of(former, viewer, Words(), show="people")) == [
        "Núria Serra left",
        "Núria Serra began",
    ]
    assert titles(timelines.of(new, viewer, Words(), show="people")) == ["Núria Serra began"]


def test_an_organisation_tells_each_cluster_its_own(world: World) -> None:
    company = world.organisation(world.biocat, legal_name="Twin Works")
    theirs = Membership.objects.create(organisation=company, cluster=world.biom)
    ours = company.memberships.get(cluster=world.biocat)
    organisations.edit(organisation=company, by=None, version=1, city="Girona")
    for membership, word in ((ours, "canaryours"), (theirs, "canarytheirs")):
        notes.add(membership=membership, text=word, by=None)
        organisations.edit_membership(
            membership=membership,
            by=None,
            tags=tags.named(cluster=membership.cluster, names=[f"{word}tag"], by=None),
        )
        world.person(
            membership.cluster, organisation=company, given=f"{word}given", family="Person"
        )
    world.call()

    def told(who: str) -> str:
        viewer = world.users[who]
        mine = Membership.objects.visible_to(viewer).filter(organisation=company)
        words = [words_of(row) for row in with_words(mine)]
        return str(timelines.of(company, viewer, words[0] if words else Words()))

    assert "canaryours" in told("contact_biocat")
    assert "canaryourstag" in told("contact_biocat")
    assert "canaryoursgiven" in told("contact_biocat")
    assert "1 of 1 mail" in told("contact_biocat") or "0 of 1 mail" in told("contact_biocat")
    assert "canarytheirs" not in told("contact_biocat")
    assert "canarytheirs" in told("contact_biom")
    assert "canaryours" not in told("contact_biom")
    for who in ("coordinator", "coordinator_magia"):
        assert "Girona" in told(who)
        assert "canary" not in told(who)


def test_nobody_but_the_own_cluster_has_a_timeline_of_a_person(world: World) -> None:
    person = world.person(world.biocat)
    notes.add(person=person, text="Met at the fair.", by=None)

    assert timeline(world, person, "reader").entries
    assert timeline(world, person, "admin").entries
    for who in ("contact_biom", "coordinator", "coordinator_magia"):
        assert timeline(world, person, who).entries == []
        assert timeline(world, person, who).kinds == []
