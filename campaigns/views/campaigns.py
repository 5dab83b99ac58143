"""Campaigns: the list, the page with its lanes, announcing, the checks."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import (
    beginning,
    campaigns,
    checks,
    choosing,
    outward,
    overview,
    releases,
)
from campaigns.actions.findings import Level
from campaigns.forms.campaigns import AnnouncingForm, NewCampaignForm
from campaigns.models import Campaign, Reminder, Snippet
from campaigns.rules import digesting
from campaigns.views import cards, ledgers, reminders
from campaigns.views.requests import page_of, shell, visible
from crm.actions.errors import Refused
from crm.models import Alliance, Answer, Event, Mission, Topic
from crm.rules.texts import LANGUAGES
from crm.views.answers import answered
from crm.views.requests import UserRequest, refusals, signed_in

PAGE = 50
S = Campaign.Status
Kind = Campaign.Kind


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    rows = Campaign.objects.visible_to(request.user).for_list(request.user)
    status = request.GET.get("status", "")
    chips = [
        {
            "label": label,
            "on": status == value,
            "url": request.path if status == value else f"?status={value}",
        }
        for value, label in S.choices
    ]
    if status in S.values:
        rows = rows.filter(status=status)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "campaigns/campaigns/list.html",
        {"page": page, "chips": chips, "status": status, "leads": bool(request.user.scope.leads)},
    )


@signed_in
def create(request: UserRequest) -> HttpResponse:
    """An announcement or a press release; its text is what is written next."""
    if not request.user.scope.leads:
        raise Http404
    form = NewCampaignForm(
        request.POST or None,
        alliances=Alliance.objects.editable_by(request.user),
        topics=Topic.objects.visible_to(request.user),
        templates=Snippet.objects.visible_to(request.user).kept(),
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            campaign = beginning.begin(by=request.user, **form.cleaned_data)
            text = campaign.texts.order_by("pk").first()
            language = text.language if text else "en"
            return redirect("campaigns:texts-edit", campaign.ref, language)
    return render(request, "campaigns/campaigns/create.html", {"form": form})


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    campaign = visible(request, ref)
    shown = _shown(request, campaign)
    shown["reminds"] = _as_reminder(request, campaign)
    shown["reminders"] = reminders.listed(campaign, shown["view"], request.user)
    return render(request, "campaigns/campaigns/show.html", shown)


@signed_in
@require_safe
def progress(request: UserRequest, ref: str) -> HttpResponse:
    """The part of the page that moves while mails leave; a changed status renews the whole."""
    campaign = visible(request, ref)
    shown = _shown(request, campaign)
    if "seen" in request.GET:
        # Nobody opened the page anew: what changed since was not looked at, and is not signed.
        shown["seen"] = request.GET["seen"]
    response = render(request, "campaigns/campaigns/progress.html", shown)
    if request.GET.get("status") not in (None, campaign.status):
        response["HX-Refresh"] = "true"
    return response


def _shown(request: UserRequest, campaign: Campaign) -> dict[str, Any]:
    view = cards.viewing(request.user, campaign)
    seen = overview.read(campaign)
    waiting = sum(lane.release.status == "waiting" for lane in seen.lanes if lane.release)
    # What every lane answered is for whom reads every lane.
    answers = Answer.objects.visible_to(request.user)
    if not campaign.record:
        answers = answers.none()
    elif view.reads_all:
        answers = campaign.record.answers.all()
    return shell(
        campaign,
        view=view,
        audience=cards.audience(seen, view),
        audience_name=cards.audience_name(campaign, request.user) if view.edits else "",
        choosable=view.edits and choosing.is_open(campaign),
        first=cards.followed(campaign, request.user),
        lanes=cards.lanes(seen, view),
        progress=cards.progress(campaign, seen, view),
        ledger=ledgers.table(seen, view),
        held=ledgers.held_back(campaign, request.user, view.edits),
        problem=seen.problem,
        **_texts(campaign),
        answered=answered(
            answers.filter(mission=campaign.mission, event=campaign.event),
            request.user,
            all_counts=view.reads_all,
            event=campaign.event is not None,
        ),
        seen=_mark(campaign) if view.edits and waiting else "",
        waiting=waiting,
        dated=any(lane.release.by_at for lane in seen.lanes if lane.release),
        released=sum(lane.release.status == "released" for lane in seen.lanes if lane.release),
        started=campaign.started_at is not None,
        ended=campaign.status in overview.ENDED,
        own=cards.own(campaign, view),
        tried=cards.tried(campaign),
    )


def _texts(campaign: Campaign) -> dict[str, Any]:
    """What it says in each language; a digest has no draft, and what it tells stands for it."""
    if campaign.is_digest and campaign.content_version:
        pinned = campaign.content_version.texts.order_by("language")
        told = [
            {"language": text.language, "subject": text.subject, "ready": True,
             "preheader": digesting.preview_line(text.blocks)}
            for text in pinned
        ]  # fmt: skip
        return {"texts": told, "missing": []}
    texts = [*campaign.texts.order_by("language")]
    written = {text.language for text in texts}
    return {"texts": texts, "missing": [code for code in LANGUAGES if code not in written]}


def _as_reminder(request: UserRequest, campaign: Campaign) -> Reminder | None:
    """Where it is one that still waits: what it counts from."""
    if campaign.follows_id is None or campaign.status not in Campaign.UNSTARTED:
        return None
    return Reminder.objects.visible_to(request.user).filter(campaign=campaign).first()


def _mark(campaign: Campaign) -> str:
    """Of what all waiting lanes say, for the button that signs them together."""
    try:
        return releases.seen_in(campaign, releases.waiting_in(campaign))
    except Refused:
        return ""  # and the checks say why it cannot be sent


@signed_in
def announce(request: UserRequest, slug: str) -> HttpResponse:
    """Draft a mission's call, after a page that says what happens then."""
    mission = get_object_or_404(Mission.objects.announceable_by(request.user), slug=slug)
    return _announced(
        request, mission, lambda **chosen: campaigns.announce(
            mission=mission, by=request.user, **chosen
        ),
    )  # fmt: skip


