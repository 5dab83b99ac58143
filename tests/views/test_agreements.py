"""Agreements as a coordinator enters them and as everybody reads them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.models import Agreement
from tests import world as worlds
from tests.views.test_site import SITE, page
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    cache.clear()
    return worlds.build()


def entered(world: World, as_coordinator: Client, **more: object) -> None:
    answer = as_coordinator.post(
        reverse("crm:agreements-create", args=[world.alliance.slug]),
        {
            "partners": "BioSA, Adelaide\nHealth Industries, Adelaide",
            "kind": "memorandum",
            "scope_en": "We work together.",
            "clusters": [world.biocat.pk],
            "signed_on": "2016-06-01",
            "precision": "month",
            "occasion": "San Francisco",
            "public": "on",
            **more,
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_coordinator_enters_it_and_everybody_reads_it(
    world: World, as_coordinator: Client, client: Client
) -> None:
    before = page(client, f"{SITE}about/")
    entered(world, as_coordinator)

    inside = as_coordinator.get(reverse("crm:alliances-show", args=[world.alliance.slug]))
    outside = page(client, f"{SITE}about/")
    assert "Agreements" not in before
    for shown in (inside.content.decode(), outside):
        for words in ("BioSA, Adelaide", "memorandum of understanding", "We work together.",
                      "June 2016", "San Francisco", "Biocat"):  # fmt: skip
            assert words in shown, words


def test_one_that_is_not_for_everybody_stays_inside(
    world: World, as_coordinator: Client, client: Client
) -> None:
    entered(world, as_coordinator, public="")

    inside = as_coordinator.get(reverse("crm:alliances-show", args=[world.alliance.slug]))
    assert "not on the site" in inside.content.decode()
    assert "BioSA" not in page(client, f"{SITE}about/")


def test_a_correction_and_a_removal_reach_the_site_at_once(
    world: World, as_coordinator: Client, client: Client
) -> None:
    entered(world, as_coordinator)
    agreement = Agreement.objects.get()
    edit = reverse("crm:agreements-edit", args=[world.alliance.slug, agreement.pk])
    form = as_coordinator.get(edit).context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "scope"}
    shown = {name: value for name, value in shown.items() if value is not None}

    as_coordinator.post(
        edit, {**shown, "scope_en": "Changed.", "partners": "BioSA", "public": "on"}
    )
    assert "Changed." in page(client, f"{SITE}about/")

    as_coordinator.post(reverse("crm:agreements-remove", args=[world.alliance.slug, agreement.pk]))
    assert "BioSA" not in page(client, f"{SITE}about/")


def test_a_day_that_lies_ahead_is_refused_beside_what_was_typed(
    world: World, as_coordinator: Client
) -> None:
    answer = as_coordinator.post(
        reverse("crm:agreements-create", args=[world.alliance.slug]),
        {"partners": "BioSA", "kind": "partnership", "signed_on": "2999-01-01"},
    )

    assert "lies ahead" in answer.content.decode()
    assert answer.context["form"]["partners"].value() == "BioSA"
    assert not Agreement.objects.exists()


def test_a_contact_reads_but_enters_nothing(world: World, as_contact: Client) -> None:
    address = reverse("crm:agreements-create", args=[world.alliance.slug])

    assert as_contact.get(address).status_code == 404
    shown = as_contact.get(reverse("crm:alliances-show", args=[world.alliance.slug]))
    assert address not in shown.content.decode()
