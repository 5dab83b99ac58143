"""A mailbox's owner looks at, and chooses, what is sent to them: GET shows, only POST acts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from campaigns.actions import clicks
from campaigns.forms.clicks import ClicksForm
from campaigns.forms.preferences import LeaveForm, PreferencesForm
from campaigns.mail import links
from campaigns.views.public import gone
from crm.actions import preferences
from crm.actions.consent import Word
from crm.models import Address
from crm.views.clients import network_of
from crm.views.requests import refusals


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def show(request: HttpRequest, token: str) -> HttpResponse:
    present, language, refused = opened(request, token)
    if refused or present is None:
        return refused or gone(request)
    address = present.address
    with translation.override(language):
        asked = request.POST.get("do", "") if request.method == "POST" else ""
        form = PreferencesForm(
            request.POST if asked == "choose" else None, preferences=present, language=language
        )
        leaving = LeaveForm(request.POST if asked == "leave" else None, preferences=present)
        done = ""
        if asked == "choose" and form.is_valid():
            with refusals(form):
                preferences.choose(
                    address=address,
                    topics=list(form.cleaned_data["topics"]),
                    language=form.cleaned_data["language"],
                    paused_until=form.cleaned_data["paused_until"],
                    frequency=form.cleaned_data["frequency"],
                    markets=form.narrowed,
                    seen=form.cleaned_data["seen"],
                    word=_word(language, network_of(request)),
                )
                done = _("Saved. It holds from now on.")
        elif asked == "leave" and leaving.is_valid():
            scope, of = leaving.chosen
            preferences.leave(address=address, scope=scope, of=of)
            done = _("You left: %(what)s. It holds from now on.") % {
                "what": leaving.names[leaving.cleaned_data["scope"]]
            }
        if done:
            present = preferences.Preferences(address)
            form = PreferencesForm(preferences=present, language=language)
            leaving = LeaveForm(preferences=present)
        context: dict[str, Any] = {
            "form": form, "leaving": leaving, "present": present, "done": done,
            "token": token, "clicks": _clicks(address),
            "language": language, "wording": _word(language, "").wording,
        }  # fmt: skip
        response = render(request, "campaigns/preferences/show.html", context)
        response["Content-Language"] = language
        response["Cache-Control"] = "private, no-store"
        return response


def _clicks(address: Address) -> ClicksForm:
    return ClicksForm(initial={"clicks": "yes" if clicks.agrees(address) else "no"})


def opened(
    request: HttpRequest, token: str
) -> tuple[preferences.Preferences | None, str, HttpResponse | None]:
    """What holds for the mailbox of a link, and its language; or what is answered instead."""
    try:
        choosing = links.read_choosing(token, late=request.method == "POST")
    except links.ExpiredLink as expired:
        return None, "", _expired(request, expired.choosing)
    except links.InvalidLink:
        return None, "", gone(request)
    return preferences.of(choosing.address_id), choosing.language, None


def _expired(request: HttpRequest, choosing: links.Choosing) -> HttpResponse:
    """The mailbox gets a new link; nobody else learns anything by an old one."""
    with translation.override(choosing.language):
        token = links.own_page_token(links.OwnPage(choosing.address_id, choosing.language))
        context = {"again": reverse("campaigns:own-pages-send", args=[token])}
        return render(request, "campaigns/preferences/expired.html", context, status=403)


def _word(language: str, network: str) -> Word:
    """What is agreed to by ticking; kept with the proof as it stood there."""
    return Word(
        wording=_(
            "Write to me by e-mail about what I ticked. "
            "I can stop it at any time with one click in every mail."
        ),
        language=language,
        source=preferences.SOURCE,
        network=network,
    )
