"""Lists ask the same few questions however long they are."""

from typing import Any

from django.test import Client
from django.urls import reverse

from campaigns.actions import campaigns
from crm.actions import events, missions
from tests.conftest import signed_in
from tests.world import World

LISTS = (
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
