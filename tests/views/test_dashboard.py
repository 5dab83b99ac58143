from typing import Any

from django.test import Client
from django.urls import reverse

from tests.views.conftest import SignIn, World


def test_a_contact_sees_the_numbers_of_their_region(world: World, as_user: SignIn) -> None:
    page = as_user(world.contact).get(reverse("crm:dashboard-show"))

    own = page.context["own"]
    assert (own.cluster, own.organisations, own.people, own.mailable) == (world.lyon, 1, 1, 1)
    assert "Send your profile" in page.content.decode()
    assert "Matchmaking" in page.content.decode()


def test_a_coordinator_sees_every_participants_counts_and_no_name(
    world: World, as_user: SignIn
) -> None:
    page = as_user(world.coordinator).get(reverse("crm:dashboard-show"))

    counts = {row.cluster: (row.people, row.mailable) for row in page.context["counted"]}
    assert counts == {world.lyon: (1, 1), world.munich: (1, 0)}
    assert "Geheimwort" not in page.content.decode()


def test_a_stranger_sees_only_their_own_cluster(world: World, as_user: SignIn) -> None:
    page = as_user(world.stranger).get(reverse("crm:dashboard-show"))

    assert [row.cluster for row in page.context["counted"]] == [world.away]
    assert "Japan" not in page.content.decode()


def test_visitors_sign_in(world: World, client: Client) -> None:
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_the_first_page_asks_few_questions(
    world: World, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    """A dozen, and one for the mailable, which of a large list are remembered a minute.

    While nothing waits: what does is named by a question more.
    """
    for user in (world.contact, world.coordinator, world.admin):
        browser = as_user(user)
        with django_assert_max_num_queries(13):
            browser.get(reverse("crm:dashboard-show"))
