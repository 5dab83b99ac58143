"""Announce a mission: its call goes to everybody it is for."""

from django.core.management.base import CommandError

from campaigns.actions import campaigns
from campaigns.management.announcing import AnnouncingCommand
from campaigns.models import Audience, Campaign
from crm.models import Mission, User


class Command(AnnouncingCommand):
    help = "Draft a mission's call, schedule it for now and, with --wait, follow it to its end."

    def draft(self, slug: str, *, by: User | None, audience: Audience | None) -> Campaign:
        mission = Mission.objects.filter(slug=slug).first()
        if mission is None:
            raise CommandError(f"There is no mission called {slug}.")
        return campaigns.announce(mission=mission, by=by, audience=audience)
