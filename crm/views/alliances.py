"""An alliance: its page, entering and changing it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import alliances, network
from crm.forms.network import AllianceForm, present_alliance
from crm.models import Alliance
from crm.views.requests import UserRequest, refusals, signed_in
from crm.views.timelines import timeline


@signed_in
@require_safe
def show(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.visible_to(request.user), slug=slug)
    rows = alliance.participations.select_related("cluster__region").order_by(
        "cluster__name", "during"
    )
    disclaimers = list(alliance.disclaimers.order_by("during"))
    agreements = list(alliance.agreements.told())
    participations, scope = list(rows), request.user.scope
    mine = (row for row in participations if scope.admin or row.cluster_id in scope.contact_for)
    context = {
        "alliance": alliance,
        "hue": alliance.accent,
        "participations": participations,
        "disclaimers": disclaimers,
        "statements": alliance.figures.side_by_side(),
        "agreements": agreements,
        "may_edit": scope.admin or alliance.pk in scope.coordinates,
        "may_share": {row.pk for row in mine},
        "today": timezone.localdate(),
        "history": timeline(
            (alliance, ""),
            *((row, str(row.cluster)) for row in participations),
            *((row, _("What every mail says")) for row in disclaimers),
            *((row, ", ".join(row.partners)) for row in agreements),
        ),
    }
    return render(request, "crm/alliances/show.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    if not request.user.scope.admin:
        raise Http404
    form = AllianceForm(request.POST or None, new=True, initial={"languages": ["en"]})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            alliance = network.create_alliance(by=request.user, **form.facts)
            messages.success(request, _("“%s” is entered. Say who takes part.") % alliance)
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "crm/alliances/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    form = AllianceForm(request.POST or None, initial=present_alliance(alliance))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            alliances.edit(alliance=alliance, by=request.user, **form.facts)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "crm/alliances/edit.html", {"form": form, "alliance": alliance})
