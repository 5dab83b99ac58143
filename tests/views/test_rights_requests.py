"""The requests desk on screen: recorded, found on the first page, answered, carried out."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.actions import rights_requests
from crm.models import Person, RightsRequest, Suppression
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def browser(world: World) -> Client:
    return signed_in(world.users["contact_biocat"])


def asked(world: World, days_ago: int = 0, **said: Any) -> RightsRequest:
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    told: dict[str, Any] = {"kind": "erasure", "name": "Ada Byron", "by": None, **said}
    return rights_requests.record(cluster=world.biocat, received_on=day, **told)


def page(verb: str, row: RightsRequest) -> str:
    return reverse(f"crm:rights-requests-{verb}", args=[row.pk])


def test_a_request_is_written_down_and_its_month_runs(world: World, browser: Client) -> None:
    said = {
        "cluster": world.biocat.pk, "kind": "access", "name": "Ada", "received_on": "2026-01-31",
        "note": "by phone",
    }  # fmt: skip
    answer = browser.post(reverse("crm:rights-requests-create"), said, follow=True)
    assert "Its month runs" in answer.content.decode()
    row = RightsRequest.objects.get()
    assert (row.due_on, row.by) == (dt.date(2026, 2, 28), world.users["contact_biocat"])
    assert "overdue" in browser.get(reverse("crm:rights-requests-list")).content.decode()


def test_from_a_persons_page_only_the_rest_is_asked(world: World, browser: Client) -> None:
    person = world.person(given="Ada")
    at = reverse("crm:rights-requests-create", kwargs={"person": person.pk})
    assert at in browser.get(reverse("crm:people-show", args=[person.pk])).content.decode()
    assert 'name="email"' not in browser.get(at).content.decode()
    browser.post(at, {"kind": "erasure", "received_on": timezone.localdate().isoformat()})
    assert RightsRequest.objects.get().person == person


def test_what_is_wrong_is_said_beside_what_was_typed(world: World, browser: Client) -> None:
    said = {"cluster": world.biocat.pk, "kind": "access", "received_on": "2999-01-01", "name": "A"}
    text = browser.post(reverse("crm:rights-requests-create"), said).content.decode()
    assert "after today" in text
    assert 'value="2999-01-01"' in text
    assert not RightsRequest.objects.exists()


def test_the_last_week_stands_on_the_first_page(world: World, browser: Client) -> None:
    first = reverse("crm:dashboard-show")
    asked(world)
    assert "Ada Byron" not in browser.get(first).content.decode()
    asked(world, days_ago=25)
    assert "Ada Byron" in browser.get(first).content.decode()
    reader = signed_in(world.users["reader"])
    assert "Ada Byron" not in reader.get(first).content.decode()


def test_whose_record_it_is_is_chosen(world: World, browser: Client) -> None:
    person, other = world.person(given="Ada", family="Byron"), world.person(world.biom)
    row = asked(world)
    assert "This one" in browser.get(page("show", row)).content.decode()
    assert browser.get(page("erase", row)).status_code == 404
    for wrong in ("", "x", other.pk, 10**9):
        assert browser.post(page("link", row), {"person": wrong}).status_code == 404
    browser.post(page("link", row), {"person": person.pk})
    row.refresh_from_db()
    assert row.person == person


def test_one_sees_what_goes_before_it_goes(world: World, browser: Client) -> None:
    person = world.person(given="Ada", family="Byron", email="ada@home.example")
    row = asked(world, person=person, name="")
    text = browser.get(page("erase", row)).content.decode()
    assert "Ada Byron" in text
    assert "ada@home.example" in text
    assert Person.objects.get(pk=person.pk).erased_at is None
    done = browser.post(page("erase", row), follow=True).content.decode()
    assert "Erased. No list" in done
    assert "Byron" not in done
    person.refresh_from_db()
    assert person.erased_at
    shown = browser.get(reverse("crm:people-show", args=[person.pk])).content.decode()
    assert "Erased on" in shown
    assert reverse("crm:people-edit", args=[person.pk]) not in shown
    assert browser.post(page("erase", row)).status_code == 404


def test_it_is_extended_and_answered(world: World, browser: Client) -> None:
    row = asked(world, days_ago=3, kind="access")
    browser.post(page("extend", row), {"why": "many files"})
    text = browser.get(page("show", row)).content.decode()
    assert "many files" in text
    assert page("extend", row) not in text
    browser.post(page("answer", row), {"done": "no", "answer": "not you"})
    row.refresh_from_db()
    assert (row.state, row.answer) == ("declined", "not you")
    again = browser.post(page("answer", row), {"done": "yes", "answer": "x"}).content.decode()
    assert "answered already" in again


def test_two_hundred_requests_cost_as_much_as_two(
    world: World, browser: Client, django_assert_max_num_queries: Any
) -> None:
    person = world.person(given="Ada", family="Byron")
    for _each in range(50):
        row = asked(world, days_ago=28)
        rights_requests.answer(request=asked(world), done=True, answer="x", by=None)
    rights_requests.link(request=row, person=person, by=None)
    for address, most in (
        (reverse("crm:rights-requests-list"), 12),
        (reverse("crm:dashboard-show"), 14),  # one more than without any, where some press
        (page("show", row), 12),
        (page("erase", row), 12),
    ):
        with django_assert_max_num_queries(most, info=address):
            assert browser.get(address).status_code == 200


def test_whoever_answers_an_objection_reads_what_done_means(world: World, browser: Client) -> None:
    person = world.person(given="Ada")
    row = asked(world, kind="objection", person=person)
    assert "stops every mail of Biocat" in browser.get(page("answer", row)).content.decode()
    browser.post(page("answer", row), {"done": "yes", "answer": "stopped"})
    stopped = Suppression.objects.get()
    assert (stopped.cluster, stopped.reason) == (world.biocat, "objected")
