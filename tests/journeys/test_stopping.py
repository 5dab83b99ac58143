"""Pause and cancel, pressed while the deployed worker sends some thousand mails."""

import time

import pytest

from campaigns.actions import campaigns, ledger
from campaigns.models import Campaign, Delivery
from tests.journeys.deployment import celery, eventually, multiply
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State
MAILS = 3_000


def at_rest(campaign: Campaign) -> bool:
    """Nothing is on the line."""
    return not Delivery.objects.filter(campaign=campaign, state=State.ARMED).exists()


def test_pause_and_cancel_are_effective_within_ten_seconds(
    world: World, mail_server: MailServer
) -> None:
    """Fault 11: what is on the line is settled, and nothing else leaves."""
    mail_server.lie("dot", "steady", wait=0.02)
    world.person()
    campaign = world.call()
    multiply(campaign, MAILS)
    coordinator = world.users["coordinator"]

    def stands_still() -> int:
        """How many mails left until nothing more did, at most ten seconds after the click."""
        eventually(lambda: at_rest(campaign), seconds=10)
        left = len(mail_server.arrived)
        time.sleep(1)
        assert len(mail_server.arrived) == left
        assert at_rest(campaign)
        return left

    with (
        celery("worker", mail_server=mail_server),
        celery("beat", mail_server=mail_server),
    ):
        eventually(lambda: len(mail_server.arrived) > 20)
        campaigns.pause(campaign=campaign, by=coordinator)
        before = stands_still()

        campaigns.resume(campaign=campaign, by=coordinator)
        eventually(lambda: len(mail_server.arrived) > before + 20)
        campaigns.cancel(campaign=campaign, by=coordinator)
        sent = stands_still()

    assert sent < MAILS
    states = ledger.read(campaign)
    assert states.balances
    assert states.total.accepted == sent
    assert states.total.states[State.CANCELLED] == MAILS + 1 - sent
    assert len(set(mail_server.readers)) == sent
