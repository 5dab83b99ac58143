"""Until when nothing of a press release is to be printed."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import contents, linking
from campaigns.models import Campaign, Release
from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import User


def lay(*, campaign: Campaign, by: User | None, until: dt.datetime | None, zone: str = "") -> None:
    """Put a press release under an embargo, or (None) take it off: all its texts say so at once.

    `zone` names the place on whose clocks it is said. Lanes that had signed are asked again.
    """
    if not campaign.is_for_press:
        raise Refused(_("Only a press release is under an embargo."))
    if until is None:
        zone = ""
    elif until <= timezone.now():
        raise Refused(_("This lies in the past. Choose a later time, or no embargo."))
    with transaction.atomic():
        row = contents.hold(campaign)
        if (row.embargo_until, row.embargo_zone) == (until, zone):
            return
        Campaign.objects.filter(pk=row.pk).update(embargo_until=until, embargo_zone=zone)
        campaign.refresh_from_db()
        linking.take_own(campaign, "embargo", by=by)
        campaign.releases.ask_again(Release.Why.TEXT)
        audit.record(
            by=by,
            verb="laid an embargo" if until else "took off the embargo",
            row=campaign,
            detail={"until": until.isoformat()} if until else None,
        )
