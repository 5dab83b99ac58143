"""Lanes: release, hold, decline, introduce; one's own, or as coordinator all."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import (
    audiences,
    deadlines,
    mixing,
    overview,
    previews,
    releases,
    reminders,
)
from campaigns.actions.releases import Rewritten
from campaigns.forms.campaigns import SigningForm
from campaigns.forms.releases import IntroductionForm, NoteForm
from campaigns.models import Campaign, Release
from campaigns.views import cards
from campaigns.views.guard import guarded, lacks_factor
from campaigns.views.requests import editable, shell, visible
from crm.actions.errors import Refused
from crm.models import Person
from crm.models.codes import language_name
from crm.views.requests import UserRequest, act, refusals, signed_in


def _lane(request: UserRequest, ref: str, pk: int) -> Release:
    rows = Release.objects.editable_by(request.user).exclude(campaign__kind=Campaign.Kind.LETTER)
    rows = rows.select_related("campaign__alliance", "cluster")
    return get_object_or_404(rows, campaign__ref=ref, pk=pk)


def _back(release: Release) -> HttpResponse:
    return redirect("campaigns:releases-show", release.campaign.ref, release.pk)


def _read(request: UserRequest, ref: str, pk: int) -> tuple[Release, cards.Viewing]:
    """A lane that the user reads wholly, in a campaign that they see."""
    campaign = visible(request, ref)
    view = cards.viewing(request.user, campaign)
    lane = get_object_or_404(campaign.releases.select_related("cluster__region"), pk=pk)
    if not view.reads(lane):
        raise Http404
    lane.campaign = campaign
    return lane, view


@signed_in
@require_safe
def show(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """A region's part of a campaign, wholly: its readers, its mail, and what may be done."""
    lane, view = _read(request, ref, pk)
    campaign = lane.campaign
    seen = overview.read(campaign, signing=[lane] if lane.pk in view.signs else [])
    (row,) = [row for row in seen.lanes if row.release == lane]
    card = cards.lane(row, lane, view)
    context = shell(campaign, lane=lane, card=card, problem=seen.problem, **_trims(request, lane))
    context["tried"] = cards.tried(campaign)
    context["signed_once"] = lane.snapshots.exists()
    try:
        context |= _mail(request, lane, [each["code"] for each in card["languages"]])
        context["seen"] = releases.seen_in(campaign, [lane])
        context |= _reminders(lane) if lane.pk in view.signs else {}
    except Refused as refusal:
        context["problem"] = str(refusal)
    return render(request, "campaigns/releases/show.html", context)


