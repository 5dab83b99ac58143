"""Campaigns: the list, the page with its lanes, announcing, writing, looking, sending, asking."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import (
    campaigns,
    checks,
    contents,
    explaining,
    overview,
    previews,
    proofs,
    reports,
)
from campaigns.forms.campaigns import (
    AnnouncingForm,
    ExplainForm,
    PreviewForm,
    ReportForm,
    ScheduleForm,
)
from campaigns.forms.contents import NAMES, READERS, TextForm
from campaigns.mail import records
from campaigns.models import Campaign, Release
from campaigns.views import cards
from crm.actions.errors import Refused
from crm.forms.texts import language_name
from crm.models import Alliance, Answer, Event, Mission, Person
from crm.rules.addresses import InvalidAddress
from crm.rules.texts import LANGUAGES
from crm.views.answers import answered
from crm.views.mails import framed
from crm.views.requests import UserRequest, act, refusals, signed_in

PAGE = 50
S = Campaign.Status


def _visible(request: UserRequest, ref: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("alliance", "mission", "event", "topic"), ref=ref)


def _editable(request: UserRequest, ref: str) -> Campaign:
    rows = Campaign.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related("alliance", "mission", "event", "topic"), ref=ref)


def _page_of(campaign: Campaign) -> HttpResponse:
    return redirect("campaigns:campaigns-show", campaign.ref)


def _shell(campaign: Campaign, **more: Any) -> dict[str, Any]:
    """What every page of a campaign needs."""
    return {
        "campaign": campaign,
        "title": cards.title(campaign),
        "record_url": cards.record_url(campaign),
        "hue": campaign.alliance.accent if campaign.alliance else "",
        **more,
    }


@signed_in
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
        request, "campaigns/campaigns/list.html", {"page": page, "chips": chips, "status": status}
    )


@signed_in
def show(request: UserRequest, ref: str) -> HttpResponse:
    campaign = _visible(request, ref)
    return render(request, "campaigns/campaigns/show.html", _shown(request, campaign))


@signed_in
def progress(request: UserRequest, ref: str) -> HttpResponse:
    """The part of the page that moves while mails leave; a changed status renews the whole."""
    campaign = _visible(request, ref)
    response = render(request, "campaigns/campaigns/progress.html", _shown(request, campaign))
    if request.GET.get("status") not in (None, campaign.status):
        response["HX-Refresh"] = "true"
    return response


def _shown(request: UserRequest, campaign: Campaign) -> dict[str, Any]:
    view = cards.viewing(request.user, campaign)
    seen = overview.read(campaign)
    # What every lane answered is for whom reads every lane.
    answers = Answer.objects.visible_to(request.user)
    if view.reads_all:
        answers = contents.record_of(campaign).answers.all()
    return _shell(
        campaign,
        view=view,
        audience=cards.audience(seen, view),
        lanes=cards.lanes(seen, view),
        progress=cards.progress(campaign, seen, view),
        problem=seen.problem,
        texts=campaign.texts.order_by("language"),
        missing=[
            code for code in LANGUAGES if code not in {t.language for t in campaign.texts.all()}
        ],
        answered=answered(
            answers.filter(mission=campaign.mission, event=campaign.event),
            request.user,
            all_counts=view.reads_all,
            event=campaign.event is not None,
        ),
        waiting=sum(lane.release.status == "waiting" for lane in seen.lanes if lane.release),
        released=sum(lane.release.status == "released" for lane in seen.lanes if lane.release),
        started=campaign.started_at is not None,
        ended=campaign.status in overview.ENDED,
    )


@signed_in
def announce(request: UserRequest, slug: str) -> HttpResponse:
    """Draft a mission's call, after a page that says what happens then."""
    mission = get_object_or_404(Mission.objects.announceable_by(request.user), slug=slug)
    return _announced(
        request, mission, lambda alliance: campaigns.announce(
            mission=mission, by=request.user, alliance=alliance
        ),
    )  # fmt: skip


