"""A draft of three lanes, and a zone in which its senders' domains are looked up."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from campaigns.mail import domains
from campaigns.models import Campaign
from crm.models import Cluster
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.mailserver import MailServer
from tests.kit.zone import Zone
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def zone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    zone = Zone()
    zone.start()
    settings.DNS_SERVER = zone.server
    settings.LOOK_PATIENCE = 120
    settings.DEMO_ZONE = True
    monkeypatch.setattr(domains, "PATIENCE", 0.2)
    yield zone
    zone.stop()


@pytest.fixture
def draft(world: World, mail_server: MailServer) -> Campaign:
    Cluster.objects.update(dkim_selector="liaison")
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


@pytest.fixture
def reader(world: World) -> Client:
    return signed_in(world.users["reader"])
