"""The embargo of a press release."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns.actions import embargoes
from campaigns.forms.embargoes import EmbargoForm
from campaigns.models import Release
from campaigns.views.requests import editable, page_of, shell
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str) -> HttpResponse:
    campaign = editable(request, ref)
    if not campaign.is_for_press:
        raise Http404
    form = EmbargoForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            embargoes.lay(
                campaign=campaign,
                by=request.user,
                until=form.moment,
                zone=form.cleaned_data["zone"],
            )
            messages.success(request, _("All texts of the release say so now."))
            return page_of(campaign)
    signed = campaign.releases.filter(status=Release.Status.RELEASED).count()
    context = shell(campaign, form=form, signed=signed)
    return render(request, "campaigns/embargoes/edit.html", context)
