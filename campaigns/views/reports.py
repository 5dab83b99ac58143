"""A campaign in numbers and person by person, and why somebody did or did not get it."""

from functools import partial
from itertools import chain
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions import clicks, explaining, person_rows, tallies
from campaigns.actions.reports import Report
from campaigns.forms import asking
from campaigns.forms.campaigns import ExplainForm, ReportForm
from campaigns.models import Campaign, Release
from campaigns.models.trials import trial_of
from campaigns.views import cards, files, numbers
from campaigns.views.cards import Viewing
from campaigns.views.requests import shell, visible
from crm.actions import audit
from crm.actions.reasons import translated
from crm.models import Person
from crm.models.people import PersonQuerySet
from crm.models.questions import Asker
from crm.models.search import people_called
from crm.rules.addresses import InvalidAddress
from crm.views.requests import UserRequest, searched, signed_in

PAGE = 50
MOST = 20_000  # people in one file


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    """What became of it, lane by lane and language by language, of the lanes one reads."""
    campaign = visible(request, ref)
    view = cards.viewing(request.user, campaign)
    lanes = _read_by(view, campaign)
    found = tallies.read([campaign], lanes.values())
    parts = numbers.parts(campaign, lanes, found)
    if trial_of(campaign):
        tried = tallies.by_subject(campaign, lanes.values())
        parts.insert(0, numbers.of_subjects(campaign, tried))
    context = shell(
        campaign,
        total=tallies.summed(found.values()),
        parts=parts,
        of_own_lanes=not view.reads_all,
        links=clicks.of(campaign) if view.reads_all else (),
    )
    return render(request, "campaigns/reports/show.html", context)


@signed_in
@require_safe
def download(request: UserRequest, ref: str, file_format: str) -> HttpResponse:
    """The same numbers as a table, a row for each lane and language."""
    campaign = visible(request, ref)
    files.refuse_unknown(file_format)
    lanes = _read_by(cards.viewing(request.user, campaign), campaign)
    rows = numbers.rows(campaign, lanes, tallies.read([campaign], lanes.values()))
    return files.download(rows, file_format=file_format, title=_("Report"), name=campaign.ref)


def _read_by(view: Viewing, campaign: Campaign) -> dict[int, Release]:
    """The lanes whose numbers the viewer may know, in their order."""
    lanes = campaign.releases.in_order()
    return {release.pk: release for release in lanes if view.reads(release)}


@signed_in
@require_safe
def people(request: UserRequest, ref: str) -> HttpResponse:
    """A row per person the viewer may name; of the others the number."""
    campaign = visible(request, ref)
    view = cards.viewing(request.user, campaign)
    form, report, named = _asked(request, campaign)
    readable = Person.objects.visible_to(request.user)
    search = searched(request)
    page = Paginator(named.for_list(), PAGE).get_page(request.GET.get("page"))
    unnamed = report.unnamed(readable) if view.reads_all and not search else []
    context = shell(
        campaign,
        view=view,
        page=page,
        rows=report.rows([*page.object_list]),
        unnamed=unnamed,
        came_back=report.came_back(None if view.reads_all else readable),
        form=form,
        fields=[form["lane"], form["state"], form["reason"]],
        search=search,
        asked=bool(search or any(request.GET.get(name) for name in form.fields)),
        may_explain=_may_explain(request),
        whole=request.user.scope.clusters,
        question=request.GET.urlencode(),
    )
    return render(request, "campaigns/reports/people.html", context)


def _asked(request: UserRequest, campaign: Campaign) -> tuple[ReportForm, Report, PersonQuerySet]:
    """The part of the report that is asked for, and whom of it the viewer may name."""
    lanes = Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()
    form = ReportForm(request.GET, lanes=lanes)
    scope = request.user.scope
    report = Report(campaign, form.question, None if scope.admin else scope.clusters)
    search = searched(request)
    sought = people_called(search, Asker.of(scope)) if search else Q()
    return form, report, report.people(Person.objects.visible_to(request.user).filter(sought))


@signed_in
@require_safe
def take_out(request: UserRequest, ref: str, file_format: str) -> HttpResponse:
    """The people that the page shows, as a table; whoever takes many out signs in once more."""
    campaign = visible(request, ref)
    files.refuse_unknown(file_format)
    _form, report, named = _asked(request, campaign)
    number = named.count()
    if trouble := _obstacle(request, number):
        messages.error(request, trouble)
        back = reverse("campaigns:reports-people", args=[ref])
        return redirect(f"{back}?{request.GET.urlencode()}")
    page = reauthentication_required(_table) if number > settings.EXPORT_CONFIRM else _table
    answer: HttpResponse = page(request, report, named, file_format)
    return answer


def _obstacle(request: UserRequest, number: int) -> str:
    if not number:
        return _("There is nothing to export: this list is empty for you.")
    if number > MOST:
        words = {"number": number, "most": MOST}
        return (
            _("These are %(number)s rows; a file takes %(most)s. Narrow the list by a filter.")
            % words
        )
    if settings.EXPORT_SECOND_FACTOR and not is_mfa_enabled(request.user):
        return _("Who takes people out signs in with a second factor. Set one up, then come back.")
    return ""


def _table(
    request: UserRequest, report: Report, named: PersonQuerySet, file_format: str
) -> HttpResponse:
    scope, campaign = request.user.scope, report.campaign
    rows = person_rows.rows(report, named, None if scope.admin else scope.clusters)
    response = files.download(
        chain([person_rows.header()], rows),
        file_format=file_format,
        title=_("Person by person"),
        name=f"{campaign.ref}-people",
    )
    audit.record(
        by=request.user,
        verb="export",
        row=campaign,
        count=named.count(),
        detail={"format": file_format},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_explain(request: UserRequest) -> bool:
    """Addresses are known to their own cluster only."""
    return request.user.scope.admin or bool(request.user.scope.clusters)


@signed_in
@require_safe
def explain(request: UserRequest, ref: str) -> HttpResponse:
    """Why somebody did or did not get it; only about people whose addresses one may read."""
    campaign = visible(request, ref)
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
                text=form.cleaned_data["address"],
                campaign=campaign,
                people=mine,
                words=partial(asking.condition, known=asking.questions_for(request.user)),
            )
        except InvalidAddress as problem:
            form.add_error("address", translated(str(problem)))
    return render(
        request,
        "campaigns/reports/explain.html",
        shell(campaign, form=form, sentences=sentences),
    )
