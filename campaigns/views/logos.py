"""An alliance's logo, brought and taken off by its coordinator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions import images, logos
from campaigns.forms.logos import LogoForm
from campaigns.rules import pictures
from crm.actions.errors import Refused
from crm.models import Alliance
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    form = LogoForm(request.POST or None, request.FILES or None, alliance=alliance)
    if request.method == "POST" and form.is_valid():
        upload, file = form.cleaned_data["upload"], None
        with refusals(form):
            if upload:
                if upload.size > pictures.LARGEST:
                    raise Refused(images.too_large(upload.name))
                file = (upload.name, upload.read())
            logos.bring(
                alliance=alliance, by=request.user, says=form.cleaned_data["says"], file=file
            )
            messages.success(request, _("The logo stands at the head of mails and pages now."))
            return redirect("crm:alliances-show", alliance.slug)
    return render(request, "campaigns/logos/edit.html", {"form": form, "alliance": alliance})


@signed_in
@require_POST
def remove(request: UserRequest, slug: str) -> HttpResponse:
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    logos.take_off(alliance=alliance, by=request.user)
    messages.success(request, _("The name stands at the head of mails and pages again."))
    return redirect("crm:alliances-show", alliance.slug)
