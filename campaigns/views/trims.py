"""Whom a region takes out of its own lane or adds: one by one, many, or an organisation's."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import reports, trimming
from campaigns.forms.trims import ChosenForm
from campaigns.models import Release, Trim
from campaigns.views.requests import shell, visible
from crm.actions.errors import Refused
from crm.models import Organisation, Person
from crm.models.people import PersonQuerySet
from crm.models.questions import Asker
from crm.models.search import people_called
from crm.views.requests import UserRequest, searched, signed_in

PAGE = 50
SHOWN = {
    "": reports.Question(),
    "gets": reports.Question(state=reports.EXPECTED),
}
OUT = "out"
"""Whom the region took out, whatever else stands against them, asked for or no longer."""
OTHERS = "others"
"""People of the region whom the campaign does not ask for."""
KNOWN = {*SHOWN, OUT, OTHERS}


def _lane(request: UserRequest, ref: str, pk: int) -> Release:
    """A lane of a cluster whose people the user keeps."""
    campaign = visible(request, ref)
    rows = Release.objects.editable_by(request.user).filter(campaign=campaign, pk=pk)
    lane = get_object_or_404(rows.select_related("cluster__region"))
    scope = request.user.scope
    if lane.cluster_id is None or not (scope.admin or lane.cluster_id in scope.contact_for):
        raise Http404
    lane.campaign = campaign
    return lane


def _people(request: UserRequest, lane: Release) -> PersonQuerySet:
    return Person.objects.editable_by(request.user).filter(cluster=lane.cluster_id)


@signed_in
@require_safe
def list(request: UserRequest, ref: str, pk: int) -> HttpResponse:  # noqa: A001
    """The people of the lane, with boxes while they can still be taken out."""
    lane = _lane(request, ref, pk)
    show = request.GET.get("show", "")
    asked = SHOWN.get(show, SHOWN[""])
    report = reports.Report(lane.campaign, reports.Question(lane, asked.state))
    search = searched(request)
    sought = people_called(search, Asker.of(request.user.scope)) if search else Q()
    people = _people(request, lane)
    company = _company(request)
    if company:
        people = people.at_organisation(company.pk)
    others = show == OTHERS and lane.is_trimmable
    out = Trim.objects.visible_to(request.user).taken_out().filter(release=lane).people()
    found = people.filter(sought).for_list()
    if show == OUT:
        named = found.filter(pk__in=out).order_by("name_folded", "pk")
    else:
        named = _others(found, report, lane) if others else report.people(found)
    page = Paginator(named, PAGE).get_page(request.GET.get("page"))
    shown = [*page.object_list]
    context = shell(
        lane.campaign,
        lane=lane,
        open=lane.is_trimmable,
        page=page,
        rows=_with_trims(report.rows(shown), lane, request),
        others=others,
        company=company,
        search=search,
        show=show if show in KNOWN else "",
        asked=bool(search or show or company),
        kept=[("show", show)] if show in KNOWN and show else [],
        form=ChosenForm(people=people, ids=[]),
        taken_out=out.count(),
    )
    return render(request, "campaigns/trims/list.html", context)


def _others(people: PersonQuerySet, report: reports.Report, lane: Release) -> PersonQuerySet:
    asked_for = report.people(people).order_by()
    could = people.current().filter(kind__in=lane.campaign.of_lanes)
    return could.exclude(pk__in=asked_for.values("pk")).order_by("name_folded", "pk")


def _company(request: UserRequest) -> Organisation | None:
    pk = request.GET.get("organisation", "")
    if not (pk.isdecimal() and len(pk) < 19):
        return None
    return Organisation.objects.visible_to(request.user).filter(pk=pk).first()


def _with_trims(
    rows: Sequence[reports.Row], lane: Release, request: UserRequest
) -> Sequence[tuple[reports.Row, Trim | None]]:
    trims = Trim.objects.visible_to(request.user).filter(release=lane)
    people = [row.person.pk for row in rows]
    # A merged record's word stands for the one that was kept.
    of = {
        trim.person.merged_into_id or trim.person_id: trim
        for trim in trims.filter(
            Q(person__in=people) | Q(person__merged_into__in=people)
        ).select_related("person", "by")
    }
    return [(row, of.get(row.person.pk)) for row in rows]


@signed_in
@require_POST
def take_out(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """The chosen people, or everybody of an organisation, get no copy."""
    lane = _lane(request, ref, pk)

    def act(form: ChosenForm) -> str:
        count = trimming.take_out(
            release=lane,
            people=form.chosen,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
        words = ngettext("One person is taken out.", "%(n)s people are taken out.", count)
        return words % {"n": count}

    return _done(request, lane, act)


@signed_in
@require_POST
def bring_back(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """They get their copy after all."""
    lane = _lane(request, ref, pk)

    def act(form: ChosenForm) -> str:
        count = trimming.bring_back(release=lane, people=form.chosen, by=request.user)
        words = ngettext("One person is back.", "%(n)s people are back.", count)
        return words % {"n": count}

    return _done(request, lane, act)


@signed_in
@require_POST
def add(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    """The chosen people are asked for, too."""
    lane = _lane(request, ref, pk)

    def act(form: ChosenForm) -> str:
        count = trimming.add(
            release=lane,
            people=form.chosen,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
        words = ngettext("One person is added.", "%(n)s people are added.", count)
        return words % {"n": count}

    return _done(request, lane, act)


def _done(request: UserRequest, lane: Release, act: Callable[[ChosenForm], str]) -> HttpResponse:
    """What came of it, on the list as it was; a signature that it took back is said."""
    signed = lane.status == Release.Status.RELEASED
    form = ChosenForm(request.POST, people=_people(request, lane), ids=request.POST.getlist("ids"))
    if not form.is_valid():
        for sentence in [each for errors in form.errors.values() for each in errors]:
            messages.error(request, str(sentence))
    else:
        try:
            said = act(form)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            again = " " + _("The lane waits for its signature again.") if signed else ""
            messages.success(request, said + again)
    back = redirect("campaigns:trims-list", lane.campaign.ref, lane.pk)
    if show := request.POST.get("show", ""):
        back["Location"] += f"?show={show}" if show in KNOWN else ""
    return back
