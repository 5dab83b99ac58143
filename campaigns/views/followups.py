"""Writing once more to readers of a campaign that was sent, and what is said otherwise then."""

from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions import following_up
from campaigns.forms.followups import FollowUpForm
from campaigns.models import Campaign
from campaigns.views import cards
from campaigns.views.requests import editable, page_of, shell, visible
from crm.models.codes import language_name
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def create(request: UserRequest, ref: str) -> HttpResponse:
    """Who of its readers is written to once more, with how many that are."""
    campaign = editable(request, ref)
    possible = following_up.may_follow(campaign)
    counts = following_up.counts(campaign) if possible else {}
    form = FollowUpForm(request.POST if request.method == "POST" else None, counts=counts)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            again = following_up.draft(
                campaign=campaign, by=request.user, rule=form.cleaned_data["rule"]
            )
            messages.success(request, _("A draft with the text that was sent. Nothing leaves yet."))
            return page_of(again)
    earlier = Campaign.objects.editable_by(request.user).filter(follows=campaign)
    context = shell(
        campaign,
        form=form,
        possible=possible,
        earlier=[
            {"campaign": each, "title": cards.title(each)} for each in earlier.order_by("-pk")
        ],
    )
    return render(request, "campaigns/followups/create.html", context)


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    """What it says otherwise than the campaign that it follows."""
    campaign = visible(request, ref)
    parts = {"subject": _("Subject"), "preheader": _("Preview line"), "text": _("Text")}
    parts["plain"] = _("Text part")
    context = shell(
        campaign,
        first=cards.followed(campaign, request.user),
        languages=[
            {
                "code": code,
                "name": language_name(code),
                "parts": [{"name": parts[row.part], "lines": row.lines} for row in rows],
            }
            for code, rows in groupby(following_up.differences(campaign), attrgetter("language"))
        ],
    )
    return render(request, "campaigns/followups/show.html", context)
