"""Entering what a source states about an alliance or a cluster."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import figures
from crm.forms.network import FigureForm
from crm.models import Alliance, Cluster
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def create(request: UserRequest, alliance: str = "", cluster: str = "") -> HttpResponse:
    subject: Alliance | Cluster
    about: dict[str, Any]
    if alliance:
        subject = get_object_or_404(Alliance.objects.editable_by(request.user), slug=alliance)
        back, about = "crm:alliances-show", {"alliance": subject}
    else:
        subject = get_object_or_404(Cluster.objects.editable_by(request.user), slug=cluster)
        back, about = "crm:clusters-show", {"cluster": subject}
    form = FigureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            figures.state(by=request.user, **form.cleaned_data, **about)
            messages.success(
                request, _("It stands there with its source, beside what others state.")
            )
            return redirect(back, subject.slug)
    return render(
        request, "crm/figures/create.html", {"form": form, "subject": subject, "back": back}
    )
