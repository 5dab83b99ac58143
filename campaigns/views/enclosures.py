"""Files that a campaign's mails lead to: enclosed and removed by whoever writes it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from campaigns.actions import enclosures
from campaigns.forms.enclosures import EnclosureForm
from campaigns.models import Enclosure
from campaigns.views.requests import editable, page_of, shell
from crm.actions import kept_files
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, ref: str) -> HttpResponse:
    campaign = editable(request, ref)
    if campaign.record:
        raise Http404
    form = EnclosureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        with refusals(form):
            if upload.size > kept_files.LARGEST:
                form.add_error("upload", _("This file is larger than 10 MB. Make it smaller."))
            else:
                enclosures.enclose(
                    campaign=campaign,
                    titles=form.cleaned_data["titles"],
                    language=form.cleaned_data["language"],
                    file=(upload.name, upload.read()),
                    by=request.user,
                )
                messages.success(request, _("The file is enclosed."))
                return page_of(campaign)
    return render(request, "campaigns/enclosures/create.html", shell(campaign, form=form))


@signed_in
def remove(request: UserRequest, ref: str, pk: int) -> HttpResponse:
    campaign = editable(request, ref)
    rows = Enclosure.objects.editable_by(request.user).filter(campaign=campaign)
    enclosure = get_object_or_404(rows.select_related("campaign__alliance"), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: enclosures.remove(enclosure=enclosure, by=request.user),
            _("The file is removed."),
            page_of(campaign),
        )
    context = shell(campaign, enclosure=enclosure)
    return render(request, "campaigns/enclosures/remove.html", context)
