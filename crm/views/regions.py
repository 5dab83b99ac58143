"""Regions: the list, a page each, and an administrator's entering and changing."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import network, regions
from crm.actions.errors import Refused
from crm.forms.network import RegionForm, present_region
from crm.models import Cluster, Region
from crm.views.requests import UserRequest, refusals, signed_in
from crm.views.timelines import timeline


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    mine = Cluster.objects.visible_to(request.user)
    rows = Region.objects.visible_to(request.user).prefetch_related(Prefetch("clusters", mine))
    context = {"regions": rows.order_by("country", "slug"), "may_edit": request.user.scope.admin}
    return render(request, "crm/regions/list.html", context)


@signed_in
@require_safe
def show(request: UserRequest, slug: str) -> HttpResponse:
    region = get_object_or_404(Region.objects.visible_to(request.user), slug=slug)
    context = {
        "region": region,
        "clusters": region.clusters.visible_to(request.user),
        "may_edit": request.user.scope.admin,
        "history": timeline((region, "")),
    }
    return render(request, "crm/regions/show.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    if not request.user.scope.admin:
        raise Http404
    form = RegionForm(request.POST or None, new=True)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            if Region.objects.visible_to(request.user).filter(slug=form.facts["slug"]).exists():
                raise Refused(
                    _("The short name “%(slug)s” is taken. Choose another one.")
                    % {"slug": form.facts["slug"]}
                )
            region = network.create_region(by=request.user, **form.facts)
            messages.success(request, _("“%s” is entered.") % region)
            return redirect("crm:regions-show", region.slug)
    return render(request, "crm/regions/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    region = get_object_or_404(Region.objects.editable_by(request.user), slug=slug)
    form = RegionForm(request.POST or None, initial=present_region(region))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            regions.edit(region=region, by=request.user, **form.facts)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:regions-show", region.slug)
    return render(request, "crm/regions/edit.html", {"form": form, "region": region})
