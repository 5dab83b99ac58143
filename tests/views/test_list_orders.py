"""The order of lists, over their pages and from their end."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crm.actions import organisations, people
from crm.models import (
    Membership,
    Person,
    Position,
    User,
)
from tests.views.conftest import SignIn, World
from tests.views.listed import PEOPLE


def test_a_heading_orders_and_says_so(world: World, as_user: SignIn) -> None:
    page = as_user(world.contact).get(PEOPLE, {"sort": "-name"}).content.decode()

    assert 'aria-sort="descending"' in page
    assert 'href="?sort=name"' in page


def test_jobs_and_memberships_order_a_list_over_its_pages(world: World, as_user: SignIn) -> None:
    """Whoever has none comes last, both ways, and every page goes on where the last one ended."""
    browser = as_user(world.contact)
    company: dict[str, Any] = {"cluster": world.lyon, "by": None}
    for n, (employees, category, standing) in enumerate(
        ((7, "sme", "guest"), (None, "founder", "member"), (900, "large", "prospect"))
    ):
        organisations.create(
            legal_name=f"Org {n}", employees=employees, category=category, standing=standing,
            **company,
        )  # fmt: skip
    for n, job in enumerate(("CTO", "", "Analyst")):
        person = people.create(given="Jo", family=f"Job {n}", **company)
        Position.objects.create(
            person=person, organisation=world.company, job=job, during=(dt.date(2020, 1, 1), None)
        )
    Membership.objects.filter(organisation=world.company).update(
        employees=40, category="midcap", standing="former"
    )
    # How a neighbour keeps it changes nothing.
    Membership.objects.create(
        organisation=world.company, cluster=world.munich, employees=1, category="founder"
    )

    def order(of: str, sort: str) -> list[str]:
        lines = browser.get(f"/{of}/", {"sort": sort}).context["listed"].lines
        return [str(line.row).split()[-1] for line in lines]

    assert order("people", "job")[:3] == ["2", "Garnier", "0"]
    assert order("people", "-job")[:3] == ["0", "Garnier", "2"]
    assert order("people", "job")[3] == order("people", "-job")[3] == "1"
    assert order("organisations", "employees") == ["0", "SAS", "2", "1"]
    assert order("organisations", "-employees") == ["2", "SAS", "0", "1"]
    assert order("organisations", "category") == ["1", "2", "0", "SAS"]
    assert order("organisations", "-standing") == ["0", "SAS", "2", "1"]
    coordinator = as_user(world.coordinator).get("/organisations/", {"sort": "employees"})
    assert coordinator.context["table"].sort == ""


@pytest.mark.parametrize("narrowed", ["", "&q=order"])
def test_the_other_way_is_the_same_list_from_its_end(
    world: World, as_user: SignIn, narrowed: str
) -> None:
    """Of one day by name; who reads in the language of their cluster comes after all others."""
    for given, language, day in (
        ("Bea", "it", 2), ("Cleo", "de", 1), ("Anna", "it", 2), ("Dana", None, 3)
    ):  # fmt: skip
        person = people.create(
            cluster=world.lyon, by=None, given=given, family="Order", language=language
        )
        Person.objects.filter(pk=person.pk).update(
            created_at=dt.datetime(2020, 1, day, tzinfo=dt.UTC)
        )
    browser = as_user(world.contact)

    def asked(sort: str) -> list[str]:
        lines = browser.get(f"{PEOPLE}?sort={sort}{narrowed}").context["listed"].lines
        return [line.row.given for line in lines if line.row.family == "Order"]

    assert asked("language") == ["Cleo", "Anna", "Bea", "Dana"]
    assert asked("-language") == ["Dana", "Bea", "Anna", "Cleo"]
    assert asked("-created") == ["Dana", "Anna", "Bea", "Cleo"]
    assert asked("created") == ["Cleo", "Bea", "Anna", "Dana"]


def test_whoever_holds_two_posts_stands_once_where_the_first_one_puts_them(
    world: World, as_user: SignIn
) -> None:
    company: dict[str, Any] = {"cluster": world.lyon, "by": None}
    abel, bert, mira, zoe = (
        organisations.create(legal_name=name, **company) for name in ("Abel", "Bert", "Mira", "Zoe")
    )
    jo, kim, lou = (
        people.create(given="Sam", family=name, **company) for name in ("Jo", "Kim", "Lou")
    )
    then = {"during": (dt.date(2020, 1, 1), None)}
    first = Position.objects.create(person=jo, organisation=zoe, job="Chair", **then)
    second = Position.objects.create(person=jo, organisation=abel, job="Adviser", **then)
    Position.objects.create(person=kim, organisation=mira, job="Buyer", **then)
    Position.objects.create(person=lou, organisation=bert, **then)

    def order(sort: str, user: User = world.contact) -> list[str]:
        lines = as_user(user).get(PEOPLE, {"sort": sort}).context["listed"].lines
        return [name for line in lines if (name := line.row.family) in ("Jo", "Kim", "Lou")]

    for user in (world.contact, world.coordinator, world.admin):
        assert order("organisation", user) == ["Lou", "Kim", "Jo"]
        assert order("-organisation", user) == ["Jo", "Kim", "Lou"]
    assert order("job") == ["Kim", "Jo", "Lou"]  # who has none comes last

    Position.objects.filter(pk=first.pk).update(during=(dt.date(2020, 1, 1), dt.date(2021, 1, 1)))
    assert order("organisation") == ["Jo", "Lou", "Kim"]
    assert order("job") == ["Jo", "Kim", "Lou"]

    Position.objects.filter(pk=first.pk).update(during=(dt.date(2020, 1, 1), None))
    assert order("organisation") == ["Lou", "Kim", "Jo"]
    Position.objects.filter(pk=first.pk).update(job="")
    assert order("job") == ["Jo", "Kim", "Lou"]  # the second one tells theirs

    # Whoever takes over a post stands where their own puts them.
    Position.objects.filter(pk=second.pk).update(person=kim)
    assert order("organisation") == ["Lou", "Kim", "Jo"]
    Position.objects.filter(person=kim, organisation=mira).delete()
    assert order("organisation") == ["Kim", "Lou", "Jo"]


def test_an_organisation_of_two_clusters_stands_once_where_its_home_puts_it(
    world: World, as_user: SignIn
) -> None:
    company: dict[str, Any] = {"cluster": world.lyon, "by": None}
    shared = organisations.create(legal_name="Shared", employees=500, **company)
    organisations.create(legal_name="Alone", employees=90, **company)
    theirs = Membership.objects.create(organisation=shared, cluster=world.munich, employees=3)

    def order(sort: str) -> list[str]:
        lines = as_user(world.admin).get("/organisations/", {"sort": sort}).context["listed"].lines
        return [name for line in lines if (name := str(line.row)) in ("Shared", "Alone")]

    assert order("employees") == ["Alone", "Shared"]
    # Where its home keeps it no more, or says nothing, the others' word counts.
    ours = Membership.objects.filter(organisation=shared, cluster=world.lyon)
    ours.update(employees=None)
    assert order("employees") == ["Shared", "Alone"]
    ours.update(employees=500, archived_at=timezone.now())
    assert order("employees") == ["Shared", "Alone"]
    Membership.objects.filter(pk=theirs.pk).update(archived_at=timezone.now())
    assert order("employees") == ["Alone", "Shared"]  # nobody's word: last
