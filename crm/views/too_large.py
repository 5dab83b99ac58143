"""What is sent beyond the bounds is answered by a page that says what to do."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

_MOST = 64 * 1024 * 1024  # bytes that are still read, so that the browser sees the answer
_AT_ONCE = 256 * 1024


def answered(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Before anything else reads the form; Django itself would answer with two bare words."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            try:
                request.POST  # noqa: B018  reading it is what may fail
            except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
                _read_to_the_end(request)
                return render(request, "413.html", status=413)
            except MultiPartParserError:
                pass  # what nobody can read is as an empty form: one click to leave needs no body
        return get_response(request)

    return middleware


def _read_to_the_end(request: HttpRequest) -> None:
    """A browser that may not end its question hears no answer."""
    for _ in range(_MOST // _AT_ONCE):
        if not request.read(_AT_ONCE):
            return
