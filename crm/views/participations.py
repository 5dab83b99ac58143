"""Who takes part in an alliance, and what each cluster lets it see."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import alliances, network
from crm.forms.lines import present_period
from crm.forms.network import ParticipationForm, SharingForm
from crm.models import Alliance, Cluster, Participation
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def create(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    form = ParticipationForm(
        request.POST or None, clusters=Cluster.objects.visible_to(request.user)
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            row = network.join(alliance=alliance, by=request.user, **form.cleaned_data)
            messages.success(request, _("%s takes part from then on.") % row.cluster)
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "crm/participations/create.html", {"form": form, "alliance": alliance})


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    editable = Participation.objects.editable_by(request.user)
    row = get_object_or_404(editable.select_related("alliance", "cluster"), pk=pk)
    form = ParticipationForm(
        request.POST or None,
        clusters=None,
        initial={"role": row.role, **present_period(row.during)},
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            alliances.change_participation(participation=row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:alliances-show", row.alliance.slug)
    return render(request, "crm/participations/edit.html", {"form": form, "participation": row})


@signed_in
def share(request: UserRequest, pk: int) -> HttpResponse:
    own = Participation.objects.visible_to(request.user).shared_by(request.user)
    row = get_object_or_404(own.select_related("alliance", "cluster"), pk=pk)
    form = SharingForm(
        request.POST or None, initial={"sharing": row.sharing, "arrangement": row.arrangement}
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            alliances.share(participation=row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your changes are saved. They hold from now on."))
            return redirect("crm:alliances-show", row.alliance.slug)
    return render(request, "crm/participations/share.html", {"form": form, "participation": row})
