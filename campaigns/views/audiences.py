"""Whom a campaign is for: chosen on its page, or from the list of people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actions import campaigns, choosing, overview
from campaigns.actions.choosing import Asked
from campaigns.forms.audiences import STANDARD, AudienceForm, WriteForm
from campaigns.models import Audience, Campaign
from campaigns.views import cards
from campaigns.views.requests import editable, page_of, shell
from crm.forms.nouns import PEOPLE
from crm.forms.tables import Table
from crm.models import Alliance, Event, Mission, SavedView
from crm.rules.conditions import InvalidCondition
from crm.rules.queries import leaves_of, tree_of
from crm.views.lists import explicit
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str) -> HttpResponse:
    """The usual readers, or a saved view of mine or of my cluster."""
    campaign = editable(request, ref)
    views = SavedView.objects.visible_to(request.user).filter(noun=SavedView.Noun.PERSON)
    found = {str(view.pk): view for view in views.select_related("cluster").order_by("name")}
    table = Table(PEOPLE, request.user, QueryDict("all=1"))
    present = campaign.audience
    form = AudienceForm(
        request.POST or None,
        views=[(key, _label(table, view)) for key, view in found.items() if view.conditions],
        initial={"audience": _ticked(present)},
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            view = found.get(form.cleaned_data["audience"])
            choosing.choose(
                campaign=campaign, by=request.user, asked=Asked.of(view) if view else None
            )
            messages.success(request, _("It is for these people now. Look at the numbers below."))
            return page_of(campaign)
    seen = overview.read(campaign)
    chosen = found.get(str(present.view_id)) if present else None
    context = shell(
        campaign,
        form=form,
        open=choosing.is_open(campaign),
        audience=cards.audience(seen, cards.viewing(request.user, campaign)),
        name=cards.audience_name(campaign, request.user),
        chosen=chosen,
        changed=chosen is not None and present and chosen.conditions != present.include,
        views=found,
    )
    return render(request, "campaigns/audiences/edit.html", context)


def _ticked(present: Audience | None) -> str:
    """What is asked for now; nothing where it came from a list, so that none is lost by a press."""
    if present is None or present.chosen_by_id is None:
        return STANDARD
    return str(present.view_id or "")


def _label(table: Table, view: SavedView) -> str:
    """A view with what it asks."""
    name = _("%s (shared)") % view.name if view.cluster_id else view.name
    return f"{name} · {_said(table, view.conditions)}"


def _said(table: Table, conditions: dict[str, Any]) -> str:
    try:
        leaves = [leaf for leaf in leaves_of(conditions) if leaf.field in table.questions]
    except InvalidCondition:
        return _("conditions that a list cannot show")
    return "; ".join(table.said(leaf) for leaf in leaves) or _("no filter")


@signed_in
def create(request: UserRequest) -> HttpResponse:
    """Write to the people whom a list shows: a new call or invitation, or a draft there is."""
    if not request.user.scope.leads:
        raise Http404
    table = Table(PEOPLE, request.user, request.GET)
    form = _writing(request)
    obstacle = _obstacle(table)
    if request.method == "POST" and form.is_valid() and not obstacle:
        with refusals(form):
            campaign = _drafted(request, form.chosen, _asked(request, table))
            messages.success(request, _("A draft for these people. Nothing is sent yet."))
            return page_of(campaign)
    context = {
        "form": form,
        "asked": [table.said(leaf) for leaf in table.leaves],
        "obstacle": obstacle,
        "back": f"{reverse('crm:people-list')}?{explicit(table).urlencode()}",
    }
    return render(request, "campaigns/audiences/create.html", context)


def _writing(request: UserRequest) -> WriteForm:
    own = Campaign.objects.editable_by(request.user)
    made = own.exclude(status=Campaign.Status.CANCELLED)
    return WriteForm(
        request.POST or None,
        drafts=own.filter(status=Campaign.Status.DRAFT).select_related("mission", "event"),
        missions=Mission.objects.announceable_by(request.user)
        .filter(archived_at=None, status=Mission.Status.OPEN)
        .exclude(pk__in=made.exclude(mission=None).values("mission")),
        events=Event.objects.announceable_by(request.user)
        .filter(archived_at=None, status=Event.Status.OPEN)
        .exclude(pk__in=made.exclude(event=None).values("event")),
    )


def _obstacle(table: Table) -> str:
    """Why this list can be no audience."""
    if table.trouble:
        return table.trouble
    if table.search:
        return _("What you typed into the search cannot choose an audience. Use a filter instead.")
    if table.archived:
        return _("Archived people get no mail. Go back to the list, and filter there.")
    if not table.leaves:
        return _("This list has no filter, so everybody would be written to. Add a filter first.")
    return ""


def _asked(request: UserRequest, table: Table) -> Asked:
    conditions = tree_of(table.leaves)
    if table.view:
        view = SavedView.objects.visible_to(request.user).get(pk=table.view.pk)
        if view.conditions == conditions:
            return Asked.of(view)
    said = "; ".join(table.said(leaf) for leaf in table.leaves)
    return Asked(said if len(said) <= 120 else f"{said[:119]}…", conditions)


def _drafted(request: UserRequest, about: Campaign | Mission | Event, asked: Asked) -> Campaign:
    """All or nothing: a list that may not be an audience leaves no draft behind."""
    if isinstance(about, Campaign):
        choosing.choose(campaign=about, by=request.user, asked=asked)
        return about
    own = Alliance.objects.editable_by(request.user).filter(pk__in=about.alliances.values("pk"))
    return campaigns.write_about(record=about, alliance=own.first(), by=request.user, asked=asked)
