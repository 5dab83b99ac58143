"""The page behind the link in the mail: it shows, its button erases."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from campaigns.actions import erasures
from campaigns.mail import links
from campaigns.views.public import gone
from crm.actions import preferences


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Once it is done, the same link says so."""
    try:
        choosing = links.read_erasing(token)
    except links.InvalidLink:
        return gone(request)
    present = preferences.of(choosing.address_id)
    with translation.override(choosing.language):
        if present and request.method == "POST":
            erasures.confirm(address=present.address)
            present = None
        context = {"present": present, "language": choosing.language}
        response = render(request, "campaigns/erasures/confirm.html", context)
        response["Content-Language"] = choosing.language
        response["Cache-Control"] = "private, no-store"
        return response
