"""One field of a row, changed where it stands in the list."""

import pytest
from django.urls import reverse

from crm.actions import people
from crm.models import Membership, Organisation, Person, Position
from tests.views.conftest import SignIn, World

HTMX = {"HX-Request": "true"}


def person_cell(world: World, field: str) -> str:
    return reverse("crm:cells-person", args=[world.person.pk, field])


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "+33 4"), ("title", "Dr."), ("language", "de")],
)
def test_a_field_of_a_person_is_changed(
    world: World, as_user: SignIn, field: str, value: str
) -> None:
    browser = as_user(world.contact)
    opened = browser.get(person_cell(world, field), headers=HTMX)

    answer = browser.post(person_cell(world, field), {field: value, "version": 1}, headers=HTMX)

    assert "<form" in opened.content.decode()
    assert "<form" not in answer.content.decode()
    assert getattr(Person.objects.get(pk=world.person.pk), field) == value


def test_a_name_and_a_job_are_changed(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    browser.post(
        person_cell(world, "name"),
        {"given": "Elisa", "family": "Garnier", "version": 1},
        headers=HTMX,
    )
    browser.post(person_cell(world, "job"), {"job": "Chair", "version": 2}, headers=HTMX)

    assert Person.objects.get(pk=world.person.pk).name_folded == "elisa garnier"
    assert Position.objects.get(person=world.person).job == "Chair"


def test_a_stale_cell_is_refused_where_it_stands(world: World, as_user: SignIn) -> None:
    people.edit(person=world.person, by=world.contact, version=1, phone="+33 9")
    browser = as_user(world.contact)

    answer = browser.post(
        person_cell(world, "phone"), {"phone": "+1", "version": 1}, headers=HTMX
    ).content.decode()

    assert "Somebody else changed" in answer
    assert 'role="alert"' in answer
    assert Person.objects.get(pk=world.person.pk).phone == "+33 9"


@pytest.mark.parametrize(
    ("field", "value", "was"),
    [("city", "Grenoble", ""), ("employees", "12", ""), ("category", "midcap", "sme")],
)
def test_a_field_of_an_organisation_is_changed(
    world: World, as_user: SignIn, field: str, value: str, was: str
) -> None:
    url = reverse("crm:cells-organisation", args=[world.company.pk, field])

    as_user(world.contact).post(url, {field: value, "version": 1, "was": was}, headers=HTMX)

    row = Organisation.objects.get(pk=world.company.pk)
    kept = Membership.objects.get(organisation=row)
    assert str(getattr(row if field == "city" else kept, field)) == value


def test_what_a_colleague_changed_meanwhile_stays(world: World, as_user: SignIn) -> None:
    Membership.objects.filter(organisation=world.company).update(employees=7)
    url = reverse("crm:cells-organisation", args=[world.company.pk, "employees"])

    answer = as_user(world.contact).post(url, {"employees": 12, "version": 1}, headers=HTMX)

    assert "Somebody else changed" in answer.content.decode()
    assert Membership.objects.get(organisation=world.company).employees == 7


def test_without_htmx_the_edit_page_does_it(world: World, as_user: SignIn) -> None:
    answer = as_user(world.contact).get(person_cell(world, "phone"))

    assert answer.headers["Location"] == reverse("crm:people-edit", args=[world.person.pk])


def test_other_fields_and_other_peoples_rows_are_not_there(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    foreign = reverse("crm:cells-person", args=[world.foreign_person.pk, "phone"])
    company = reverse("crm:cells-organisation", args=[world.foreign_company.pk, "employees"])

    assert browser.get(person_cell(world, "erased_at"), headers=HTMX).status_code == 404
    for url in (foreign, company):
        assert browser.get(url, headers=HTMX).status_code == 404
        assert browser.post(url, {"phone": "+1", "version": 1}, headers=HTMX).status_code == 404
