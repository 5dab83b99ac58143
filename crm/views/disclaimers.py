"""What every mail of an alliance must say, and from when to when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import alliances, network
from crm.forms.network import DisclaimerForm, present_disclaimer
from crm.models import Alliance
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def create(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    form = DisclaimerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            network.disclaim(alliance=alliance, by=request.user, **form.cleaned_data)
            messages.success(request, _("Mails carry it in that time."))
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "crm/disclaimers/create.html", {"form": form, "alliance": alliance})


@signed_in
def edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    disclaimer = get_object_or_404(alliance.disclaimers, pk=pk)
    form = DisclaimerForm(request.POST or None, initial=present_disclaimer(disclaimer))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            alliances.change_disclaimer(disclaimer=disclaimer, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "crm/disclaimers/edit.html", {"form": form, "alliance": alliance})
