import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from crm.actions import consent, people
from crm.models import Person, User
from tests.views.conftest import SignIn, World

ENTERED = {
    "given": "Marc",
    "family": "Vidal",
    "kind": "contact",
    "email": "marc@rhone-cellules.example",
    "language": "fr",
    "basis": "consent",
    "source": "form at the fair",
}


def test_a_contact_enters_a_person_whom_calls_reach(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    browser.post(
        reverse("crm:people-create"),
        {**ENTERED, "cluster": world.lyon.pk, "organisation": world.company.pk, "job": "CFO"},
    )

    person = Person.objects.with_obstacle(timezone.localdate()).get(family="Vidal")
    assert person.email == "marc@rhone-cellules.example"
    assert person.positions.get().organisation == world.company
    assert vars(person)["obstacle"] == ""


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "not an address"}, "is not an e-mail address"),
        ({"source": ""}, "it is the proof"),
        ({"language": "French"}, "French is not one of the available choices"),
        ({"email": "ELISE@rhone-cellules.example"}, "Garnier"),
        ({"given": "", "family": "", "email": ""}, "Give a name or an address"),
    ],
)
def test_bad_input_gets_a_sentence_and_writes_nothing(
    world: World, as_user: SignIn, wrong: dict[str, Any], sentence: str
) -> None:
    browser = as_user(world.contact)
    before = Person.objects.count()

    answer = browser.post(
        reverse("crm:people-create"), {**ENTERED, "cluster": world.lyon.pk, **wrong}
    )

    assert sentence in answer.content.decode()
    assert Person.objects.count() == before


def test_a_foreign_organisation_is_no_choice(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:people-create"),
        {**ENTERED, "cluster": world.lyon.pk, "organisation": world.foreign_company.pk},
    )

    assert answer.context["form"].errors["organisation"]
    assert "Isarwort" not in answer.content.decode()


