"""Campaigns that were overtaken: nobody is called to what is cancelled, archived or over.

Between the day that somebody pressed Schedule and the moment it leaves, a mission may be cancelled
and its last deadline may pass. So its record is looked at once more.
"""

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actions import campaigns, checks
from campaigns.actions.findings import Level
from campaigns.models import Campaign
from crm.actions import audit
from crm.models import Event, Mission

S = Campaign.Status


def hold_back() -> None:
    """What is due becomes a draft again if its record stands against it; what is sent is paused.

    Reminders are looked after by their call's deadline (`reminders.tend`).
    """
    for campaign in Campaign.objects.due().filter(reminder=None).exclude(mission=None, event=None):
        _take_back(campaign)
    over = (
        Q(mission__status=Mission.Status.CANCELLED)
        | Q(mission__archived_at__isnull=False)
        | Q(event__status=Event.Status.CANCELLED)
        | Q(event__archived_at__isnull=False)
    )
    for campaign in Campaign.objects.filter(over, status=S.SENDING):
        why = _("“%(record)s” was archived or cancelled.") % {"record": campaign.record}
        campaigns.pause(campaign=campaign, by=None, reason=why)


def _take_back(campaign: Campaign) -> None:
    found = [each.sentence for each in checks.of_record(campaign) if each.level == Level.BLOCK]
    if not found:
        return
    # Whoever takes the schedule back at this moment was first.
    mine = Campaign.objects.filter(pk=campaign.pk, status=S.SCHEDULED)
    if mine.update(status=S.DRAFT, send_at=None):
        audit.record(by=None, verb="held back", row=campaign, detail={"why": found[0]})
