"""A cluster's custom fields: entered, changed, archived, restored."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.actions import custom_fields
from crm.forms.vocabulary import CustomFieldForm
from crm.models import Cluster, CustomField
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, cluster: str) -> HttpResponse:
    row = get_object_or_404(Cluster.objects.editable_by(request.user), slug=cluster)
    form = CustomFieldForm(request.POST or None, initial={"noun": request.GET.get("noun")})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            field = custom_fields.create(cluster=row, by=request.user, **form.values)
            messages.success(request, _("“%s” is asked from now on.") % field)
            return redirect(_page(row))
    return render(request, "crm/custom_fields/create.html", {"form": form, "back": _page(row)})


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    field = _editable(request, pk)
    form = CustomFieldForm(request.POST or None, field=field)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            custom_fields.edit(field=field, by=request.user, **form.values)
            messages.success(request, _("Your changes are saved."))
            return redirect(_page(field.cluster))
    context = {"form": form, "field": field, "back": _page(field.cluster)}
    return render(request, "crm/custom_fields/edit.html", context)


@signed_in
def archive(request: UserRequest, pk: int) -> HttpResponse:
    field = _editable(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: custom_fields.archive(field=field, by=request.user),
            _("“%s” is asked no more; its answers are kept.") % field,
            redirect(_page(field.cluster)),
        )
    context = {"field": field, "back": _page(field.cluster)}
    return render(request, "crm/custom_fields/archive.html", context)


@signed_in
def restore(request: UserRequest, pk: int) -> HttpResponse:
    field = _editable(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: custom_fields.restore(field=field, by=request.user),
            _("“%s” is asked again.") % field,
            redirect(_page(field.cluster)),
        )
    context = {"field": field, "back": _page(field.cluster)}
    return render(request, "crm/custom_fields/restore.html", context)


def _editable(request: UserRequest, pk: int) -> CustomField:
    rows = CustomField.objects.editable_by(request.user).select_related("cluster")
    return get_object_or_404(rows, pk=pk)


def _page(cluster: Cluster) -> str:
    return f"{reverse('crm:vocabulary-show')}?cluster={cluster.slug}"
