"""Handing a desk over on the screen: what is in hand, what will happen, what has happened."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import campaigns, releases
from crm.models import ContactPoint, HandOver, Person, User
from tests import world as worlds
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def page(world: World) -> str:
    desk = world.biocat.contact_points.get(role="general")
    return reverse("campaigns:handovers-create", args=[desk.pk])


def typed(**values: str) -> dict[str, str]:
    return {
        "day": timezone.localdate().isoformat(),
        "name": "Inès Marchetti",
        "email": "ines@biocat.example",
        "sign_in": "on",
        "records": "on",
        "words": "on",
        **values,
    }


def test_the_page_counts_what_is_in_hand(world: World, as_contact: Client) -> None:
    person = world.person()
    Person.objects.filter(pk=person.pk).update(owner=world.users["contact_biocat"])
    draft = campaigns.announce(mission=world.mission, by=world.users["coordinator"])
    releases.introduce(
        release=world.lane(draft, world.biocat),
        by=world.users["admin"],
        texts={"en": "Yours, Desk of Biocat"},
    )

    shown = as_contact.get(page(world))

    assert shown.context["owned"] == {"people": 1, "memberships": 0}
    assert len(shown.context["to_sign"]) == 1
    assert len(shown.context["introductions"]) == 1


def test_first_it_says_what_will_happen_and_writes_nothing(
    world: World, as_contact: Client
) -> None:
    shown = as_contact.post(page(world), typed()).content.decode()

    assert "This will happen" in shown
    assert "Inès Marchetti" in shown
    assert not HandOver.objects.exists()


def test_what_was_typed_can_be_changed(world: World, as_contact: Client) -> None:
    shown = as_contact.post(page(world), typed(change="1")).content.decode()

    assert 'value="Inès Marchetti"' in shown
    assert "This will happen" not in shown


def test_confirmed_it_happens_and_is_told(world: World, as_contact: Client) -> None:
    answer = as_contact.post(page(world), typed(confirm="1"), follow=True)

    told = answer.content.decode()
    assert HandOver.objects.get().done_at
    assert "Hand it back" in told
    assert "Since" in told


def test_who_gives_the_own_role_away_is_led_to_the_first_page(
    world: World, as_contact: Client
) -> None:
    answer = as_contact.post(page(world), typed(confirm="1", end_role="on"))

    assert answer.headers["Location"] == reverse("crm:dashboard-show")
    assert User.objects.get(email="ines@biocat.example").scope.contact_for


def test_a_refusal_keeps_what_was_typed(world: World, as_contact: Client) -> None:
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()

    shown = as_contact.post(page(world), typed(confirm="1", day=yesterday)).content.decode()

    assert "That day is past" in shown
    assert 'value="Inès Marchetti"' in shown


def test_a_planned_one_is_called_off_from_its_page(world: World, as_contact: Client) -> None:
    monday = (timezone.localdate() + dt.timedelta(days=7)).isoformat()
    as_contact.post(page(world), typed(confirm="1", day=monday))
    planned = HandOver.objects.get()

    assert (
        "Call it off"
        in as_contact.get(reverse("campaigns:handovers-show", args=[planned.pk])).content.decode()
    )
    told = as_contact.post(
        reverse("campaigns:handovers-call_off", args=[planned.pk]), follow=True
    ).content.decode()

    assert "It was called off" in told
    assert ContactPoint.objects.filter(cluster=world.biocat).count() == 1


def test_to_hand_back_the_form_begins_with_the_former_one(world: World, as_contact: Client) -> None:
    as_contact.post(page(world), typed(confirm="1"))
    desk = ContactPoint.objects.get(name="Inès Marchetti")

    shown = as_contact.get(reverse("campaigns:handovers-create", args=[desk.pk]) + "?back=1")

    assert shown.context["form"]["name"].value() == "Desk of Biocat"


def test_the_neighbour_hands_nothing_over(world: World, as_other_contact: Client) -> None:
    assert as_other_contact.get(page(world)).status_code == 404
    assert as_other_contact.post(page(world), typed(confirm="1")).status_code == 404
