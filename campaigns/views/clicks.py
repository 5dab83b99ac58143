"""Links that are counted before they lead on, and each reader's yes or no to being named by it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import clicks
from campaigns.actions.previews import NOBODY
from campaigns.forms.clicks import WORDING, ClicksForm
from campaigns.mail import links
from campaigns.models import Link
from campaigns.views.preferences import opened
from campaigns.views.public import gone
from crm.actions import preferences
from crm.actions.consent import Word
from crm.views.clients import network_of


@require_safe
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """To where the link leads, which stands in the database; nobody can write it into the link."""
    link = get_object_or_404(Link.objects.public(), key=key)
    clicks.visited(
        link=link,
        delivery=links.read_tracked(request.GET.get("r", "")),
        network=network_of(request),
        agent=request.headers.get("User-Agent", ""),
        machine=request.method == "HEAD" or "Sec-Purpose" in request.headers,
    )
    return HttpResponseRedirect(
        link.url, headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    )


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
@require_POST
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Yes or no on one's own page."""
    present, language, refused = opened(request, token)
    if refused or present is None:
        return refused or gone(request)
    with translation.override(language):
        form = ClicksForm(request.POST)
        if form.is_valid():
            clicks.choose(
                address=present.address,
                yes=form.cleaned_data["clicks"] == "yes",
                word=_word(language, preferences.SOURCE, network_of(request)),
            )
    return redirect(f"{redirect('campaigns:preferences-show', token).url}#clicks")


@csrf_exempt  # as above
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """From the footer of a mail: no longer. It says the same to who never agreed."""
    try:
        own = links.read_own_page(token)
    except links.InvalidLink:
        return gone(request)
    with translation.override(own.language):
        present = preferences.of(own.address_id) if own.address_id != NOBODY else None
        done = request.method == "POST"
        if done and present:
            word = _word(own.language, "footer of a mail", network_of(request))
            clicks.choose(address=present.address, yes=False, word=word)
        response = render(request, "campaigns/clicks/stop.html", {"done": done})
        response["Content-Language"] = own.language
        return response


def _word(language: str, source: str, network: str) -> Word:
    return Word(
        wording=str(WORDING), language=language, source=source, network=network, place="clicks"
    )
