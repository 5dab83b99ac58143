"""Lists ask the same few questions however long they are."""

import datetime as dt
from typing import Any

import pghistory
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import campaigns
from campaigns.models import Campaign, Delivery, Release
from crm.actions import alliances, clusters, events, figures, missions, notes, people, tags
from crm.models import Import, Person
from tests.conftest import signed_in
from tests.world import World

LISTS = (
    "crm:imports-list",
    "crm:organisations-list",
    "crm:people-list",
    "crm:missions-list",
    "crm:events-list",
    "campaigns:campaigns-list",
)
MOST = 12


def many(world: World, number: int) -> None:
    """So many more rows of each noun that has a list."""
    for n in range(number):
        person = world.person(language="en")
        mission = missions.create(
            by=None,
            slug=f"mission-{person.pk}",
            alliances=[world.alliance],
            lead_cluster=world.biocat,
            market=world.mission.market,
            names={"en": f"Mission {n}"},
            leads={},
            terms={},
            during=(world.mission.during.lower, world.mission.during.upper),
            status="open",
        )
        event = events.create(
            by=None,
            slug=f"event-{person.pk}",
            alliances=[world.alliance],
            lead_cluster=world.biocat,
            names={"en": f"Event {n}"},
            leads={"en": "Come."},
            starts_at=world.event.starts_at,
            ends_at=world.event.ends_at,
            status="open",
        )
        campaigns.invite(event=event, by=None)
        Import.objects.create(
            cluster=world.biocat,
            by=world.users["contact_biocat"],
            file_name=f"list {n}",
            header=0,
            status=Import.Status.CHECKED,
        )
        assert mission.pk


def questions(client: Client, django_assert_max_num_queries: Any) -> dict[str, int]:
    asked = {}
    for address in LISTS:
        with django_assert_max_num_queries(MOST, info=address) as captured:
            assert client.get(reverse(address)).status_code == 200
        asked[address] = len(captured)
    return asked


def test_a_list_asks_as_much_for_two_hundred_rows_as_for_sixty(
    world: World, django_assert_max_num_queries: Any
) -> None:
    clients = [signed_in(world.users[name]) for name in ("contact_biocat", "coordinator", "admin")]
    many(world, 60)
    few = [questions(client, django_assert_max_num_queries) for client in clients]
    many(world, 140)
    assert [questions(client, django_assert_max_num_queries) for client in clients] == few


def mailings(world: World, person: Person, number: int) -> None:
    """So many finished campaigns that reached this person."""
    first = world.call()
    lane, delivery = world.lane(first, world.biocat), person.deliveries.get()
    for row in (first, lane, delivery):
        row.pk = None
    campaigns_made = Campaign.objects.bulk_create(
        Campaign(**{**fields(first), "ref": f"copy-{n}", "status": "finished"})
        for n in range(number)
    )
    lanes = Release.objects.bulk_create(
        Release(**{**fields(lane), "campaign_id": made.pk}) for made in campaigns_made
    )
    Delivery.objects.bulk_create(
        Delivery(
            **{
                **fields(delivery),
                "campaign_id": lane.campaign_id,
                "release_id": lane.pk,
                "state": Delivery.State.ACCEPTED,
                "settled_at": timezone.now() - dt.timedelta(days=n),
            }
        )
        for n, lane in enumerate(lanes)
    )


def fields(row: Any) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def test_a_record_asks_as_much_for_five_hundred_mails_as_for_one(
    world: World, django_assert_max_num_queries: Any
) -> None:
    person = world.person(world.biocat)
    company = person.positions.get().organisation
    mailings(world, person, 500)
    for n in range(100):
        notes.add(person=person, text=f"Note {n}", by=None)
    tag = tags.create(cluster=world.biocat, name="Fair", by=None)
    people.edit(person=person, by=None, version=1, tags=[tag], phone="+34 1")
    client = signed_in(world.users["contact_biocat"])
    pages = (
        reverse("crm:people-show", args=[person.pk]),
        reverse("crm:organisations-show", args=[company.pk]),
    )
    for page in pages:
        with django_assert_max_num_queries(MOST, info=page):
            answer = client.get(page, {"show": "mails"})
        assert answer.context["timeline"].entries
        with django_assert_max_num_queries(MOST, info=page):
            assert client.get(page).context["timeline"].more


def test_the_partnership_asks_as_much_for_a_long_history_as_for_none(
    world: World, django_assert_max_num_queries: Any
) -> None:
    cluster, contact = world.biocat, world.users["contact_biocat"]
    clusters.award(cluster=cluster, name="Gold Label", year=2024, by=contact)
    figures.state(
        by=contact,
        metric="members",
        value=190,
        source="Annual report",
        as_of=dt.date(2026, 1, 1),
        cluster=cluster,
    )
    share = cluster.participations.get(alliance=world.alliance)
    with pghistory.context(user=contact.pk):
        for version in range(1, 9):
            share = alliances.share(
                participation=share, by=contact, sharing="core", arrangement=f"Letter {version}"
            )
            clusters.edit(cluster=cluster, by=contact, version=version, run_by=f"Agency {version}")
    pages = (
        reverse("crm:network-show"),
        reverse("crm:alliances-show", args=[world.alliance.slug]),
        reverse("crm:clusters-show", args=[cluster.slug]),
        reverse("crm:vocabulary-show"),
        reverse("crm:duplicates-list", args=["people"]),
    )
    for name in ("contact_biocat", "admin"):
        client = signed_in(world.users[name])
        for page in pages:
            with django_assert_max_num_queries(MOST, info=page):
                assert client.get(page).status_code == 200
    answer = client.get(reverse("crm:clusters-show", args=[cluster.slug]))
    history = answer.context["history"]
    assert len(history) >= 15
    assert {told.change.by for told in history} >= {str(contact)}
    assert [label.name for label in answer.context["labels"]] == ["Gold Label"]
