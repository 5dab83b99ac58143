"""Whoever scheduled a campaign gets a letter when it stops by itself: nobody watches at night.

The reason is told in the words that stand on the campaign's page.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actions import letters
from campaigns.models import Campaign
from crm.actions.errors import Refused
from crm.rules.addresses import InvalidAddress

KIND = "stops"


def paused(campaign: Campaign, why: str) -> None:
    """It was under way and stands still."""
    _tell(
        campaign,
        gettext_lazy("Paused: “%(campaign)s”"),
        why,
        gettext_lazy("What has left has left; nothing more leaves until somebody resumes it."),
    )


def held_back(campaign: Campaign, why: str) -> None:
    """It was due and did not begin."""
    _tell(
        campaign,
        gettext_lazy("Not sent: “%(campaign)s”"),
        why,
        gettext_lazy("It is a draft again, and nobody got it. Mend it, then schedule it anew."),
    )


def _tell(campaign: Campaign, subject: Promise, why: str, then: Promise) -> None:
    """To who scheduled it; of a reminder to who scheduled its call."""
    user = campaign.started_by
    if user is None or not user.is_active:
        return
    path = reverse("campaigns:campaigns-show", args=[campaign.ref])
    with translation.override(user.language):
        try:
            letters.tell(
                to=user.email,
                subject=str(subject) % {"campaign": campaign},
                paragraphs=[why, str(then)],
                link=(_("Look at the campaign"), f"{settings.BASE_URL}{path}"),
                sender=_("Liaison. You get this letter because you scheduled this campaign."),
                kind=KIND,
                language=user.language,
            )
        except (Refused, InvalidAddress):
            return  # that it stopped stands on its page all the same
