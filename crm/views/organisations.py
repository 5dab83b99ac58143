"""Organisations: the list, the record, entering, changing, archiving."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import organisations
from crm.forms.organisations import OrganisationForm, filters, other_codes, present
from crm.models import Cluster, Membership, Organisation, Person, changes_of
from crm.views.lists import listing
from crm.views.requests import UserRequest, act, refusals, render_part, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    search = request.GET.get("q", "").strip()
    archived = request.GET.get("archived") == "1"
    rows = Organisation.objects.visible_to(request.user).filter(
        merged_into=None, archived_at__isnull=not archived
    )
    if search:
        rows = rows.matching(search)
    context = {
        "listed": listing(request, rows, filters(request.user), rows.for_list(request.user)),
        "search": search,
        "archived": archived,
    }
    return render_part(request, "crm/organisations/list.html", "results", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(visible.select_related("home_cluster", "region"), pk=pk)
    people = Person.objects.visible_to(request.user).current()
    positions = organisation.positions.current().filter(person__in=people)
    membership = _membership(request, organisation)
    core = _may_change_core(request, organisation)
    context = {
        "organisation": organisation,
        "membership": membership,
        "names": organisation.names.order_by("-during", "pk"),
        "fields": organisation.fields.order_by("vocabulary", "code"),
        "positions": positions.select_related("person", "person__cluster").order_by(
            "person__name_folded"
        ),
        "statements": organisation.figures.side_by_side(),
        "changes": changes_of(organisation),
        "membership_changes": changes_of(membership) if membership else (),
        "may_change_core": core,
        "may_edit": core or _kept_membership(request, organisation) is not None,
    }
    return render(request, "crm/organisations/show.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    clusters = Cluster.objects.editable_by(request.user)
    if not clusters:
        raise Http404
    initial = {"region": clusters[0].region if len(clusters) == 1 else None}
    form = OrganisationForm(request.POST or None, cluster_choices=clusters, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            organisation = organisations.create(
                cluster=form.cleaned_data["cluster"],
                by=request.user,
                codes=form.codes,
                **form.core,
                **form.membership,
            )
            messages.success(request, _("“%s” is entered.") % organisation)
            return redirect("crm:organisations-show", organisation.pk)
    return render(request, "crm/organisations/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    core = _may_change_core(request, organisation)
    membership = _kept_membership(request, organisation)
    if not core and membership is None:
        raise Http404
    form = OrganisationForm(
        request.POST or None,
        core=core,
        membership=membership is not None,
        initial=present(organisation, membership),
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form), transaction.atomic():
            if core:
                organisations.edit(
                    organisation=organisation,
                    by=request.user,
                    version=form.cleaned_data["version"] or 0,
                    **form.core,
                )
                organisations.set_codes(
                    organisation=organisation,
                    by=request.user,
                    codes=form.codes + other_codes(organisation),
                )
            if membership:
                organisations.edit_membership(
                    membership=membership, by=request.user, **form.membership
                )
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:organisations-show", organisation.pk)
    context = {"form": form, "organisation": organisation, "may_change_core": core}
    return render(request, "crm/organisations/edit.html", context)


@signed_in
def archive(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: organisations.archive(organisation=organisation, by=request.user),
            _("“%s” is archived. You can restore it at any time.") % organisation,
            redirect("crm:organisations-show", organisation.pk),
        )
    return render(request, "crm/organisations/archive.html", {"organisation": organisation})


@signed_in
def restore(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: organisations.restore(organisation=organisation, by=request.user),
            _("“%s” is back in the lists.") % organisation,
            redirect("crm:organisations-show", organisation.pk),
        )
    return render(request, "crm/organisations/restore.html", {"organisation": organisation})


def _membership(request: UserRequest, organisation: Organisation) -> Membership | None:
    """The organisation as the user's own cluster keeps it; the home cluster's before others."""
    mine = organisation.memberships.visible_to(request.user).select_related("cluster")
    return mine.order_by(_home_first(organisation), "pk").first()


def _kept_membership(request: UserRequest, organisation: Organisation) -> Membership | None:
    mine = organisation.memberships.editable_by(request.user).select_related("cluster")
    return mine.order_by(_home_first(organisation), "pk").first()


def _home_first(organisation: Organisation) -> Case:
    return Case(When(cluster=organisation.home_cluster_id, then=0), default=1)


def _may_change_core(request: UserRequest, organisation: Organisation) -> bool:
    return Organisation.objects.editable_by(request.user).filter(pk=organisation.pk).exists()
