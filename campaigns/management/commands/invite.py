"""Invite to an event: the invitation goes to everybody it is for."""

from django.core.management.base import CommandError

from campaigns.actions import campaigns
from campaigns.management.announcing import AnnouncingCommand
from campaigns.models import Audience, Campaign
from crm.models import Event, User


class Command(AnnouncingCommand):
    help = "Draft a event's invitation, schedule it for now and, with --wait, follow it to its end."

    def draft(self, slug: str, *, by: User | None, audience: Audience | None) -> Campaign:
        event = Event.objects.filter(slug=slug).first()
        if event is None:
            raise CommandError(f"There is no event called {slug}.")
        return campaigns.invite(event=event, by=by, audience=audience)
