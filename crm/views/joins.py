"""Keeping an organisation together with another cluster: asked, answered, taken back."""

from django.contrib import messages
from django.db.models import Case, Q, QuerySet, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.actions import joining
from crm.forms.joins import US, AgreeForm, JoinForm
from crm.models import Cluster, Join, Membership, Organisation
from crm.models.organisations import OrganisationQuerySet
from crm.models.search import organisations_called
from crm.rules.cells import domain_of
from crm.rules.names import fold
from crm.views.requests import UserRequest, act, refusals, searched, signed_in

SOME = 20
PAST = 50


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    """What my cluster is asked, what it asked, and what came of both."""
    user = request.user
    if not user.scope.admin and not user.scope.clusters:
        raise Http404
    mine = Join.objects.visible_to(user).select_related("asker", "asked", "home", "merge")
    open_ones = mine.waiting()
    to_answer = open_ones.asked_of(user)
    past = mine.exclude(pk__in=open_ones.values("pk"))
    context = {
        "to_answer": to_answer,
        "others": open_ones.exclude(pk__in=to_answer.values("pk")),
        "past": [(join, _came_of(request, join)) for join in past[:PAST]],
    }
    return render(request, "crm/joins/list.html", context)


@signed_in
def create(request: UserRequest, pk: int) -> HttpResponse:
    """Ask about one of our own; what one is told is the same whatever the other keeps."""
    mine = Organisation.objects.editable_by(request.user).current()
    organisation = get_object_or_404(mine, pk=pk)
    asker = _keeper(request, organisation)
    form = JoinForm(request.POST or None, partners=joining.partners_of(asker))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["asked"]
        with refusals(form):
            joining.ask(
                organisation=organisation,
                asker=asker,
                asked=asked,
                home=asker if form.cleaned_data["home"] == US else asked,
                by=request.user,
                note=form.cleaned_data["note"],
            )
            messages.success(request, _("%s is asked. You read here what comes of it.") % asked)
            return redirect("crm:joins-list")
    context = {"form": form, "organisation": organisation, "asker": asker}
    return render(request, "crm/joins/create.html", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    """A request; for whom may answer it with their own records that may be meant."""
    rows = Join.objects.visible_to(request.user).select_related("asker", "asked", "home", "merge")
    join = get_object_or_404(rows, pk=pk)
    may_answer = (
        join.waits
        and Join.objects.editable_by(request.user).asked_of(request.user).filter(pk=pk).exists()
    )
    search = searched(request)
    found = _meant(request, join, search) if may_answer else ()
    context = {
        "join": join,
        "came_of": _came_of(request, join),
        "may_answer": may_answer,
        "may_withdraw": join.waits
        and Join.objects.editable_by(request.user).asked_by(request.user).filter(pk=pk).exists(),
        "form": AgreeForm(own=_own(request, join), found=found),
        "found": found,
        "search": search,
    }
    return render(request, "crm/joins/show.html", context)


@signed_in
@require_POST
def agree(request: UserRequest, pk: int) -> HttpResponse:
    rows = Join.objects.editable_by(request.user).asked_of(request.user)
    join = get_object_or_404(rows.select_related("asked"), pk=pk)
    own = _own(request, join)
    form = AgreeForm(request.POST, own=own, found=own)
    if not form.is_valid():
        messages.error(request, str(form.errors["theirs"][0]))
        return redirect("crm:joins-show", pk)
    theirs = form.cleaned_data["theirs"]
    return act(
        request,
        lambda: joining.agree(join=join, theirs=theirs, by=request.user),
        _("You keep it together now. Each keeps its own tags, notes, fields and people."),
        redirect("crm:joins-show", pk),
    )


@signed_in
@require_POST
def decline(request: UserRequest, pk: int) -> HttpResponse:
    rows = Join.objects.editable_by(request.user).asked_of(request.user)
    join = get_object_or_404(rows.select_related("asked"), pk=pk)
    return act(
        request,
        lambda: joining.decline(join=join, by=request.user),
        _("Declined. They are not told whether you keep it, nor why."),
        redirect("crm:joins-list"),
    )


@signed_in
@require_POST
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    rows = Join.objects.editable_by(request.user).asked_by(request.user)
    join = get_object_or_404(rows.select_related("asker"), pk=pk)
    return act(
        request,
        lambda: joining.withdraw(join=join, by=request.user),
        _("Taken back."),
        redirect("crm:joins-list"),
    )


def _came_of(request: UserRequest, join: Join) -> str:
    """In a sentence; whoever asked reads of a declined request what they read of an old one."""
    scope = request.user.scope
    if join.waits:
        return _("waits for an answer")
    if join.merge:
        return _("kept apart again") if join.merge.undone_at else _("kept together")
    if join.state == Join.State.WITHDRAWN:
        return _("taken back")
    if join.state == Join.State.DECLINED and (scope.admin or join.asked_id in scope.clusters):
        return _("declined")
    return _("came to nothing")


def _keeper(request: UserRequest, organisation: Organisation) -> Cluster:
    """The user's cluster that keeps it, the home cluster before others."""
    home = Case(When(pk=organisation.home_cluster_id, then=0), default=1)
    mine = Cluster.objects.editable_by(request.user).filter(memberships__organisation=organisation)
    cluster = mine.order_by(home, "pk").first()
    if cluster is None:
        raise Http404
    return cluster


def _own(request: UserRequest, join: Join) -> OrganisationQuerySet:
    """What the asked cluster keeps itself."""
    kept = Membership.objects.visible_to(request.user).filter(
        cluster=join.asked_id, archived_at=None
    )
    rows = Organisation.objects.visible_to(request.user).current()
    return rows.filter(pk__in=kept.values("organisation"))


def _meant(request: UserRequest, join: Join, search: str) -> QuerySet[Organisation]:
    """Those that are searched for; else those under the same website or a like name."""
    own = _own(request, join)
    if search:
        return own.filter(organisations_called(search)).order_by("name_folded", "pk")[:SOME]
    domain = domain_of(join.told.get("website", ""))
    meant = Q(name_folded__trigram_similar=fold(join.told.get("legal_name", "")))
    if domain:
        meant |= Q(domain=domain)
    return own.filter(meant).order_by("name_folded", "pk")[:SOME]
