"""Pages of rules, periods and records of processing, and the proofs of a person."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from crm.actions import consent
from crm.models import BasisRule
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def client(world: World, who: str) -> Client:
    return signed_in(world.users[who])


def test_an_administrator_decides_what_a_country_allows(world: World) -> None:
    admin = client(world, "admin")
    url = reverse("crm:basis-rules-decide")

    answer = admin.post(
        url,
        {
            "country": "BE", "purpose": "news", "basis": "legitimate-interest",
            "recipient": "company", "allowed": "no", "law": "CDE, art. XII.13", "note": "",
            "since": "2026-01-01",
        },
    )  # fmt: skip

    assert answer.status_code == 302
    rule = BasisRule.objects.get(country="BE")
    assert (rule.allowed, rule.law) == (False, "CDE, art. XII.13")
    page = client(world, "contact_biocat").get(reverse("crm:basis-rules-list")).content.decode()
    assert "CDE, art. XII.13" in page
    assert "Belgium" in page
    assert "Decide anew" not in page


def test_deciding_anew_begins_with_what_holds(world: World) -> None:
    rule = BasisRule.objects.get(country="FR", purpose="news", recipient="company")

    page = client(world, "admin").get(f"{reverse('crm:basis-rules-decide')}?rule={rule.pk}")

    assert "L. 34-5" in page.content.decode()


def test_the_page_of_periods_shows_what_goes_tonight(world: World) -> None:
    page = client(world, "admin").get(reverse("campaigns:retention-show")).content.decode()

    assert "13 months" in page
    assert "never yet" in page
    assert "Not compared yet" in page


def test_a_record_of_processing_is_made_of_what_is_there(world: World) -> None:
    world.person(world.biocat)
    world.person(world.biom)
    own = client(world, "contact_biocat")

    page = own.get(reverse("campaigns:processing-show", args=["biocat"])).content.decode()
    record = json.loads(own.get(reverse("campaigns:processing-download", args=["biocat"])).content)

    assert "privacy@biocat.example" in page
    assert record["controller"]["name"] == "Biocat"
    assert record["people"] == [{"kind": "contact", "number": 1}]
    (missions, *_others) = record["purposes"]
    assert missions["bases"] == [{"basis": "membership", "people": 1}]
    assert world.alliance.name in {each["who"] for each in record["recipients"]}
    assert {"13 months", "30 days"} <= {each["kept"] for each in record["retention"]}


def test_the_page_of_a_person_leads_to_the_proofs(world: World) -> None:
    person = world.person(world.biocat)
    own = client(world, "contact_biocat")

    page = own.get(reverse("crm:people-show", args=[person.pk])).content.decode()

    for file_format, begins in (("pdf", b"%PDF-"), ("json", b"{")):
        url = reverse("crm:proofs-show", args=[person.pk, file_format])
        assert url in page
        answer = own.get(url)
        assert answer.content.startswith(begins)
        assert "attachment" in answer["Content-Disposition"]
    assert own.get(reverse("crm:proofs-show", args=[person.pk, "docx"])).status_code == 404


def test_a_reason_that_does_not_count_says_by_which_law(world: World) -> None:
    person = world.person(world.biocat, basis=None, source="")
    consent.record_basis(
        person=person, purpose="missions", basis="legitimate-interest", source="fair"
    )

    page = client(world, "contact_biocat").get(reverse("crm:people-show", args=[person.pk]))

    assert "does not count" in page.content.decode()
    assert "LSSI" in page.content.decode()


def test_the_page_of_periods_asks_few_questions(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    admin = client(world, "admin")
    with django_assert_max_num_queries(12):
        assert admin.get(reverse("campaigns:retention-show")).status_code == 200
