"""A mission's deadlines."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import missions
from crm.forms.missions import DeadlineForm, present_deadline
from crm.models import Deadline, Mission
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, slug: str) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    form = DeadlineForm(request.POST or None, initial={"timezone": mission.lead_cluster.timezone})
    return _set(request, mission, None, form, "crm/deadlines/create.html")


@signed_in
def edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    deadline = get_object_or_404(mission.deadlines, pk=pk)
    form = DeadlineForm(request.POST or None, initial=present_deadline(deadline))
    return _set(request, mission, deadline, form, "crm/deadlines/edit.html")


@signed_in
def remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    deadline = get_object_or_404(mission.deadlines, pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: missions.remove_deadline(deadline=deadline, by=request.user),
            _("The deadline is removed."),
            redirect("crm:missions-show", mission.slug),
        )
    context = {"mission": mission, "deadline": deadline}
    return render(request, "crm/deadlines/remove.html", context)


def _set(
    request: UserRequest,
    mission: Mission,
    deadline: Deadline | None,
    form: DeadlineForm,
    template: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            missions.set_deadline(
                mission=mission, deadline=deadline, by=request.user, **form.cleaned_data
            )
            messages.success(request, _("The deadline is saved."))
            return redirect("crm:missions-show", mission.slug)
    return render(request, template, {"form": form, "mission": mission, "deadline": deadline})
