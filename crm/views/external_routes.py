"""Where organisations from outside a mission's regions are sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import missions
from crm.forms.missions import ExternalRouteForm, present_route
from crm.models import Mission
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    route = getattr(mission, "external_route", None)
    form = ExternalRouteForm(request.POST or None, initial=present_route(route) if route else {})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            missions.set_external_route(mission=mission, by=request.user, **form.cleaned_data)
            messages.success(request, _("The external route is saved."))
            return redirect("crm:missions-show", mission.slug)
    return render(request, "crm/external_routes/edit.html", {"form": form, "mission": mission})
