"""Merging and undoing it never makes anybody mailable, and tells nothing of other clusters."""

import datetime as dt

import pytest
from django.utils import timezone

from campaigns.actions import freezing
from campaigns.models import Delivery, Release
from crm.actions import bulk, cards, consent, people
from crm.actions.merging import undo
from crm.actions.merging_people import merge
from crm.models import Cluster, Person, Subscription, Topic
from tests.actions.test_merging_people import fresh, obstacle, stop
from tests.kit.races import under_way
from tests.world import World

State = Delivery.State


def own_topic(cluster: Cluster) -> Topic:
    return Topic.objects.create(
        slug=f"of-{cluster.slug}", cluster=cluster, controller=cluster, purpose="news", names={}
    )


def state_of(person: Person, topic: Topic) -> str:
    return person.subscriptions.values_list("state", flat=True).get(topic=topic)


# --- what others know


def test_a_topic_of_another_cluster_left_there_is_not_told_here(world: World) -> None:
    keep, drop = world.person(), world.person()
    stop(drop, "topic", topic=own_topic(world.biom))
    stop(drop, "alliance", alliance=world.other_alliance)

    merge(keep=keep, drop=drop, by=None)

    assert not keep.subscriptions.exists()
    assert obstacle(keep) == ""


def test_a_card_names_no_topic_of_another_cluster(world: World) -> None:
    person = world.person()
    for topic in (own_topic(world.biom), own_topic(world.biocat), world.topic):
        Subscription.objects.create(person=person, topic=topic, state="left", since=timezone.now())

    card = cards.of_person(person, world.users["contact_biocat"])

    assert len(card.subscriptions) == 2


def test_undoing_counts_no_withdrawal_of_another_cluster(world: World) -> None:
    keep, drop = world.person(), world.person()
    found = merge(keep=keep, drop=drop, by=None)
    stop(fresh(keep), cluster=world.biom)
    stop(fresh(keep), "alliance", alliance=world.other_alliance)

    assert undo(merge=found, by=None).stayed == []


# --- silence that was asked for between merging and undoing


def test_who_left_as_one_has_left_as_two(world: World) -> None:
    keep, drop, third = world.person(), world.person(), world.person()
    for person in (keep, drop):
        consent.subscribe(person=person, topic=world.topic, source="form")
    contact = world.users["contact_biocat"]
    found = merge(keep=keep, drop=drop, by=None)
    bulk.apply(
        noun="person", ids=[keep.pk, third.pk], act="leave", value=world.topic.slug, by=contact
    )

    undone = undo(merge=found, by=contact)

    assert state_of(drop, world.topic) == "left"
    assert [(row["act"], row["noun"]) for row in undone.stayed] == [("withdrawal", "subscription")]
    assert drop.consent_records.order_by("-pk")[0].act == "withdrawn"


def test_who_asked_for_silence_as_one_has_it_as_two(world: World) -> None:
    keep, drop = world.person(), world.person()
    until = timezone.localdate() + dt.timedelta(days=30)
    found = merge(keep=keep, drop=drop, by=None)
    row = fresh(keep)
    people.edit(person=row, by=None, version=row.version, paused_until=until)

    undone = undo(merge=found, by=None)

    assert (fresh(keep).paused_until, fresh(drop).paused_until) == (until, until)
    assert {row["pk"] for row in undone.stayed if row["fields"] == ["paused_until"]} == {
        keep.pk,
        drop.pk,
    }


def test_a_silence_of_before_stays_whose_it_was(world: World) -> None:
    keep, drop = world.person(), world.person()
    until = timezone.localdate() + dt.timedelta(days=30)
    people.edit(person=keep, by=None, version=1, paused_until=until)

    undone = undo(merge=merge(keep=keep, drop=drop, by=None), by=None)

    assert (fresh(keep).paused_until, fresh(drop).paused_until) == (until, None)
    assert undone.stayed == []


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_under_way_is_waited_for(world: World) -> None:
    keep, drop = world.person(), world.person()
    consent.subscribe(person=drop, topic=world.topic, source="form")

    with under_way(lambda: stop(drop, "topic", topic=world.topic)):
        merge(keep=keep, drop=drop, by=None)

    assert state_of(keep, world.topic) == "left"


# --- mails that wait already


def test_leaving_a_topic_from_a_list_stops_the_waiting_mail(world: World) -> None:
    reader, other = world.person(), world.person()
    campaign = world.call()

    bulk.apply(
        noun="person",
        ids=[reader.pk],
        act="leave",
        value=world.topic.slug,
        by=world.users["contact_biocat"],
    )

    assert campaign.deliveries.get(person=reader).state == State.SUPPRESSED
    assert campaign.deliveries.get(person=other).state == State.PENDING


def test_leaving_another_topic_stops_nothing(world: World) -> None:
    reader = world.person()
    campaign = world.call()

    Subscription.objects.create(
        person=reader, topic=own_topic(world.biocat), state="left", since=timezone.now()
    )

    assert campaign.deliveries.get().state == State.PENDING


def test_a_merge_stops_what_waits_for_either(world: World) -> None:
    keep, drop = world.person(), world.person()
    consent.subscribe(person=keep, topic=world.topic, source="form")
    campaign = world.call()
    Subscription.objects.create(person=drop, topic=world.topic, state="left", since=timezone.now())

    merge(keep=keep, drop=drop, by=None)

    assert set(campaign.deliveries.values_list("state", flat=True)) == {State.SUPPRESSED}


def test_leaving_during_the_freeze_is_seen_before_the_lane_opens(world: World) -> None:
    """As if the freeze had not seen the wish, and the wish not the freeze's rows."""
    reader = world.person()
    campaign = world.call()
    Release.objects.filter(campaign=campaign).update(status=Release.Status.FREEZING)
    Subscription.objects.create(
        person=reader, topic=world.topic, state="left", since=timezone.now()
    )
    Delivery.objects.update(state=State.PENDING)

    freezing.freeze_lanes(campaign)

    assert Delivery.objects.get().state == State.SUPPRESSED
