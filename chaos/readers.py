"""Whom a scene writes to: an open mission, invented readers, and its call."""

from django.db import connection
from django.utils import timezone

from campaigns.actions import campaigns, releases
from campaigns.demo import fixture, open_mission
from campaigns.demo.days import Days
from campaigns.demo.load import load_network, once
from campaigns.demo.users import ADMINISTRATOR
from campaigns.models import Campaign
from crm.models import Mission, User


def use(url: str | None) -> None:
    """Let this process's connection lead to another database; None: only close it."""
    connection.close()
    if url:
        connection.settings_dict["NAME"] = url.rpartition("/")[2]


def open_a_mission() -> None:
    once("network", load_network)
    administrator = User.objects.get(email=ADMINISTRATOR)
    open_mission.load(Days(timezone.localdate()), administrator)


def draft(recipients: int) -> Campaign:
    """The mission's call to that many readers, released in every region."""
    fixture.load(people=recipients, organisations=max(40, recipients // 3))
    campaign = campaigns.announce(mission=Mission.objects.get(slug=open_mission.SLUG), by=None)
    releases.release_all(campaign=campaign, by=None)
    return campaign


def schedule(campaign: Campaign) -> None:
    campaigns.schedule(campaign=campaign, by=None, send_at=timezone.now())