def test_the_own_cluster_sees_everything(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    page = browser.get(reverse("crm:people-show", args=[world.person.pk])).content.decode()

    assert "elise@rhone-cellules.example" in page
    assert "+33 4 11 11 11 11" in page
    assert "membership 2026" in page
    assert "With two colleagues" in page


def test_where_a_word_came_from_is_said_in_the_readers_language_if_we_wrote_it(
    world: World, as_user: SignIn
) -> None:
    User.objects.filter(pk=world.contact.pk).update(language="fr")
    given: dict[str, Any] = {"cluster": world.lyon, "by": world.contact, "basis": "member"}
    ours = people.create(family="Neuf", **given)
    theirs = people.create(family="Autre", source="preference page of the fair", **given)
    browser = as_user(User.objects.get(pk=world.contact.pk))

    page = browser.get(reverse("crm:people-show", args=[ours.pk])).content.decode()
    assert "entered by the cluster" not in page
    assert page.count("saisi par le cluster") == 2  # beside the basis, and in the timeline
    page = browser.get(reverse("crm:people-show", args=[theirs.pk])).content.decode()
    assert "preference page of the fair" in page


def test_a_coordinator_sees_name_organisation_job_and_language_only(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.coordinator)

    shown = browser.get(reverse("crm:people-show", args=[world.person.pk])).content.decode()
    listed = browser.get(reverse("crm:people-list")).content.decode()

    for page in (shown, listed):
        assert "Élise Garnier" in page
        assert "Rhône Cellules" in page
        assert "mailable" in page
        assert "elise@" not in page
        assert "+33 4 11" not in page
        assert "membership 2026" not in page
    assert "Geheimwort" not in listed


def test_searching_an_address_finds_nobody_whose_address_is_hidden(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.coordinator)

    page = browser.get(reverse("crm:people-list"), {"q": "elise@rhone"})

    assert page.context["listed"].total == 0


def test_the_badge_says_why_somebody_cannot_be_mailed(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    show = reverse("crm:people-show", args=[world.person.pk])
    consent.withdraw(
        address=world.person.primary.address,
        scope="cluster",
        cluster=world.lyon,
        reason="unsubscribed",
        source="link in a mail",
        person=world.person,
    )

    assert browser.get(show).context["person"].obstacle == "unsubscribed"
    unmailable = browser.get(reverse("crm:people-list"), {"mailable": "no"})
    assert unmailable.context["listed"].total == 1


def test_another_clusters_suppression_says_nothing_here(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    consent.withdraw(
        address=world.person.primary.address,
        scope="cluster",
        cluster=world.munich,
        reason="unsubscribed",
        source="link in a mail",
    )

    page = browser.get(reverse("crm:people-show", args=[world.person.pk]))

    assert page.context["person"].obstacle == ""
    assert not page.context["card"].suppressions


def test_the_address_changes_and_the_former_one_stays(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    browser.post(
        reverse("crm:addresses-change", args=[world.person.pk]),
        {"email": "garnier@rhone-cellules.example"},
    )

    person = Person.objects.get(pk=world.person.pk)
    assert person.email == "garnier@rhone-cellules.example"
    assert person.addresses.count() == 2


def test_a_person_moves_and_the_former_post_stays(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    later = timezone.localdate() + dt.timedelta(days=3)

    browser.post(
        reverse("crm:people-move", args=[world.person.pk]),
        {"organisation": world.company.pk, "job": "Chair", "on": later.isoformat()},
    )

    assert world.person.positions.current().get().job == "Chair"
    assert world.person.positions.count() == 2


def test_a_stale_edit_is_refused(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    people.edit(person=world.person, by=world.contact, version=1, phone="+33 4 22")

    answer = browser.post(
        reverse("crm:people-edit", args=[world.person.pk]),
        {"given": "Elise", "family": "Garnier", "kind": "contact", "version": 1},
    )

    assert "Somebody else changed" in answer.content.decode()
    assert Person.objects.get(pk=world.person.pk).given == "Élise"


def test_a_reader_reads_and_changes_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.reader)

    assert browser.get(reverse("crm:people-show", args=[world.person.pk])).status_code == 200
    for url in (
        reverse("crm:people-edit", args=[world.person.pk]),
        reverse("crm:people-move", args=[world.person.pk]),
        reverse("crm:people-archive", args=[world.person.pk]),
        reverse("crm:addresses-change", args=[world.person.pk]),
        reverse("crm:people-create"),
    ):
        assert browser.get(url).status_code == 404
        assert browser.post(url, ENTERED).status_code == 404


def test_a_stranger_finds_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.neighbour)

    for verb in ("show", "edit", "move", "archive", "restore"):
        url = reverse(f"crm:people-{verb}", args=[world.person.pk])
        assert browser.get(url).status_code == 404
    for verb in ("edit", "move", "archive", "restore"):
        url = reverse(f"crm:people-{verb}", args=[world.person.pk])
        assert browser.post(url).status_code == 404
    assert "Garnier" not in browser.get(reverse("crm:people-list")).content.decode()


def test_anonymous_visitors_are_asked_to_sign_in(world: World, client: Client) -> None:
    for url in (
        reverse("crm:people-list"),
        reverse("crm:people-show", args=[world.person.pk]),
    ):
        assert client.get(url).headers["Location"].startswith(reverse("account_login"))
        assert client.post(url).headers["Location"].startswith(reverse("account_login"))


def test_the_list_asks_at_most_twelve_questions(
    world: World, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(world.contact)

    with django_assert_max_num_queries(12):
        browser.get(reverse("crm:people-list"), {"mailable": "yes"})


def test_what_is_no_address_is_said_beside_its_field_in_the_readers_language(
    world: World, as_user: SignIn
) -> None:
    world.contact.language = "fr"
    world.contact.save()
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:people-create"), {**ENTERED, "cluster": world.lyon.pk, "email": "marc"}
    )

    said = str(answer.context["form"].errors["email"])
    assert "n’est pas une adresse e-mail" in said
    assert "@-sign" not in said


def test_whoever_reads_in_another_language_keeps_it_when_the_cell_is_saved(
    world: World, as_user: SignIn
) -> None:
    person = world.person
    person.language = "pt"
    person.save()
    address = reverse("crm:cells-person", args=[person.pk, "language"])
    browser = as_user(world.contact)

    answer = browser.get(address, headers={"HX-Request": "true"})

    assert '<option value="pt" selected>Portuguese</option>' in answer.content.decode()
