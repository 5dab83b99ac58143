"""The public directory: everybody finds members there, and its cluster writes what stands there."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.actions import directory, organisations
from crm.models import DirectoryEntry, Organisation
from tests.views.conftest import SignIn, World

LIST = "/public/en/directory/"


def publish(organisation: Organisation) -> str:
    entry = directory.publish(
        organisation=organisation, by=None, word="A mail", agreed_on=dt.date(2026, 5, 4)
    )
    return f"{LIST}{entry.slug}/"


@pytest.fixture
def company(world: World) -> Organisation:
    directory.describe(
        organisation=world.company,
        by=None,
        descriptions={"en": "We grow <cells>.", "fr": "Nous cultivons des cellules."},
        stages=["clinical"],
        markets=["japan"],
    )
    publish(world.company)
    return world.company


def test_nobody_stands_there_unasked(world: World, client: Client) -> None:
    page = client.get(LIST).content.decode()

    assert "No company stands here yet" in page
    assert "Rhône Cellules" not in page


def test_a_company_has_a_page_without_its_people(
    world: World, company: Organisation, client: Client
) -> None:
    page = client.get(f"{LIST}{company.entry.slug}/").content.decode()

    for words in (
        "Rhône Cellules SAS", "Lyon", "oncology", "clinical trials", "Japan", "Lyon Cluster",
        "Camille Arnaud", "We grow &lt;cells&gt;.",
    ):  # fmt: skip
        assert words in page, words
    for word in ("Garnier", "elise@", "A mail", "employees"):
        assert word not in page, word


def test_each_language_has_its_page_and_names_the_others(
    company: Organisation, client: Client, settings: LazySettings
) -> None:
    settings.BASE_URL = "https://liaison.example"
    for code in ("en", "fr", "de", "it", "es", "ca"):
        answer = client.get(f"/public/{code}/directory/{company.entry.slug}/")
        page = answer.content.decode()
        assert f'<html lang="{code}"' in page
        assert answer["Content-Language"] == code
        own = f"https://liaison.example/public/{code}/directory/{company.entry.slug}/"
        assert f'<link rel="canonical" href="{own}">' in page
        assert page.count('rel="alternate"') == 7
        assert "noindex" not in page
    assert (
        "Nous cultivons"
        in client.get(f"/public/fr/directory/{company.entry.slug}/").content.decode()
    )


def test_search_engines_read_the_facts_and_nothing_ends_the_block(
    company: Organisation, client: Client
) -> None:
    page = client.get(f"{LIST}{company.entry.slug}/").content.decode()

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    assert "<" not in found[1]
    facts = json.loads(found[1])
    assert (facts["name"], facts["description"]) == ("Rhône Cellules SAS", "We grow <cells>.")
    assert facts["memberOf"]["name"] == "Lyon Cluster"


def test_the_visitors_language_is_found(company: Organisation, client: Client) -> None:
    answer = client.get("/public/directory/", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert answer.headers["Location"] == "/public/de/directory/"
    assert "Accept-Language" in answer.headers["Vary"]
    answer = client.get(f"/public/directory/{company.entry.slug}/")
    assert answer.headers["Location"] == f"{LIST}{company.entry.slug}/"


@pytest.mark.parametrize("query", ["rhone", "Rhône", "celules", "formerly called", ""])
def test_it_is_found_by_its_name_of_today_or_before(
    world: World, company: Organisation, client: Client, query: str
) -> None:
    company.names.create(name="Formerly Called", folded="formerly called")

    page = client.get(LIST, {"q": query}).content.decode()

    assert "Rhône Cellules SAS" in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"region": "rhone"}, True),
        ({"region": "bavaria"}, True),  # nothing public lies there: it is no choice
        ({"area": "oncology"}, True),
        ({"area": "cns"}, False),
        ({"product": "drug"}, False),
        ({"market": "japan"}, True),
        ({"cluster": "lyon"}, True),
        ({"q": "zzzz"}, False),
        ({"page": "900"}, True),
        ({"page": "x", "area": "nonsense"}, True),
    ],
)
def test_it_is_narrowed_by_where_and_what(
    company: Organisation, client: Client, filters: dict[str, str], found: bool
) -> None:
    page = client.get(LIST, filters).content.decode()

    assert ("Rhône Cellules SAS" in page) is found
    if not found:
        assert "No company fits" in page
        assert "noindex" in page


def test_only_what_stands_there_is_offered(
    world: World, company: Organisation, client: Client
) -> None:
    page = client.get(LIST).content.decode()

    assert "Lyon Cluster" in page
    assert "Munich Cluster" not in page
    assert "Faraway Cluster" not in page


def test_of_many_the_numbers_beside_are_those_of_the_minute(
    world: World, company: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is taken off is gone at once all the same."""
    monkeypatch.setattr("crm.forms.directory.MANY", 1)
    assert "Rhône Cellules" in client.get(LIST).content.decode()
    directory.withdraw(organisation=company, by=None)

    page = client.get(LIST)
    cache.clear()
    assert "Rhône Cellules" not in page.content.decode()
    (region, *_others) = page.context["filters"]
    assert len(region.field.choices) == 2  # “all”, and the company's


