"""The requests desk: what people ask about their own data, and by when it has to be answered."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.actions import rights_requests
from crm.forms.rights_requests import AnswerForm, ExtendForm, RequestForm
from crm.models import Cluster, Person, RightsRequest
from crm.models.rights_requests import RightsRequestQuerySet
from crm.views.requests import UserRequest, act, refusals, signed_in

PAST = 50


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    """What waits, the most pressing first, and what was answered lately."""
    scope = request.user.scope
    if not (scope.admin or scope.clusters):
        raise Http404
    rows = RightsRequest.objects.visible_to(request.user).select_related("cluster", "person")
    context = {
        "open": rows.open(),
        "past": rows.exclude(state=RightsRequest.State.OPEN).order_by("-answered_on", "-pk")[:PAST],
        "may_record": scope.keeps_records,
    }
    return render(request, "crm/rights_requests/list.html", context)


@signed_in
def create(request: UserRequest, person: int | None = None) -> HttpResponse:
    """Of somebody whose page one came from, or of whoever wrote."""
    clusters = Cluster.objects.editable_by(request.user).order_by("name")
    if not request.user.scope.keeps_records:
        raise Http404
    about = None
    if person:
        mine = Person.objects.editable_by(request.user).filter(erased_at=None, merged_into=None)
        about = get_object_or_404(mine.for_page(), pk=person)
    form = RequestForm(request.POST or None, clusters=clusters, about_somebody=about is not None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            row = rights_requests.record(
                cluster=about.cluster if about else said["cluster"],
                kind=said["kind"],
                name=said.get("name", ""),
                email=said.get("email", ""),
                received_on=said["received_on"],
                note=said["note"],
                person=about,
                by=request.user,
            )
            messages.success(request, _("Written down. Its month runs."))
            return redirect("crm:rights-requests-show", row.pk)
    return render(request, "crm/rights_requests/create.html", {"form": form, "about": about})


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    rows = RightsRequest.objects.visible_to(request.user).select_related("cluster", "person", "by")
    row = get_object_or_404(rows, pk=pk)
    may_edit = row.is_open and _editable(request).filter(pk=pk).exists()
    context = {
        "row": row,
        "may_edit": may_edit,
        "may_extend": may_edit and not row.is_extended and row.days_left >= 0,
        "candidates": rights_requests.candidates(row)[: rights_requests.SOME]
        if may_edit and row.person is None
        else (),
    }
    return render(request, "crm/rights_requests/show.html", context)


@signed_in
@require_POST
def link(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_editable(request), pk=pk)
    people = Person.objects.editable_by(request.user).filter(cluster=row.cluster_id)
    number = request.POST.get("person", "")
    person = get_object_or_404(people, pk=number if number.isascii() and number.isdigit() else 0)
    return act(
        request,
        lambda: rights_requests.link(request=row, person=person, by=request.user),
        _("The request is about this person."),
        redirect("crm:rights-requests-show", pk),
    )


@signed_in
def extend(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_editable(request), pk=pk)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            rights_requests.extend(request=row, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("Extended by two months."))
            return redirect("crm:rights-requests-show", pk)
    return render(request, "crm/rights_requests/extend.html", {"form": form, "row": row})


@signed_in
def answer(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_editable(request), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            rights_requests.answer(
                request=row,
                done=form.cleaned_data["done"] == "yes",
                answer=form.cleaned_data["answer"],
                by=request.user,
            )
            messages.success(request, _("Answered on %(day)s.") % {"day": timezone.localdate()})
            return redirect("crm:rights-requests-show", pk)
    return render(request, "crm/rights_requests/answer.html", {"form": form, "row": row})


@signed_in
def erase(request: UserRequest, pk: int) -> HttpResponse:
    """What will be gone, and a button."""
    row = get_object_or_404(_editable(request), pk=pk)
    person: Any = row.person
    if row.kind != RightsRequest.Kind.ERASURE or person is None or person.erased_at:
        raise Http404
    if request.method == "POST":
        return act(
            request,
            lambda: rights_requests.carry_out(request=row, by=request.user),
            _("Erased. No list and no form brings this person back."),
            redirect("crm:rights-requests-show", pk),
        )
    context = {"row": row, "found": rights_requests.preview(person)}
    return render(request, "crm/rights_requests/erase.html", context)


def _editable(request: UserRequest) -> RightsRequestQuerySet:
    rows = RightsRequest.objects.editable_by(request.user)
    return rows.select_related("cluster", "person")
