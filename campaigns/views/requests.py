"""Which campaign a request is about, and what every page of one shows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from campaigns.models import Campaign, Release
from campaigns.models.releases import ReleaseQuerySet
from campaigns.views import cards
from crm.views.requests import UserRequest

RECORD = ("alliance", "mission", "event", "post", "topic", "audience__chosen_by", "trial")
FOLLOWED = ("follows__audience", "follows__mission", "follows__event")


def visible(request: UserRequest, ref: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related(*RECORD, *FOLLOWED), ref=ref)


def editable(request: UserRequest, ref: str) -> Campaign:
    rows = Campaign.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related(*RECORD, *FOLLOWED), ref=ref)


def lanes(request: UserRequest, campaign: Campaign) -> ReleaseQuerySet:
    """The lanes of a campaign that somebody may look at."""
    return Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()


def nearest(request: UserRequest, campaign: Campaign) -> Release | None:
    """The lane whose mails somebody is shown who asked for none: their own, else the first."""
    there = lanes(request, campaign)
    release = there.filter(cluster__in=request.user.scope.clusters).first() or there.first()
    if release:
        release.campaign = campaign
    return release


def page_of(campaign: Campaign) -> HttpResponse:
    return redirect("campaigns:campaigns-show", campaign.ref)


def shell(campaign: Campaign, **more: Any) -> dict[str, Any]:
    """What every page of a campaign needs."""
    return {
        "campaign": campaign,
        "title": cards.title(campaign),
        "record_url": cards.record_url(campaign),
        "hue": campaign.alliance.accent if campaign.alliance else "",
        "as_of_today": cards.as_of_today(campaign),
        **more,
    }
