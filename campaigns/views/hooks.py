"""Where providers tell what became of mails: checked, stored and answered at once.

After a large mailing a thousand calls a second may come, while mails still leave. So a call takes
a door of its own: what serves people at screens (sessions, languages, forms, history) knows
nothing of a provider, and would cost more than storing the event.
"""

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.actions import hooks as inbox
from campaigns.mail import hooks

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024  # bytes; an event has about two thousand
together = inbox.Together()
ADDRESSES = {f"/hooks/{provider}/": provider for provider in hooks.VIEWS}


def at_their_door(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, right behind the one that insists on HTTPS: webhooks go no further."""

    def answer(request: HttpRequest) -> HttpResponse:
        provider = ADDRESSES.get(request.path_info)
        if provider is None:
            return get_response(request)
        # What CommonMiddleware would do: refuse hosts that are not ours, and name the length, or
        # an answer without a word would leave in two pieces.
        request.get_host()
        response = receive(request, provider)
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return answer


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Nothing is read of what is too large, and nothing stored of what is not proved."""
    if provider not in hooks.VIEWS:
        raise Http404
    if request.method == "HEAD":  # a provider asks whether we are there
        return HttpResponse()
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    if provider == "amazon_ses" and "HTTP_AUTHORIZATION" not in request.META:
        # Amazon names itself only when it is asked to.
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="hooks"'})
    try:
        events = hooks.told(provider, request)
    except hooks.Forged as problem:
        log.warning("A call in the name of %s was refused: %s", provider, problem)
        return HttpResponse(status=403)
    together.receive_all(provider=provider, events=events)
    return HttpResponse()