@signed_in
def invite(request: UserRequest, slug: str) -> HttpResponse:
    """Draft an event's invitation."""
    event = get_object_or_404(Event.objects.announceable_by(request.user), slug=slug)
    return _announced(
        request, event, lambda alliance: campaigns.invite(
            event=event, by=request.user, alliance=alliance
        ),
    )  # fmt: skip


def _announced(
    request: UserRequest, record: Mission | Event, draft: Callable[[Alliance], Campaign]
) -> HttpResponse:
    own = Alliance.objects.editable_by(request.user).filter(pk__in=record.alliances.values("pk"))
    form = AnnouncingForm(request.POST or None, alliances=own)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            return _page_of(draft(form.cleaned_data["alliance"]))
    drafts = Campaign.objects.editable_by(request.user).exclude(status=S.CANCELLED)
    about = {"mission": record} if isinstance(record, Mission) else {"event": record}
    context = {
        "form": form,
        "record": record,
        "already": drafts.filter(**about),
    }
    template = "announce" if isinstance(record, Mission) else "invite"
    return render(request, f"campaigns/campaigns/{template}.html", context)


# --- the text


@signed_in
def text(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """The draft in one language: written and linked blocks, rearranged by small buttons."""
    campaign = _editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    draft = campaign.texts.filter(language=language).first()
    form = TextForm(request.POST or None, campaign=campaign, draft=draft)
    if request.method == "POST" and not form.arranging and form.is_valid():
        with refusals(form):
            contents.edit(
                campaign=campaign,
                language=language,
                subject=form.cleaned_data["subject"],
                preheader=form.cleaned_data["preheader"],
                blocks=form.blocks,
                ready=form.cleaned_data["ready"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(
                request,
                _("The text in %(language)s is saved.") % {"language": language_name(language)},
            )
            return redirect("campaigns:campaigns-text", campaign.ref, language)
    drafts = {text.language: text for text in campaign.texts.all()}
    context = _shell(
        campaign,
        form=form,
        language=language,
        blocks=_blocks(campaign, form.blocks, language),
        readers=READERS.items(),
        languages=[
            {"code": code, "name": language_name(code), "draft": drafts.get(code)}
            for code in LANGUAGES
        ],
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
    )
    return render(request, "campaigns/campaigns/text.html", context)


def _blocks(campaign: Campaign, blocks: Any, language: str) -> Any:
    """The blocks of the form; linked ones with what their record would put there now."""
    record = contents.record_of(campaign)
    for block in blocks:
        content, lacking = None, False
        if block["kind"] not in ("heading", "text"):
            try:
                content = records.filled(block, record, language)
            except LookupError:
                lacking = True
        yield {
            "kind": block["kind"],
            "name": NAMES[block["kind"]],
            "text": block.get("text"),
            "readers": ",".join(block.get("readers", ())),
            "content": content,
            "empty": lacking or content is None,
        }


# --- looking before sending


@signed_in
def preview(request: UserRequest, ref: str) -> HttpResponse:
    campaign = _visible(request, ref)
    form = _preview_form(request, campaign)
    context = _shell(campaign, form=form, view=cards.viewing(request.user, campaign))
    try:
        reader, mail = _previewed(request, campaign, form)
        context |= {
            "reader": reader,
            "mail": mail,
            "language_name": language_name(reader.language),
            "kilobytes": -(-mail.size // 1024),
            "wide": form.cleaned_data.get("width") != "phone",
        }
    except Refused as refusal:
        context["refusal"] = str(refusal)
    return render(request, "campaigns/campaigns/preview.html", context)


@framed
@signed_in
def preview_body(request: UserRequest, ref: str) -> HttpResponse:
    """The HTML part alone, for the sandboxed frame."""
    campaign = _visible(request, ref)
    try:
        _reader, mail = _previewed(request, campaign, _preview_form(request, campaign))
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8")
    return HttpResponse(mail.html)


@signed_in
@require_POST
def proof(request: UserRequest, ref: str) -> HttpResponse:
    """The mail that is previewed, to the user's own address."""
    campaign = _visible(request, ref)
    if not cards.viewing(request.user, campaign).acts:
        raise Http404
    form = _preview_form(request, campaign)
    try:
        reader = _reader(request, campaign, form)
        proofs.send(reader=reader, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("A proof is on its way to %(address)s.") % {"address": request.user.email}
        )
    query = request.POST.urlencode() if request.POST.get("back") == "preview" else ""
    return redirect(f"preview/?{query}") if query else _page_of(campaign)


def _preview_form(request: UserRequest, campaign: Campaign) -> PreviewForm:
    lanes = Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()
    written = campaign.texts.order_by("language").values_list("language", flat=True)
    form = PreviewForm(
        request.POST if request.method == "POST" else request.GET,
        lanes=lanes,
        languages=[*written],
    )
    form.is_valid()
    return form


def _reader(request: UserRequest, campaign: Campaign, form: PreviewForm) -> previews.Reader:
    """Whose mail is asked for; only people the viewer may name, else a made-up reader."""
    people = Person.objects.visible_to(request.user)
    asked, release = form.cleaned_data.get("person"), form.cleaned_data.get("lane")
    if asked:
        person = get_object_or_404(people, pk=asked)
        release = previews.lane_of(campaign, person) or release
    release = release or form.fields["lane"].queryset.first()  # type: ignore[attr-defined]
    if release is None:
        raise Refused(_("This campaign has no lane you could look at."))
    release.campaign = campaign
    reader = previews.reader_of(release, people, asked)
    return previews.Reader(
        release,
        reader.person,
        form.cleaned_data.get("language") or reader.language,
        form.cleaned_data.get("variant") or reader.variant,
    )


def _previewed(
    request: UserRequest, campaign: Campaign, form: PreviewForm
) -> tuple[previews.Reader, previews.Preview]:
    reader = _reader(request, campaign, form)
    return reader, previews.compose(reader, previews.texts_of(campaign))


@signed_in
@require_safe
def check(request: UserRequest, ref: str) -> HttpResponse:
    """The checks, loaded behind the page since they compose mails and dial the mail server."""
    campaign = _visible(request, ref)
    view = cards.viewing(request.user, campaign)
    found = checks.preflight(cards.narrowed(overview.read(campaign), view))
    context = _shell(
        campaign,
        findings=[cards.finding(campaign, finding, view.edits) for finding in found],
        to_mend=sum(finding.level != checks.Level.OK for finding in found),
    )
    template = "check_card" if request.htmx else "check"
    return render(request, f"campaigns/campaigns/{template}.html", context)


# --- sending


@signed_in
def schedule(request: UserRequest, ref: str) -> HttpResponse:
    """Now or at a time, with the numbers once more and what stands against it."""
    campaign = _editable(request, ref)
    seen = overview.read(campaign)
    leaving = overview.summed(
        lane for lane in seen.lanes if lane.release and lane.release.status == "released"
    )
    form = ScheduleForm(request.POST or None, campaign=campaign, mails=leaving.expected)
    blocking = checks.blocking(seen)
    if request.method == "POST" and form.is_valid() and not blocking:
        with refusals(form):
            campaigns.schedule(
                campaign=campaign,
                by=request.user,
                send_at=form.send_at or timezone.now(),
                zone=form.cleaned_data.get("zone"),
            )
            messages.success(
                request, _("It is scheduled. You may close this page; it leaves by itself.")
            )
            return _page_of(campaign)
    context = _shell(
        campaign,
        form=form,
        mails=leaving.expected,
        released=[
            lane for lane in seen.lanes if lane.release and lane.release.status == "released"
        ],
        others=[
            lane
            for lane in seen.lanes
            if lane.release and lane.release.status in ("waiting", "held", "declined")
        ],
        blocking=[cards.finding(campaign, finding, True) for finding in blocking],
    )
    return render(request, "campaigns/campaigns/schedule.html", context)


@signed_in
@require_POST
def unschedule(request: UserRequest, ref: str) -> HttpResponse:
    campaign = _editable(request, ref)
    return act(
        request,
        lambda: campaigns.unschedule(campaign=campaign, by=request.user),
        _("The schedule is taken back. Nothing was sent."),
        _page_of(campaign),
    )


@signed_in
@require_POST
def pause(request: UserRequest, ref: str) -> HttpResponse:
    campaign = _editable(request, ref)
    reason = _("Paused by %(who)s.") % {"who": request.user}
    return act(
        request,
        lambda: campaigns.pause(campaign=campaign, by=request.user, reason=reason),
        _("Paused. What is on the line is still settled; nothing more leaves."),
        _page_of(campaign),
    )


@signed_in
@require_POST
def resume(request: UserRequest, ref: str) -> HttpResponse:
    campaign = _editable(request, ref)
    return act(
        request,
        lambda: campaigns.resume(campaign=campaign, by=request.user),
        _("It goes on."),
        _page_of(campaign),
    )


@signed_in
def cancel(request: UserRequest, ref: str) -> HttpResponse:
    campaign = _editable(request, ref)
    if request.method == "POST":
        return act(
            request,
            lambda: campaigns.cancel(campaign=campaign, by=request.user),
            _("Cancelled. What had not left never leaves."),
            _page_of(campaign),
        )
    seen = overview.read(campaign)
    context = _shell(campaign, left=seen.frozen.left, accepted=seen.frozen.accepted)
    return render(request, "campaigns/campaigns/cancel.html", context)


# --- the report


@signed_in
@require_safe
def people(request: UserRequest, ref: str) -> HttpResponse:
    """A row per person the viewer may name; of the others the number."""
    campaign = _visible(request, ref)
    view = cards.viewing(request.user, campaign)
    lanes = Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()
    form = ReportForm(request.GET, lanes=lanes)
    report = reports.Report(campaign, form.question)
    visible = Person.objects.visible_to(request.user)
    search = request.GET.get("q", "").strip()
    named = report.people(
        visible.matching(search, request.user).for_list() if search else visible.for_list()
    )
    page = Paginator(named, PAGE).get_page(request.GET.get("page"))
    unnamed = report.unnamed(visible) if view.reads_all and not search else []
    context = _shell(
        campaign,
        view=view,
        page=page,
        rows=report.rows([*page.object_list]),
        unnamed=unnamed,
        form=form,
        fields=[form["lane"], form["state"], form["reason"]],
        search=search,
        asked=bool(search or any(request.GET.get(name) for name in form.fields)),
        may_explain=_may_explain(request),
        whole=request.user.scope.clusters,
    )
    return render(request, "campaigns/campaigns/people.html", context)


def _may_explain(request: UserRequest) -> bool:
    """Addresses are known to their own cluster only."""
    return request.user.scope.admin or bool(request.user.scope.clusters)


@signed_in
def explain(request: UserRequest, ref: str) -> HttpResponse:
    """Why somebody did or did not get it; only about people whose addresses one may read."""
    campaign = _visible(request, ref)
    if not _may_explain(request):
        raise Http404
    form = ExplainForm(request.GET or None)
    sentences: Any = None
    if form.is_bound and form.is_valid():
        mine = Person.objects.visible_to(request.user)
        if not request.user.scope.admin:
            mine = mine.filter(cluster__in=request.user.scope.clusters)
        try:
            sentences = explaining.explain(
                text=form.cleaned_data["address"], campaign=campaign, people=mine
            )
        except InvalidAddress as problem:
            form.add_error("address", str(problem))
    return render(
        request,
        "campaigns/campaigns/explain.html",
        _shell(campaign, form=form, sentences=sentences),
    )
