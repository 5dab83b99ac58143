"""The way to one's own page, for who types an address and for who opens a mail's link.

Neither shows anything about anybody, and GET changes nothing.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from campaigns.actions import own_pages
from campaigns.actions.follows import TooMany
from campaigns.actions.previews import NOBODY
from campaigns.forms.own_pages import OwnPageForm
from campaigns.mail import links
from campaigns.views.public import gone
from crm.actions.errors import Refused
from crm.rules.texts import LANGUAGES
from crm.views.clients import network_of
from crm.views.requests import refusals


@csrf_exempt  # nobody is signed in; when the form was opened is signed into it
def ask(request: HttpRequest, language: str) -> HttpResponse:
    """The form. Whoever fills in a known address sees what everybody sees."""
    with translation.override(_known(language)):
        posted = request.POST if request.method == "POST" else None
        form, status = OwnPageForm(posted), 200
        if posted is not None and form.is_a_trap:
            return redirect("campaigns:own-pages-asked", language)
        if posted is not None and form.is_valid() and form.was_read:
            with refusals(form):
                try:
                    own_pages.ask(
                        email=form.cleaned_data["email"],
                        language=language,
                        network=network_of(request),
                    )
                    return redirect("campaigns:own-pages-asked", language)
                except TooMany as refused:
                    status = 429
                    raise Refused(str(refused)) from refused
        context = {
            "form": form,
            "opened": OwnPageForm.opened_now(),
            "once_more": posted is not None and not form.errors,
            "languages": _languages(language),
            "language": language,
        }
        return _shown(request, "campaigns/own_pages/ask.html", context, status)


@require_safe
def asked(request: HttpRequest, language: str) -> HttpResponse:
    """What to do next; the same for everybody."""
    with translation.override(_known(language)):
        return _shown(request, "campaigns/own_pages/asked.html", {"language": language})


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Where the footer of every mail leads, which may have been passed on."""
    try:
        own = links.read_own_page(token)
    except links.InvalidLink:
        return gone(request)
    with translation.override(own.language):
        if own.address_id == NOBODY:
            return _shown(request, "campaigns/public/preview_link.html", {})
        refusal = ""
        if request.method == "POST":
            try:
                own_pages.ask_from_mail(own=own, network=network_of(request))
                return redirect("campaigns:own-pages-asked", own.language)
            except TooMany as refused:
                refusal = str(refused)
        context = {"refusal": refusal, "language": own.language}
        status = 429 if refusal else 200
        return _shown(request, "campaigns/own_pages/send.html", context, status)


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


def _languages(language: str) -> list[dict[str, Any]]:
    """The form in every language."""
    return [
        {
            "code": code,
            "name": translation.get_language_info(code)["name_local"].capitalize(),
            "url": reverse("campaigns:own-pages-ask", args=[code]),
            "current": code == language,
        }
        for code in LANGUAGES
    ]


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Content-Language"] = translation.get_language() or "en"
    return response
