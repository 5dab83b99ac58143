"""Two people of one cluster become one, and two again."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models.judgement import judge
from crm.actions import answers, consent, people
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.actions.merging import undo
from crm.actions.merging_people import merge
from crm.models import (
    Attachment,
    AuditEntry,
    Duplicate,
    LegalBasis,
    Note,
    Person,
    Position,
    Subscription,
    Suppression,
    Tag,
    Topic,
)
from tests.kit.tables import tables
from tests.world import World


def obstacle(person: Person) -> str:
    row = Person.objects.with_obstacle(timezone.localdate()).get(pk=person.pk)
    return str(getattr(row, "obstacle"))  # noqa: B009  an annotation


def stop(person: Person, scope: str = "cluster", **names: Any) -> Suppression:
    assert person.primary
    return consent.withdraw(
        address=person.primary.address,
        scope=scope,
        reason=names.pop("reason", "objected"),
        source="a phone call",
        person=person,
        **names,
    )


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


# --- what the kept person gets


def test_what_the_one_lacks_comes_from_the_other_and_a_choice_wins(world: World) -> None:
    keep = world.person(given="Anna", family="Rossi", phone="", title="Dr.")
    drop = world.person(given="A.", family="Rossi", phone="+34 1", title="Prof.", language="ca")

    merge(keep=keep, drop=drop, by=None, choices={"title": "drop"})

    row = fresh(keep)
    assert (row.title, row.given, row.phone, row.language) == ("Prof.", "Anna", "+34 1", "ca")
    assert row.name_folded == "anna rossi"
    assert fresh(drop).merged_into_id == keep.pk
    entry = AuditEntry.objects.get(verb="merge")
    assert (entry.noun, entry.row_id, entry.cluster) == ("person", keep.pk, world.biocat)


def test_tags_are_united_and_answers_to_custom_fields_are_chosen_one_by_one(world: World) -> None:
    keep, drop = world.person(), world.person()
    one, two = (
        Tag.objects.create(cluster=world.biocat, name=name, folded=name) for name in ("one", "two")
    )
    Person.objects.filter(pk=keep.pk).update(tags=[one.pk], custom={"7": "red", "8": "", "9": "a"})
    Person.objects.filter(pk=drop.pk).update(
        tags=[one.pk, two.pk], custom={"7": "blue", "8": "wide", "9": "b", "10": False}
    )

    merge(keep=keep, drop=drop, by=None, choices={"custom_9": "drop"})

    row = fresh(keep)
    assert row.tags == [one.pk, two.pk]
    assert row.custom == {"7": "red", "8": "wide", "9": "b", "10": False}


def test_both_mailboxes_stay_and_one_is_where_mails_go(world: World) -> None:
    keep, drop = world.person(email="k@one.example"), world.person(email="d@two.example")

    merge(keep=keep, drop=drop, by=None)

    uses = fresh(keep).addresses.order_by("pk").values_list("address__email", "is_primary")
    assert list(uses) == [("k@one.example", True), ("d@two.example", False)]
    assert not drop.addresses.exists()


def test_the_other_mailbox_can_be_chosen(world: World) -> None:
    keep, drop = world.person(email="k@one.example"), world.person(email="d@two.example")

    merge(keep=keep, drop=drop, by=None, choices={"mailbox": "drop"})

    assert fresh(keep).email == "d@two.example"
    assert obstacle(keep) == ""


def test_posts_move_and_grow_together_where_they_overlap(world: World) -> None:
    shared, other = world.organisation(world.biocat), world.organisation(world.biocat)
    keep = world.person(organisation=shared, job="")
    drop = world.person(organisation=shared, job="CEO", at=dt.datetime(2019, 3, 1, tzinfo=dt.UTC))
    Position.objects.create(
        person=drop, organisation=other, job="Founder", during=(None, dt.date(2019, 3, 1))
    )

    merge(keep=keep, drop=drop, by=None)

    posts = keep.positions.order_by("during").values_list("organisation", "job", "during")
    assert [(pk, job, during.lower, during.upper) for pk, job, during in posts] == [
        (other.pk, "Founder", None, dt.date(2019, 3, 1)),
        (shared.pk, "CEO", dt.date(2019, 3, 1), None),
    ]
    assert not drop.positions.exists()


def test_a_post_over_two_others_lengthens_the_first_and_the_last(world: World) -> None:
    place = world.organisation(world.biocat)
    keep = world.person(organisation=place, at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    Position.objects.create(
        person=keep, organisation=place, during=(dt.date(2018, 1, 1), dt.date(2020, 1, 1))
    )
    drop = world.person(organisation=place, at=dt.datetime(2016, 1, 1, tzinfo=dt.UTC))

    merge(keep=keep, drop=drop, by=None)

    assert [
        (post.during.lower, post.during.upper) for post in keep.positions.order_by("during")
    ] == [
        (dt.date(2016, 1, 1), dt.date(2020, 1, 1)),
        (dt.date(2022, 1, 1), None),
    ]


def test_notes_and_files_move_and_proofs_stay_with_whom_they_are_about(world: World) -> None:
    keep, drop = world.person(), world.person()
    Note.objects.create(cluster=world.biocat, person=drop, text="Met in Basel")
    Attachment.objects.create(
        cluster=world.biocat, person=drop, name="card.pdf", media_type="application/pdf", size=1
    )
    answers.give(person=drop, mission=world.mission, value="interested")

    merge(keep=keep, drop=drop, by=None)

    assert keep.notes.get().text == "Met in Basel"
    assert keep.attachments.count() == 1
    assert drop.answers.count() == 1
    assert drop.consent_records.count() == 1


# --- nobody becomes mailable who was not


def test_who_objected_on_either_side_gets_nothing_afterwards(world: World) -> None:
    for side in ("keep", "drop"):
        for choice in ("keep", "drop"):
            keep, drop = world.person(), world.person()
            stop(keep if side == "keep" else drop, cluster=world.biocat)

            merge(keep=keep, drop=drop, by=None, choices={"mailbox": choice})

            assert obstacle(keep) == "objected", (side, choice)


@pytest.mark.parametrize("scope", ["alliance", "all"])
def test_a_wider_withdrawal_stops_the_cluster_that_knows_of_it_and_no_other(
    world: World, scope: str
) -> None:
    keep, drop = world.person(email="k@one.example"), world.person()
    twin = world.person(world.biom, email="k@one.example")
    stop(drop, scope, **({"alliance": world.alliance} if scope == "alliance" else {}))

    merge(keep=keep, drop=drop, by=None)

    assert obstacle(keep) == "objected"
    assert obstacle(twin) == ""


def test_what_a_reader_left_at_another_cluster_is_not_carried_on(world: World) -> None:
    keep, drop = world.person(), world.person()
    stop(drop, cluster=world.biom)

    merge(keep=keep, drop=drop, by=None)

    assert obstacle(keep) == ""


def test_a_mailbox_that_bounced_says_nothing_about_the_other(world: World) -> None:
    keep, drop = world.person(), world.person()
    stop(drop, "all", reason="hard_bounce")

    merge(keep=keep, drop=drop, by=None)

    assert obstacle(keep) == ""


def test_a_topic_that_one_of_them_left_stays_left(world: World) -> None:
    for leaver in ("keep", "drop"):
        keep, drop = world.person(), world.person()
        for person in (keep, drop):
            consent.subscribe(person=person, topic=world.topic, source="form")
        stop(keep if leaver == "keep" else drop, "topic", topic=world.topic)

        merge(keep=keep, drop=drop, by=None)

        assert keep.subscriptions.get().state == "left"


def test_a_topic_left_by_mailbox_alone_stays_left(world: World) -> None:
    keep, drop = world.person(), world.person()
    stop(drop, "topic", topic=world.topic)

    merge(keep=keep, drop=drop, by=None)

    assert keep.subscriptions.get().state == "left"


def test_a_wish_comes_along_and_an_unconfirmed_one_is_not_raised(world: World) -> None:
    keep, drop = world.person(), world.person()
    consent.subscribe(person=drop, topic=world.topic, source="form")
    other = Topic.objects.create(
        slug="news", alliance=world.alliance, controller=world.biocat, purpose="news", names={}
    )
    consent.subscribe(person=drop, topic=other, source="form")
    Subscription.objects.create(person=keep, topic=other, state="pending", since=timezone.now())

    merge(keep=keep, drop=drop, by=None)

    states = dict(keep.subscriptions.values_list("topic", "state"))
    assert states == {world.topic.pk: "active", other.pk: "pending"}


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        (None, ["japan"], ["japan"]),
        (["korea"], ["japan"], ["japan", "korea"]),
        ([], ["japan"], []),
        (["japan"], [], []),
    ],
)
def test_the_markets_of_a_topic_come_along(
    world: World, ours: list[str] | None, theirs: list[str], kept: list[str]
) -> None:
    keep, drop = follows(world, ours), follows(world, theirs)

    found = merge(keep=keep, drop=drop, by=None)

    assert keep.subscriptions.get().markets == kept
    undo(merge=found, by=None)
    assert [wish.markets for wish in keep.subscriptions.all()] == ([] if ours is None else [ours])
    assert drop.subscriptions.get().markets == theirs


def test_what_nobody_confirmed_widens_no_markets(world: World) -> None:
    keep, drop = follows(world, ["japan"]), follows(world, [])
    drop.subscriptions.update(state="pending")

    merge(keep=keep, drop=drop, by=None)

    assert keep.subscriptions.get().markets == ["japan"]


def follows(world: World, markets: list[str] | None) -> Person:
    person = world.person()
    if markets is not None:
        consent.subscribe(person=person, topic=world.topic, source="form")
        person.subscriptions.update(markets=markets)
    return person


def test_reasons_to_write_come_with_the_mailbox(world: World) -> None:
    keep, drop = world.person(basis=None), world.person()
    merge(keep=keep, drop=drop, by=None, choices={"mailbox": "keep"})
    assert obstacle(keep) == "no_basis"

    keep, drop = world.person(basis=None), world.person()
    merge(keep=keep, drop=drop, by=None, choices={"mailbox": "drop"})
    assert obstacle(keep) == ""

    keep, drop = world.person(email=""), world.person(basis=None)
    merge(keep=keep, drop=drop, by=None)
    assert obstacle(keep) == "no_basis"


def test_without_a_choice_mails_go_where_they_may(world: World) -> None:
    keep, drop = world.person(basis=None), world.person(email="d@two.example")

    merge(keep=keep, drop=drop, by=None)

    assert (fresh(keep).email, obstacle(keep)) == ("d@two.example", "")


def test_a_reason_ends_when_the_first_of_two_does(world: World) -> None:
    keep, drop = world.person(), world.person()
    ends = timezone.localdate() + dt.timedelta(days=9)
    LegalBasis.objects.filter(person=drop).update(expires_on=ends)

    merge(keep=keep, drop=drop, by=None)

    assert keep.legal_bases.get().expires_on == ends


def test_silence_and_the_objection_to_sharing_hold_on(world: World) -> None:
    keep, drop = world.person(), world.person()
    until = timezone.localdate() + dt.timedelta(days=30)
    people.edit(person=drop, by=None, version=1, paused_until=until, share_objected=True)

    merge(keep=keep, drop=drop, by=None)

    assert fresh(keep).share_objected
    assert obstacle(keep) == "paused"


def test_mails_that_wait_are_stopped_with_it(world: World) -> None:
    keep, drop = world.person(language="en"), world.person(language="en")
    call = world.call()
    assert call.deliveries.filter(person=keep, state=1).exists()
    stop(drop, cluster=world.biocat)

    merge(keep=keep, drop=drop, by=None)

    assert not call.deliveries.filter(person=keep, state=1).exists()


def test_a_merged_person_is_in_no_audience(world: World) -> None:
    keep, drop = world.person(language="en"), world.person(language="en")
    merge(keep=keep, drop=drop, by=None)

    call = world.call()

    assert set(call.deliveries.values_list("person", flat=True)) == {keep.pk}
    assert judge(call)


# --- refusals


def test_what_cannot_be_merged_is_refused_in_words(world: World) -> None:
    person, foreign = world.person(), world.person(world.biom)
    gone, shelved, erased = world.person(), world.person(), world.person()
    merge(keep=person, drop=gone, by=None)
    people.archive(person=shelved, by=None)
    Person.objects.filter(pk=erased.pk).update(erased_at=timezone.now())

    for other, sentence in (
        (person, "one and the same"),
        (foreign, "different clusters"),
        (gone, "merged already"),
        (shelved, "archived"),
        (erased, "erased"),
    ):
        for keep, drop in ((person, other), (other, person)):
            with pytest.raises(Refused, match=sentence):
                merge(keep=keep, drop=drop, by=None)


def test_a_preview_that_is_no_longer_true_is_refused(world: World) -> None:
    keep, drop = world.person(), world.person()
    people.edit(person=drop, by=None, version=1, phone="+34 2")

    with pytest.raises(Stale, match="changed"):
        merge(keep=keep, drop=drop, by=None, versions=(1, 1))
    assert fresh(drop).merged_into_id is None


def test_what_was_merged_into_the_one_who_goes_follows(world: World) -> None:
    first, second, third = world.person(), world.person(), world.person()
    merge(keep=second, drop=third, by=None)
    merge(keep=first, drop=second, by=None)

    assert set(first.merged.all()) == {second, third}


def test_the_pair_is_decided_and_a_dismissal_of_the_one_who_goes_holds_on(world: World) -> None:
    keep, drop, other = world.person(), world.person(), world.person()
    for first, second, state in (
        (keep, drop, "open"),
        (drop, other, "dismissed"),
    ):
        Duplicate.objects.create(
            cluster=world.biocat,
            noun="person",
            first=first.pk,
            second=second.pk,
            score=90,
            state=state,
            found_at=timezone.now(),
        )

    merge(keep=keep, drop=drop, by=None)

    states = Duplicate.objects.values_list("first", "second", "state")
    assert set(states) == {
        (keep.pk, drop.pk, "merged"),
        (drop.pk, other.pk, "dismissed"),
        (keep.pk, other.pk, "dismissed"),
    }


# --- two again


def everything(world: World) -> tuple[Person, Person]:
    """Two people between whom a merge has something to do in every table."""
    shared = world.organisation(world.biocat)
    keep = world.person(organisation=shared, title="Dr.", email="k@one.example")
    drop = world.person(
        organisation=shared,
        phone="+34 5",
        email="d@two.example",
        at=dt.datetime(2018, 1, 1, tzinfo=dt.UTC),
        basis="consent",
    )
    people.change_address(person=drop, by=None, email="d@three.example")
    people.move(person=drop, organisation=world.organisation(world.biocat), job="CTO", by=None)
    tag = Tag.objects.create(cluster=world.biocat, name="vip", folded="vip")
    people.edit(
        person=drop, by=None, version=1, paused_until=dt.date(2031, 5, 1), share_objected=True
    )
    Person.objects.filter(pk=drop.pk).update(tags=[tag.pk], custom={"1": "yes", "2": True})
    Note.objects.create(cluster=world.biocat, person=drop, text="Met in Basel")
    Attachment.objects.create(
        cluster=world.biocat, person=drop, name="card.pdf", media_type="application/pdf", size=1
    )
    consent.subscribe(person=drop, topic=world.topic, source="form")
    consent.subscribe(person=keep, topic=world.topic, source="form")
    stop(fresh(drop), "topic", topic=world.topic)
    stop(fresh(drop), cluster=world.biocat)
    answers.give(person=drop, mission=world.mission, value="interested")
    Duplicate.objects.create(
        cluster=world.biocat,
        noun="person",
        first=min(keep.pk, drop.pk),
        second=max(keep.pk, drop.pk),
        score=90,
        reasons=["name"],
        found_at=timezone.now(),
    )
    return keep, drop


@pytest.mark.parametrize("mailbox", ["keep", "drop"])
def test_undoing_leaves_every_table_as_it_was(world: World, mailbox: str) -> None:
    keep, drop = everything(world)
    before = tables()

    choices = {"mailbox": mailbox, "title": "drop", "phone": "drop", "given": "drop"}
    found = merge(keep=keep, drop=drop, by=None, choices=choices)
    changed = [name for name, rows in tables().items() if rows != before[name]]
    undone = undo(merge=found, by=world.users["contact_biocat"])

    assert {"Person", "PersonAddress", "Position", "Subscription", "Note"} <= set(changed)
    assert tables() == before
    assert undone.stayed == []
    assert fresh(keep).version > keep.version
    assert AuditEntry.objects.filter(verb="undo merge", row_id=keep.pk).exists()


def test_what_was_changed_since_stays_and_is_listed(world: World) -> None:
    keep, drop = everything(world)
    found = merge(keep=keep, drop=drop, by=None)
    row = fresh(keep)
    people.edit(person=row, by=None, version=row.version, phone="+34 99", language="es")
    post = keep.positions.current().get(job="CTO")
    post.job = "CEO"
    post.save()

    undone = undo(merge=found, by=None)

    row = fresh(keep)
    assert (row.phone, row.language, row.paused_until) == ("+34 99", "es", None)
    assert fresh(drop).phone == "+34 5"
    assert fresh(drop).positions.get(job="CEO").person_id == drop.pk
    assert [(step["noun"], step["fields"]) for step in undone.stayed] == [("person", ["phone"])]


def test_who_left_since_stays_out_and_is_listed(world: World) -> None:
    keep, drop = world.person(), world.person()
    stop(drop, cluster=world.biocat)
    found = merge(keep=keep, drop=drop, by=None)
    stop(fresh(keep), cluster=world.biocat, reason="unsubscribed")

    undone = undo(merge=found, by=None)

    assert obstacle(keep) == "unsubscribed"
    assert "withdrawal" in {step["act"] for step in undone.stayed}


def test_a_merge_is_undone_once_and_in_turn(world: World) -> None:
    keep, drop, third = world.person(), world.person(), world.person()
    first = merge(keep=keep, drop=drop, by=None)
    second = merge(keep=keep, drop=third, by=None)

    with pytest.raises(Refused, match="came later"):
        undo(merge=first, by=None)
    undo(merge=second, by=None)
    undo(merge=first, by=None)

    with pytest.raises(IllegalTransition, match="already"):
        undo(merge=first, by=None)
    assert merge(keep=drop, drop=keep, by=None).kept == drop.pk


def test_a_merge_with_somebody_erased_since_is_not_undone(world: World) -> None:
    keep, drop = world.person(), world.person()
    found = merge(keep=keep, drop=drop, by=None)
    Person.objects.filter(pk=keep.pk).update(erased_at=timezone.now())

    with pytest.raises(Refused, match="erased"):
        undo(merge=found, by=None)
