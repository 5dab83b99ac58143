"""Which campaign a request is about, and what every page of one shows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from campaigns.models import Campaign
from campaigns.views import cards
from crm.views.requests import UserRequest

RECORD = ("alliance", "mission", "event", "topic", "audience__chosen_by")


def visible(request: UserRequest, ref: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related(*RECORD), ref=ref)


def editable(request: UserRequest, ref: str) -> Campaign:
    rows = Campaign.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related(*RECORD), ref=ref)


def page_of(campaign: Campaign) -> HttpResponse:
    return redirect("campaigns:campaigns-show", campaign.ref)


def shell(campaign: Campaign, **more: Any) -> dict[str, Any]:
    """What every page of a campaign needs."""
    return {
        "campaign": campaign,
        "title": cards.title(campaign),
        "record_url": cards.record_url(campaign),
        "hue": campaign.alliance.accent if campaign.alliance else "",
        **more,
    }
