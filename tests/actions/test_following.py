"""Following a campaign from a terminal does not wait for ever."""

import pytest
from pytest_django.fixtures import Settings

from campaigns.actions import following, sending
from tests.kit.mailserver import MailServer
from tests.world import World


def test_without_a_worker_the_waiting_ends_and_says_what_to_start(
    world: World, settings: Settings
) -> None:
    settings.ANNOUNCE_PATIENCE = 0.2
    world.person()

    with pytest.raises(following.NotFinished, match="celery -A worker worker"):
        following.follow(world.call(), say=lambda line: None)


def test_a_campaign_that_moves_is_followed_to_its_end(
    world: World, settings: Settings, mail_server: MailServer
) -> None:
    settings.ANNOUNCE_PATIENCE = 0.2
    world.person()
    campaign = world.call()
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        sending.work(campaign)
        campaign.releases.update(status="done")
        type(campaign).objects.filter(pk=campaign.pk).update(status="finished")

    ledger = following.follow(campaign, say=say)

    assert ledger.total.accepted == 1
    assert said[0] == "0 of 1 accepted, 1 to go"


def test_the_rest_that_waits_for_its_canary_does_not_lack_a_worker(world: World) -> None:
    world.person()
    campaign = world.call()
    assert following.nobody_works(campaign)

    campaign.canary = True
    assert not following.nobody_works(campaign)
