import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.models import Event
from tests.views.conftest import SignIn, World


def entered(world: World, **changed: Any) -> dict[str, Any]:
    return {
        "names_en": "Spring session",
        "slug": "spring",
        "alliances": [world.alliance.pk],
        "lead_cluster": world.lyon.pk,
        "starts_wall": "2027-03-17T10:00",
        "ends_wall": "2027-03-17T16:00",
        "timezone": "Europe/Berlin",
        "mode": "on_site",
        "answer_mode": "rsvp",
        "status": "draft",
        **changed,
    }


def test_a_coordinator_enters_an_event_on_the_clock_of_its_place(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.coordinator)

    browser.post(reverse("crm:events-create"), entered(world))

    event = Event.objects.get(slug="spring")
    assert event.starts_at == dt.datetime(2027, 3, 17, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_wall": "2027-03-17T09:00"}, "ends before it starts"),
        ({"slug": "matchmaking"}, "is taken"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"names_en": ""}, "at least one language"),
    ],
)
def test_bad_input_gets_a_sentence_and_writes_nothing(
    world: World, as_user: SignIn, wrong: dict[str, Any], sentence: str
) -> None:
    browser = as_user(world.coordinator)

    answer = browser.post(reverse("crm:events-create"), entered(world, **wrong))

    assert sentence in answer.content.decode()
    assert Event.objects.count() == 1


def test_a_changed_event_raises_its_calendar_sequence(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(reverse("crm:events-edit", args=["matchmaking"]), entered(world, version=1))

    event = Event.objects.get(slug="matchmaking")
    assert (event.names["en"], event.sequence) == ("Spring session", 1)


def test_a_stale_edit_is_refused_and_nothing_typed_is_lost(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    url = reverse("crm:events-edit", args=["matchmaking"])
    browser.post(url, entered(world, version=1))

    answer = browser.post(url, entered(world, names_en="Too late", version=1))

    assert "Somebody else changed" in answer.content.decode()
    assert "Too late" in answer.content.decode()
    assert Event.objects.get(slug="matchmaking").names["en"] != "Too late"


def test_the_page_tells_what_readers_answered(world: World, as_user: SignIn) -> None:
    page = as_user(world.contact).get(reverse("crm:events-show", args=["matchmaking"]))

    assert "No answer yet" in page.content.decode()


def test_archiving_and_restoring(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(reverse("crm:events-archive", args=["matchmaking"]))
    assert Event.objects.get(slug="matchmaking").archived_at
    browser.post(reverse("crm:events-restore", args=["matchmaking"]))
    assert Event.objects.get(slug="matchmaking").archived_at is None


def test_who_does_not_lead_changes_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.neighbour)

    assert browser.get(reverse("crm:events-show", args=["matchmaking"])).status_code == 200
    for url in (
        reverse("crm:events-create"),
        reverse("crm:events-edit", args=["matchmaking"]),
        reverse("crm:events-archive", args=["matchmaking"]),
        reverse("crm:programmes-edit", kwargs={"event": "matchmaking"}),
        reverse("crm:documents-create", kwargs={"event": "matchmaking"}),
    ):
        assert browser.get(url).status_code == 404
        assert browser.post(url, entered(world)).status_code == 404


def test_a_stranger_finds_nothing_and_visitors_sign_in(
    world: World, as_user: SignIn, client: Client
) -> None:
    url = reverse("crm:events-show", args=["matchmaking"])

    assert client.get(url).headers["Location"].startswith(reverse("account_login"))
    browser = as_user(world.stranger)
    assert browser.get(url).status_code == 404
    assert "Matchmaking" not in browser.get(reverse("crm:events-list")).content.decode()
