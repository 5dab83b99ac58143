import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import ContactPoint
from tests.views.conftest import SignIn, World


def test_the_network_shows_my_alliance_and_nobody_elses_cluster(
    world: World, as_user: SignIn
) -> None:
    page = as_user(world.contact).get(reverse("crm:network-show")).content.decode()

    assert "Bio Alliance" in page
    assert "Munich Cluster" in page
    assert "Camille Arnaud" in page
    assert "Faraway Cluster" not in page


def test_the_desk_is_handed_over_from_a_day_on(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    monday = timezone.localdate() + dt.timedelta(days=7)

    browser.post(
        reverse("crm:contact-points-appoint"),
        {
            "cluster": world.lyon.pk,
            "role": "general",
            "name": "Inès Marchetti",
            "email": "desk@lyon.example",
            "from_": monday.isoformat(),
        },
    )

    new = ContactPoint.objects.get(name="Inès Marchetti")
    assert new.succeeds.name == "Camille Arnaud"
    assert new.succeeds.during.upper == monday


def test_nobody_appoints_for_another_cluster(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:contact-points-appoint"),
        {
            "cluster": world.munich.pk,
            "role": "general",
            "name": "Inès Marchetti",
            "email": "desk@lyon.example",
            "from_": timezone.localdate().isoformat(),
        },
    )

    assert answer.context["form"].errors["cluster"]
    assert not ContactPoint.objects.filter(name="Inès Marchetti").exists()


def test_who_keeps_no_cluster_appoints_nobody(world: World, as_user: SignIn) -> None:
    for user in (world.coordinator, world.reader):
        assert as_user(user).get(reverse("crm:contact-points-appoint")).status_code == 404


def test_visitors_sign_in(world: World, client: Client) -> None:
    for name in ("crm:network-show", "crm:contact-points-appoint"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))
