"""A campaign person by person, and why somebody did or did not get it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.actions import explaining, reports
from campaigns.forms.campaigns import ExplainForm, ReportForm
from campaigns.models import Release
from campaigns.views import cards
from campaigns.views.requests import shell, visible
from crm.models import Person
from crm.models.questions import Asker
from crm.models.search import people_called
from crm.rules.addresses import InvalidAddress
from crm.views.requests import UserRequest, searched, signed_in

PAGE = 50


@signed_in
@require_safe
def people(request: UserRequest, ref: str) -> HttpResponse:
    """A row per person the viewer may name; of the others the number."""
    campaign = visible(request, ref)
    view = cards.viewing(request.user, campaign)
    lanes = Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()
    form = ReportForm(request.GET, lanes=lanes)
    report = reports.Report(campaign, form.question)
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
            form.add_error("address", str(problem))
    return render(
        request,
        "campaigns/reports/explain.html",
        shell(campaign, form=form, sentences=sentences),
    )
