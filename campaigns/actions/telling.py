"""Whoever scheduled a campaign gets a letter when it stops by itself: nobody watches at night.

The reason is told in the words that stand on the campaign's page.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actions import letters
from campaigns.models import Campaign
from crm.actions.errors import Refused
from crm.models import User
from crm.rules.addresses import InvalidAddress

KIND = "stops"


def paused(campaign: Campaign, why: str) -> None:
    """It was under way and stands still."""
    user = _reader(campaign)
    if user:
        with translation.override(user.language):
            _write(
                campaign,
                user,
                _("Paused: “%(campaign)s”") % {"campaign": campaign},
                [why, _("What has left has left; nothing more leaves until somebody resumes it.")],
            )


def held_back(campaign: Campaign, why: str) -> None:
    """It was due and did not begin."""
    user = _reader(campaign)
    if user:
        with translation.override(user.language):
            _write(
                campaign,
                user,
                _("Not sent: “%(campaign)s”") % {"campaign": campaign},
                [why, _("It is a draft again, and nobody got it. Mend it, then schedule it anew.")],
            )


def _reader(campaign: Campaign) -> User | None:
    """Who scheduled it; who scheduled its call, if it is a reminder."""
    user = campaign.started_by
    return user if user and user.is_active else None


def _write(campaign: Campaign, user: User, subject: str, paragraphs: list[str]) -> None:
    path = reverse("campaigns:campaigns-show", args=[campaign.ref])
    try:
        letters.tell(
            to=user.email,
            subject=subject,
            paragraphs=paragraphs,
            link=(_("Look at the campaign"), f"{settings.BASE_URL}{path}"),
            sender=_("Liaison. You get this letter because you scheduled this campaign."),
            kind=KIND,
            language=user.language,
        )
    except (Refused, InvalidAddress):
        return  # that it stopped stands on its page all the same