def test_taken_off_its_page_is_gone_and_says_where_to_look(
    company: Organisation, client: Client
) -> None:
    directory.withdraw(organisation=company, by=None)

    for slug in (company.entry.slug, "never-was"):
        answer = client.get(f"{LIST}{slug}/")
        assert answer.status_code == 404
        assert "does not stand here" in answer.content.decode()
        assert LIST in answer.content.decode()
    assert "Rhône" not in client.get(LIST).content.decode()


def test_a_merged_companys_address_leads_on(
    world: World, company: Organisation, client: Client
) -> None:
    twin = organisations.create(cluster=world.lyon, by=None, legal_name="Rhone Cells")
    path = publish(twin)
    Organisation.objects.filter(pk=twin.pk).update(merged_into=company)

    answer = client.get(path)

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{LIST}{company.entry.slug}/"


def test_the_sitemap_names_every_page(company: Organisation, client: Client) -> None:
    answer = client.get("/public/fr/directory/sitemap.xml")

    assert answer["Content-Type"].startswith("application/xml")
    assert f"/public/fr/directory/{company.entry.slug}/" in answer.content.decode()
    assert client.get("/public/xx/directory/sitemap.xml").status_code == 404
    assert client.get("/public/xx/directory/").status_code == 404


def test_it_asks_a_few_questions_and_keeps_no_cookie(
    world: World, company: Organisation, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        publish(organisations.create(cluster=world.lyon, by=None, legal_name=f"Vercors {n} SA"))

    with django_assert_max_num_queries(9):
        answer = client.get(LIST, {"q": "vercors", "area": ""})

    assert answer.context["page"].paginator.count == 40
    assert len(answer.context["cards"]) == 30
    assert not answer.cookies
    with django_assert_max_num_queries(5):
        client.get(f"{LIST}{company.entry.slug}/")


# --- what the home cluster writes


def test_its_contact_writes_looks_publishes_and_takes_off(
    world: World, as_user: SignIn, client: Client
) -> None:
    browser = as_user(world.contact)
    edit = reverse("crm:directory-edit", args=[world.company.pk])

    looked = browser.post(
        edit, {"descriptions_en": "Only looked at", "stages": ["clinical"], "look": "1"}
    ).content.decode()
    assert "not saved yet" in looked
    assert "Only looked at" in looked
    assert not DirectoryEntry.objects.exists()

    browser.post(edit, {"descriptions_en": "Cells", "stages": ["clinical"], "markets": ["japan"]})
    page = browser.post(
        reverse("crm:directory-publish", args=[world.company.pk]),
        {"word": "Mail of the CEO", "agreed_on": "2026-05-04"},
        follow=True,
    ).content.decode()
    assert "Mail of the CEO" in page
    assert "Everybody sees this page" in page
    slug = world.company.entry.slug
    assert Client().get(f"{LIST}{slug}/").status_code == 200

    browser.post(reverse("crm:directory-withdraw", args=[world.company.pk]))
    assert Client().get(f"{LIST}{slug}/").status_code == 404


def test_who_has_not_agreed_is_not_published(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    page = browser.post(
        reverse("crm:directory-publish", args=[world.company.pk]),
        {"word": " ", "agreed_on": "2026-05-04"},
    )

    assert page.context["form"].errors["word"]
    assert not Organisation.objects.public().exists()


def test_a_lapsed_membership_is_said(world: World, company: Organisation, as_user: SignIn) -> None:
    company.memberships.update(standing="former")

    page = as_user(world.contact).get(reverse("crm:directory-edit", args=[company.pk]))

    assert "its page is closed until it is one again" in page.content.decode()


def test_only_the_home_cluster_writes(world: World, as_user: SignIn) -> None:
    for user in (world.neighbour, world.reader, world.coordinator, world.stranger):
        for name in ("edit", "publish", "withdraw"):
            answer = as_user(user).get(reverse(f"crm:directory-{name}", args=[world.company.pk]))
            assert answer.status_code == 404
