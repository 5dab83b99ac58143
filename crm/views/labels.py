"""Marks of quality that a cluster was given."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import clusters
from crm.forms.network import LabelForm
from crm.models import Cluster
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, slug: str) -> HttpResponse:
    cluster = get_object_or_404(Cluster.objects.editable_by(request.user), slug=slug)
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            clusters.award(cluster=cluster, by=request.user, **form.cleaned_data)
            messages.success(request, _("The label is entered."))
            return redirect("crm:clusters-show", cluster.slug)
    return render(request, "crm/labels/create.html", {"form": form, "cluster": cluster})


@signed_in
def remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    cluster = get_object_or_404(Cluster.objects.editable_by(request.user), slug=slug)
    label = get_object_or_404(cluster.labels, pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: clusters.remove_label(label=label, by=request.user),
            _("The label is removed."),
            redirect("crm:clusters-show", cluster.slug),
        )
    return render(request, "crm/labels/remove.html", {"label": label, "cluster": cluster})
