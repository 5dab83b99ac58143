"""Behind the fence: everybody reads that nothing leaves, an administrator confirms."""

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Delivery, Installation
from tests import world as worlds
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    world = worlds.build()
    world.person()
    world.call()
    return world


@pytest.fixture
def fenced(world: World) -> None:
    Installation.objects.update(fenced_at=timezone.now(), fenced_why="It is 7 heartbeats behind.")


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/", "/people/", "/campaigns/"])
def test_every_page_says_that_nothing_leaves(
    fenced: None, as_contact: Client, address: str
) -> None:
    assert "Nothing is sent" in page(as_contact, address)


def test_without_a_fence_no_page_says_so(world: World, as_admin: Client) -> None:
    assert "Nothing is sent:" not in page(as_admin, "/")
    assert "Nothing is held back" in page(as_admin, "/fence/")


def test_an_administrator_reads_why_and_others_one_sentence(
    fenced: None, as_admin: Client, as_contact: Client
) -> None:
    assert "It is 7 heartbeats behind." in page(as_admin, "/fence/")
    assert "An administrator has to confirm it" in page(as_contact, "/fence/")
    assert "heartbeats" not in page(as_contact, "/fence/")


def test_an_administrator_confirms_and_what_waited_is_undecided(
    fenced: None, as_admin: Client
) -> None:
    as_admin.post("/fence/confirm/", {"since": "unsure", "alone": "on"})

    assert Installation.objects.get().fenced_at is None
    assert Delivery.objects.get().state == Delivery.State.UNKNOWN


def test_nothing_is_confirmed_by_others_or_without_a_word_on_the_time_between(
    fenced: None, as_admin: Client, as_coordinator: Client
) -> None:
    full = {"since": "nothing", "alone": "on"}
    assert as_coordinator.post("/fence/confirm/", full).status_code == 404
    assert "Say what is known." in as_admin.post("/fence/confirm/").content.decode()
    assert Installation.objects.get().fenced_at


def test_confirming_twice_says_that_there_is_nothing_to_confirm(
    fenced: None, as_admin: Client
) -> None:
    full = {"since": "nothing", "alone": "on"}
    as_admin.post("/fence/confirm/", full)

    assert (
        "nothing is to confirm"
        in as_admin.post("/fence/confirm/", full, follow=True).content.decode()
    )
