"""What an alliance signed with partners abroad."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import agreements
from crm.forms.agreements import AgreementForm, present_agreement
from crm.models import Agreement, Alliance, Cluster
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    form = AgreementForm(
        request.POST or None,
        new=True,
        clusters=_signers(request, alliance),
        initial={"public": True},
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            agreements.enter(alliance=alliance, by=request.user, **form.facts)
            messages.success(request, _("The agreement is entered."))
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "crm/agreements/create.html", {"form": form, "alliance": alliance})


@signed_in
def edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    alliance, agreement = _found(request, slug, pk)
    form = AgreementForm(
        request.POST or None,
        clusters=_signers(request, alliance, agreement),
        initial=present_agreement(agreement),
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            agreements.edit(agreement=agreement, by=request.user, **form.facts)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:alliances-show", alliance.slug)
    context = {"form": form, "alliance": alliance, "agreement": agreement}
    return render(request, "crm/agreements/edit.html", context)


@signed_in
def remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    alliance, agreement = _found(request, slug, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: agreements.remove(agreement=agreement, by=request.user),
            _("The agreement is removed."),
            redirect("crm:alliances-show", alliance.slug),
        )
    context = {"agreement": agreement, "alliance": alliance}
    return render(request, "crm/agreements/remove.html", context)


def _found(request: UserRequest, slug: str, pk: int) -> tuple[Alliance, Agreement]:
    rows = Agreement.objects.editable_by(request.user).select_related("alliance")
    agreement = get_object_or_404(rows.prefetch_related("clusters"), pk=pk, alliance__slug=slug)
    return agreement.alliance, agreement


def _signers(
    request: UserRequest, alliance: Alliance, agreement: Agreement | None = None
) -> QuerySet[Cluster]:
    """Whoever took part in the alliance at some time, and who stands there already."""
    took_part = Q(participations__alliance=alliance)
    if agreement:
        took_part |= Q(agreements=agreement)
    return Cluster.objects.visible_to(request.user).filter(took_part).distinct()