@signed_in
@require_safe
def since(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """What changed in who gets it since the lane was signed; loaded behind the page."""
    lane, view = _read(request, ref, pk)
    found = audiences.since(lane)
    changes = cards.since(found, lane, view, request.user) if found else []
    context = shell(lane.campaign, lane=lane, found=found, changes=changes)
    template = "since_card" if request.htmx else "since"
    return render(request, f"campaigns/releases/{template}.html", context)


def _trims(request: UserRequest, lane: Release) -> dict[str, Any]:
    """Whom its region took out, for whoever keeps the region's people."""
    scope = request.user.scope
    if lane.cluster_id is None or not (scope.admin or lane.cluster_id in scope.contact_for):
        return {}
    url = reverse("campaigns:trims-list", args=[lane.campaign.ref, lane.pk])
    return {"trims_url": url, "taken_out": lane.trims.taken_out().people().count()}


def _reminders(lane: Release) -> dict[str, Any]:
    """The reminders of the call that may be signed together with this lane."""
    lanes = reminders.lanes_with(lane)
    return {"reminders": lanes, "reminders_seen": reminders.seen_with(lanes)}


def _mail(request: UserRequest, lane: Release, languages: list[str]) -> dict[str, Any]:
    """The mail as one reader of the lane gets it, in a language that its readers get."""
    reader = previews.reader_of(lane, Person.objects.visible_to(request.user))
    asked = request.GET.get("language", "")
    if asked in languages:
        reader = replace(reader, language=asked)
    mail = previews.compose(reader, previews.texts_of(lane.campaign))
    return {"reader": reader, "mail": mail, "language_name": language_name(reader.language)}


@signed_in
@require_POST
def remind(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """Write to whoever may sign the lane, now; the coordinator's to do."""
    campaign = editable(request, ref)
    lane = get_object_or_404(campaign.releases.select_related("cluster__region"), pk=pk)
    lane.campaign = campaign
    try:
        told = deadlines.remind(release=lane, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("One reminder is on its way.", "%(n)s reminders are on their way.", told)
        messages.success(request, words % {"n": told})
    return _back(lane)


@signed_in
@require_POST
def release(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """Sign a lane for what the text says now, with its reminders or these alone."""
    lane = _lane(request, ref, pk)
    mails = _leaving_by(lane.campaign, [lane])
    return guarded(_release, mails)(request, lane, mails)


def _release(request: UserRequest, lane: Release, mails: int) -> HttpResponse:
    together = request.POST.get("reminders", "")
    leaves = bool(together) or lane.campaign.status != Campaign.Status.DRAFT
    if leaves and lacks_factor(request.user):
        messages.error(request, _("Who lets mails leave signs in with a second factor."))
        return _back(lane)
    alone = bool(together) and not request.POST.get("seen")  # of a lane that is signed already
    action = reverse("campaigns:releases-release", args=[lane.campaign.ref, lane.pk])
    # What reminders remind of has left, or its number was typed: theirs is known only then.
    if not alone and (asked := _asked_how_many(request, lane.campaign, mails, action)):
        return asked

    def sign() -> None:
        if not alone:
            seen = request.POST.get("seen", "")
            releases.release(release=lane, by=request.user, seen=seen, undo=True)
        if together:
            reminders.release_with(release=lane, by=request.user, seen=together, undo=True)

    words = _("The lane of %(lane)s is released.")
    if alone:
        words = _("The reminders of the lane of %(lane)s are released.")
    elif together:
        words = _("The lane of %(lane)s is released, with its reminders.")
    return act(request, sign, words % {"lane": lane.name}, _back(lane))


@signed_in
@require_POST
def release_all(request: UserRequest, ref: str) -> HttpResponse:
    """Sign every lane that waits; held and declined ones stay as they are."""
    campaign = get_object_or_404(Campaign.objects.editable_by(request.user), ref=ref)
    mails = _leaving_by(campaign, releases.waiting_in(campaign))
    return guarded(_release_all, mails)(request, campaign, mails)


def _asked_how_many(
    request: UserRequest, campaign: Campaign, mails: int, action: str
) -> HttpResponse | None:
    """The page that asks for the number of mails, where many leave and it was not typed.

    It says where it goes: behind the password it stands under that page's address.
    """
    typed = request.POST if "count" in request.POST else None
    form = SigningForm(typed, mails=mails, initial=request.POST.dict())
    if "count" not in form.fields or form.is_valid():
        return None
    context = {"form": form, "campaign": campaign, "action": action}
    return render(request, "campaigns/releases/count.html", context)


def _leaving_by(campaign: Campaign, lanes: list[Release]) -> int:
    """How many mails a signature lets leave: of a draft none, since scheduling asks by itself."""
    if campaign.status == Campaign.Status.DRAFT:
        return 0
    seen = overview.read(campaign, signing=lanes)
    return overview.summed(row for row in seen.lanes if row.release in lanes).expected


def _release_all(request: UserRequest, campaign: Campaign, mails: int) -> HttpResponse:
    if lacks_factor(request.user) and campaign.status != Campaign.Status.DRAFT:
        messages.error(request, _("Who lets mails leave signs in with a second factor."))
        return redirect("campaigns:campaigns-show", campaign.ref)
    action = reverse("campaigns:releases-release_all", args=[campaign.ref])
    if asked := _asked_how_many(request, campaign, mails, action):
        return asked
    try:
        count = releases.release_all(
            campaign=campaign, by=request.user, seen=request.POST.get("seen", ""), undo=True
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("One lane is released.", "%(n)s lanes are released.", count) % {"n": count},
        )
        if releases.waiting_in(campaign):
            messages.warning(request, _("The checks say what keeps the lanes that still wait."))
    return redirect("campaigns:campaigns-show", campaign.ref)


@signed_in
def hold(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """Stop a lane until its region signs."""
    lane = _lane(request, ref, pk)
    return _decided(
        request,
        lane,
        lambda note: releases.hold(release=lane, by=request.user, note=note),
        _("The lane of %(lane)s is on hold. The others are not affected.") % {"lane": lane.name},
        "campaigns/releases/hold.html",
    )


@signed_in
def decline(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """A region that does not take part."""
    lane = _lane(request, ref, pk)
    return _decided(
        request,
        lane,
        lambda note: releases.decline(release=lane, by=request.user, note=note),
        _("The lane of %(lane)s is declined.") % {"lane": lane.name},
        "campaigns/releases/decline.html",
    )


def _decided(
    request: UserRequest,
    lane: Release,
    action: Callable[[str], None],
    done: str,
    template: str,
) -> HttpResponse:
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            action(form.cleaned_data["note"])
            messages.success(request, done)
            return _back(lane)
    return render(request, template, {"form": form, "lane": lane, "campaign": lane.campaign})


@signed_in
def introduce(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """The region's own introduction, per language."""
    lane = _lane(request, ref, pk)
    written = {text.language: text.text for text in lane.texts.all()}
    form = IntroductionForm(request.POST or None, initial={"texts": written, "seen": written})
    theirs: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            try:
                releases.introduce(release=lane, by=request.user, **form.cleaned_data)
            except Rewritten as rewritten:
                theirs = rewritten.theirs
                form.saw(theirs)
                raise
            messages.success(
                request, _("The introduction of %(lane)s is saved.") % {"lane": lane.name}
            )
            return _back(lane)
    placeless = ", ".join(map(language_name, mixing.without_place(lane.campaign)))
    context = {
        "form": form,
        "lane": lane,
        "campaign": lane.campaign,
        "placeless": placeless,
        "theirs": theirs,
    }
    return render(request, "campaigns/releases/introduce.html", context)
