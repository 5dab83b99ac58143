"""Another mailbox: asked on one's own page, answered by a button from both mailboxes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from campaigns.actions import address_changes
from campaigns.forms.address_changes import AddressChangeForm
from campaigns.mail import links
from campaigns.mail.links import Side
from campaigns.views.preferences import opened
from campaigns.views.public import gone
from crm.actions.preferences import Preferences
from crm.models import AddressChange
from crm.views.clients import network_of
from crm.views.requests import refusals


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """A form on one's own page."""
    present, language, refused = opened(request, token)
    if refused or present is None:
        return refused or gone(request)
    with translation.override(language):
        form = AddressChangeForm(request.POST if request.method == "POST" else None)
        change = None
        if request.method == "POST" and form.is_valid():
            with refusals(form):
                change = address_changes.ask(
                    address=present.address,
                    email=form.cleaned_data["email"],
                    language=language,
                    network=network_of(request),
                )
        context = {"form": form, "present": present, "change": change, "token": token}
        return _shown(request, "campaigns/address_changes/ask.html", context)


@csrf_exempt  # as above
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link in either mail: it shows, its buttons answer."""
    try:
        moving = links.read_moving(token)
    except links.InvalidLink:
        return gone(request)
    change = address_changes.named_by(moving)
    if change is None or change.address.erased_at:
        return gone(request)
    with translation.override(change.language):
        refusal: Any = AddressChangeForm({"email": change.email})
        said = request.POST.get("say") if request.method == "POST" else None
        if said in ("yes", "no"):
            with refusals(refusal):
                change = address_changes.answer(change=change, side=moving.side, yes=said == "yes")
        context = {
            "change": change,
            "form": refusal,
            "state": _state(change, moving.side),
            "of_old": moving.side == Side.OLD,
            "old": Preferences(change.address).hint,
        }
        return _shown(request, "campaigns/address_changes/answer.html", context)


def _state(change: AddressChange, side: Side) -> str:
    """What the page says: done, refused, agreed (the other is missing), or open."""
    if change.done_at:
        return "done"
    if change.refused_at:
        return "refused"
    agreed = change.old_agreed_at if side == Side.OLD else change.new_agreed_at
    return "agreed" if agreed else "open"


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Content-Language"] = translation.get_language() or "en"
    response["Cache-Control"] = "private, no-store"
    return response
