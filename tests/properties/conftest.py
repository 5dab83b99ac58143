"""A campaign under way for the state machine: two lanes that leave, and one that signs late."""

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import campaigns, freezing, releases
from campaigns.models import Campaign
from tests.world import World


@pytest.fixture
def campaign(world: World, settings: Settings) -> Campaign:
    settings.SENDING_BATCH = 2
    for cluster in (world.biocat, world.biocat, world.biocat, world.biom):
        world.person(cluster)
    campaign = world.call(release=False, start=False)
    by = world.users["coordinator"]
    for lane in campaign.releases.exclude(cluster=world.biom):
        releases.release(release=lane, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())
    freezing.start_due()
    campaign.refresh_from_db()
    return campaign
