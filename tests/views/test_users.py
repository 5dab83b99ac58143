from django.test import Client
from django.urls import reverse

from crm.models import User
from tests.views.conftest import SignIn, World

FIRST = {
    "name": "Alba Ferrer",
    "email": "alba@liaison.example",
    "language": "en",
    "password": "a quiet morning in Lyon",
}


def test_the_first_visitor_becomes_the_administrator(client: Client, db: None) -> None:
    assert client.get("/").headers["Location"] == reverse("crm:users-first")

    client.post(reverse("crm:users-first"), FIRST)

    assert User.objects.get().scope.admin
    assert client.get("/").status_code == 200


def test_a_weak_password_is_refused_in_words(client: Client, db: None) -> None:
    answer = client.post(reverse("crm:users-first"), {**FIRST, "password": "password1234"})

    assert "too common" in answer.content.decode()
    assert User.nobody_yet()


def test_there_is_no_second_first_run(world: World, client: Client) -> None:
    url = reverse("crm:users-first")

    assert client.get(url).status_code == 404
    assert client.post(url, FIRST).status_code == 404


def test_the_screens_speak_the_language_of_the_user(world: World, as_user: SignIn) -> None:
    User.objects.filter(pk=world.contact.pk).update(language="de")

    page = as_user(world.contact).get(
        reverse("crm:dashboard-show"), headers={"accept-language": "fr"}
    )

    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.content.decode()
