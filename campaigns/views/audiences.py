"""Whom a campaign is for: chosen on its page, or from the list of people."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actions import audiences, campaigns, choosing, overview, saved_audiences
from campaigns.actions.choosing import Asked
from campaigns.actions.overview import Overview
from campaigns.forms import asking
from campaigns.forms.audiences import STANDARD, AudienceForm, NameForm, WriteForm
from campaigns.forms.builder import Builder
from campaigns.models import Audience, Campaign
from campaigns.views import cards
from campaigns.views.requests import editable, page_of, shell
from crm.actions.errors import Refused
from crm.forms.nouns import PEOPLE
from crm.forms.tables import Table
from crm.models import Alliance, Event, Mission, Person, SavedView
from crm.models.questions import Question
from crm.rules.conditions import InvalidCondition
from crm.rules.queries import leaves_of, tree_of
from crm.views.lists import explicit
from crm.views.requests import UserRequest, refusals, signed_in

SAMPLE = 10
"""So many readers of each lane are shown by name."""


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
        usual=choosing.usual_readers(campaign),
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


@signed_in
def build(request: UserRequest, ref: str) -> HttpResponse:
    """Groups of conditions, who they find in each lane, and some of them by name."""
    campaign = editable(request, ref)
    known = asking.questions_for(request.user)
    saved = Audience.objects.visible_to(request.user).order_by("name", "pk")
    taken = saved.filter(pk=_number(request.GET.get("from", ""))).first()
    present = taken or campaign.audience
    include, exclude = (present.include, present.exclude) if present else ({}, None)
    builder = _builder(request, known, include, exclude)
    name = taken.name if taken else _own_name(request, campaign, known)
    form = NameForm(request.POST or None, initial={"name": name})
    found: dict[str, Any] = {}
    if builder and request.method == "POST" and form.is_valid():
        button = request.POST.get("do", "")
        if button not in ("", "count", "save", "keep"):
            builder.press(button, request.POST)
            if _can_count(campaign, builder):  # so far: of the conditions that have a value
                with refusals(form):
                    found = _found(request, campaign, builder)
        elif _complete(builder, form) and choosing.is_open(campaign):
            with refusals(form):
                if button == "keep":
                    _keep(request, campaign, builder, form)
                elif button == "save":
                    asked = _built(builder, form, known)
                    choosing.choose(campaign=campaign, by=request.user, asked=asked)
                    messages.success(request, _("It is for these people now."))
                    return page_of(campaign)
                found = _found(request, campaign, builder)
    elif builder and _can_count(campaign, builder):
        with suppress(Refused):
            found = _found(request, campaign, builder)
    if builder:
        include, exclude = builder.trees
    context = shell(
        campaign,
        form=form,
        builder=builder,
        open=choosing.is_open(campaign),
        known=known.values(),
        saved=saved,
        said=asking.sentence(include, exclude, known),
        **found,
    )
    return render(request, "campaigns/audiences/build.html", context)


def _own_name(request: UserRequest, campaign: Campaign, known: dict[str, Question]) -> str:
    """A name that somebody gave; where it is only what is asked, what is asked next is the name."""
    present = campaign.audience
    if present is None or present.chosen_by_id is None:
        return ""
    words = asking.sentence(present.include, present.exclude, known)
    name = cards.audience_name(campaign, request.user)
    return name if name == present.name != _shortened(words) else ""


def _builder(
    request: UserRequest,
    known: dict[str, Question],
    include: dict[str, Any],
    exclude: dict[str, Any] | None,
) -> Builder | None:
    """What stands in the form; None where what is asked now cannot be drawn."""
    if request.method == "POST":
        return Builder.sent(request.POST, known)
    if "anew" in request.GET:
        return Builder.drawn({}, None, known)
    try:
        builder = Builder.drawn(include, exclude, known)
    except InvalidCondition:
        return None
    return None if builder.loses else builder


def _complete(builder: Builder, form: NameForm) -> bool:
    if builder.complain():
        form.add_error(None, _("A condition has no value yet."))
    elif not builder.trees[0]:
        form.add_error(None, _("Nobody is asked for yet. Add a condition."))
    return form.is_valid()


def _keep(request: UserRequest, campaign: Campaign, builder: Builder, form: NameForm) -> None:
    """Under a name, to be used again; asked as strictly as if it were chosen."""
    include, exclude = builder.trees
    assert campaign.alliance is not None, "letters ask for nobody"
    choosing.check(campaign, request.user, include, exclude)
    saved_audiences.create(
        alliance=campaign.alliance,
        by=request.user,
        include=include,
        exclude=exclude,
        **form.cleaned_data,
    )
    messages.success(request, _("“%s” is saved.") % form.cleaned_data["name"])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _built(builder: Builder, form: NameForm, known: dict[str, Question]) -> Asked:
    include, exclude = builder.trees
    name = form.cleaned_data["name"] or asking.sentence(include, exclude, known)
    return Asked(_shortened(name), include, exclude=exclude)


def _found(request: UserRequest, campaign: Campaign, builder: Builder) -> dict[str, Any]:
    """How many of each lane would get it, who would not and why, and some whom one may name."""
    include, exclude = builder.trees
    choosing.check(campaign, request.user, include, exclude)
    imagined = audiences.asking(campaign, include, exclude)
    view = cards.viewing(request.user, campaign)
    throw = _number(request.POST.get("throw", ""))
    visible = Person.objects.visible_to(request.user)
    lanes, named = audiences.count_with_some(imagined, visible, most=SAMPLE, throw=throw)
    mine = [lane for lane in lanes if view.reads(lane.release)]
    people = visible.filter(pk__in=[pk for ids in named.values() for pk in ids]).in_bulk()
    return {
        "counted": cards.audience(Overview(campaign, mine), view),
        "lanes": [
            {
                "name": lane.release.name,
                "expected": lane.expected,
                "left_out": lane.excluded.total(),
                "reasons": cards.reasons(lane),
                "people": [people[pk] for pk in named.get(lane.release.pk, ()) if pk in people],
            }
            for lane in mine
            if lane.release
        ],
        "throw": (throw + 1) % 1000,
    }


def _can_count(campaign: Campaign, builder: Builder) -> bool:
    return bool(builder.trees[0]) and choosing.is_open(campaign)


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
    return Asked(_shortened("; ".join(table.said(leaf) for leaf in table.leaves)), conditions)


def _shortened(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:119]}…"


def _drafted(request: UserRequest, about: Campaign | Mission | Event, asked: Asked) -> Campaign:
    """All or nothing: a list that may not be an audience leaves no draft behind."""
    if isinstance(about, Campaign):
        choosing.choose(campaign=about, by=request.user, asked=asked)
        return about
    own = Alliance.objects.editable_by(request.user).filter(pk__in=about.alliances.values("pk"))
    return campaigns.write_about(record=about, alliance=own.first(), by=request.user, asked=asked)
