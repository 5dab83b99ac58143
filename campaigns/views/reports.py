"""A campaign in numbers and person by person, and why somebody did or did not get it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions import explaining, reports, tallies
from campaigns.forms.campaigns import ExplainForm, ReportForm
from campaigns.models import Campaign, Release
from campaigns.views import cards, numbers
from campaigns.views.cards import Viewing
from campaigns.views.requests import shell, visible
from crm.actions.reasons import translated
from crm.models import Person
from crm.models.questions import Asker
from crm.models.search import people_called
from crm.rules import tables
from crm.rules.addresses import InvalidAddress
from crm.views.requests import UserRequest, searched, signed_in

PAGE = 50
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    """What became of it, lane by lane and language by language, of the lanes one reads."""
    campaign = visible(request, ref)
    view = cards.viewing(request.user, campaign)
    lanes = _read_by(view, campaign)
    found = tallies.read(campaign, lanes.values())
    context = shell(
        campaign,
        total=tallies.summed(found.values()),
        parts=numbers.parts(campaign, lanes, found),
        of_own_lanes=not view.reads_all,
    )
    return render(request, "campaigns/reports/show.html", context)


@signed_in
@require_safe
def download(request: UserRequest, ref: str, file_format: str) -> HttpResponse:
    """The same numbers as a table, a row for each lane and language."""
    campaign = visible(request, ref)
    if file_format not in FORMATS:
        raise Http404
    lanes = _read_by(cards.viewing(request.user, campaign), campaign)
    rows = numbers.rows(campaign, lanes, tallies.read(campaign, lanes.values()))
    with TemporaryDirectory() as place:
        path = Path(place, "report")
        table = tables.made(file_format, path, _("Report"), get_language() or "en")
        for row in rows:
            table.write(row)
        table.close()
        response = HttpResponse(path.read_bytes(), content_type=FORMATS[file_format])
    name = f"{campaign.ref}.{file_format}"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    return response


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
    lanes = Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()
    form = ReportForm(request.GET, lanes=lanes)
    scope = request.user.scope
    report = reports.Report(campaign, form.question, None if scope.admin else scope.clusters)
    readable = Person.objects.visible_to(request.user)
    search = searched(request)
    sought = people_called(search, Asker.of(request.user.scope)) if search else Q()
    named = report.people(readable.filter(sought).for_list())
    page = Paginator(named, PAGE).get_page(request.GET.get("page"))
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
    )
    return render(request, "campaigns/reports/people.html", context)


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
                text=form.cleaned_data["address"], campaign=campaign, people=mine
            )
        except InvalidAddress as problem:
            form.add_error("address", translated(str(problem)))
    return render(
        request,
        "campaigns/reports/explain.html",
        shell(campaign, form=form, sentences=sentences),
    )