@signed_in
def invite(request: UserRequest, slug: str) -> HttpResponse:
    """Draft an event's invitation."""
    event = get_object_or_404(Event.objects.announceable_by(request.user), slug=slug)
    return _announced(
        request, event, lambda **chosen: campaigns.invite(
            event=event, by=request.user, **chosen
        ),
    )  # fmt: skip


def _announced(
    request: UserRequest, record: Mission | Event, draft: Callable[..., Campaign]
) -> HttpResponse:
    own = Alliance.objects.editable_by(request.user).filter(pk__in=record.alliances.values("pk"))
    kind = Kind.MISSION_CALL if isinstance(record, Mission) else Kind.EVENT_INVITATION
    kept = Snippet.objects.visible_to(request.user).kept().templates(kind)
    form = AnnouncingForm(
        request.POST or None, alliances=own, templates=kept.filter(alliance__in=own)
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            return page_of(draft(**form.cleaned_data))
    drafts = Campaign.objects.editable_by(request.user).exclude(status=S.CANCELLED)
    about = {"mission": record} if isinstance(record, Mission) else {"event": record}
    context = {
        "form": form,
        "record": record,
        "already": drafts.filter(**about),
    }
    template = "announce" if isinstance(record, Mission) else "invite"
    return render(request, f"campaigns/campaigns/{template}.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: UserRequest, ref: str) -> HttpResponse:
    """The checks, loaded behind the page since they compose mails and dial the mail server.

    A POST has a worker look again at what it knows already.
    """
    campaign = visible(request, ref)
    view = cards.viewing(request.user, campaign)
    lanes = campaign.releases.exclude(cluster=None).select_related("cluster")
    senders = [lane.cluster for lane in lanes if lane.cluster and view.reads(lane)]
    if request.method == "POST":
        if not view.acts:
            raise Http404
        outward.look_again(campaign, senders)
        return redirect("campaigns:campaigns-check", campaign.ref)
    if "waits" in request.GET and outward.is_anything_awaited(campaign, senders):
        return HttpResponse(status=204)  # asked every few seconds; the checks take longer
    seen = cards.narrowed(overview.read(campaign), view)
    if view.acts:
        outward.ask(campaign, senders)
        outward.ask_of_reminders(campaign)
    found = checks.preflight(seen)
    context = shell(
        campaign,
        findings=[cards.finding(campaign, finding, view.edits) for finding in found],
        to_mend=sum(finding.level != Level.OK for finding in found),
        waits=any(finding.waits for finding in found),
        acts=view.acts,
    )
    template = "check_card" if request.htmx else "check"
    return render(request, f"campaigns/campaigns/{template}.html", context)
