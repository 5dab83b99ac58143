"""A campaign whose mails leave through a provider."""

import pytest
from pytest_django.fixtures import Settings

from campaigns.actions import sending
from campaigns.models import Attempt, Delivery
from tests.kit.provider import Provider
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_campaign_leaves_through_the_provider(
    world: World, provider: Provider, settings: Settings
) -> None:
    settings.EMAIL_URL = "anymail://mailjet?window=50"
    for name in ("ada", "bounce-eve", "bob"):
        world.person(email=f"{name}@biotech.example")

    sending.work(world.call())

    states = dict(Delivery.objects.values_list("address__email", "state"))
    assert states == {
        "ada@biotech.example": Delivery.State.ACCEPTED,
        "bob@biotech.example": Delivery.State.ACCEPTED,
        "bounce-eve@biotech.example": Delivery.State.FAILED,
    }
    assert provider.readers == ["ada@biotech.example", "bob@biotech.example"]
    ids = {str(pk) for pk in Delivery.objects.values_list("pk", flat=True)}
    assert {taken.metadata["delivery"] for taken in provider.taken} < ids
    assert Attempt.objects.get(outcome="failed").relay == "mailjet"
