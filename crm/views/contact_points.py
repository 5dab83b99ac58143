"""Handing a cluster's desk over to somebody."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.actions import network
from crm.forms.contact_points import ContactPointForm
from crm.models import Cluster, Mission
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def appoint(request: UserRequest) -> HttpResponse:
    clusters = Cluster.objects.editable_by(request.user)
    if not clusters:
        raise Http404
    form = ContactPointForm(
        request.POST or None,
        clusters=clusters,
        missions=Mission.objects.visible_to(request.user).filter(archived_at=None),
        initial={"cluster": request.GET.get("cluster")},
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            desk = network.appoint(by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("%(name)s answers for %(cluster)s from that day on.")
                % {
                    "name": desk.name,
                    "cluster": desk.cluster,
                },
            )
            return redirect("crm:network-show")
    return render(request, "crm/contact_points/appoint.html", {"form": form})
