"""What every view of a signed-in user shares: the request's type, refusals, parts of a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from crm.actions.errors import Refused
from crm.models import User

SEARCH_LONGEST = 100


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


Params = ParamSpec("Params")
UserView = Callable[Concatenate[UserRequest, Params], HttpResponse]


def signed_in(view: UserView[Params]) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Only for users; GET renders and POST acts."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        return view(cast(UserRequest, request), *args, **kwargs)

    return login_required(require_http_methods(["GET", "HEAD", "POST"])(asked))


def searched(request: HttpRequest) -> str:
    """What was typed into the page's search; PostgreSQL takes no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LONGEST]


@contextmanager
def refusals(form: forms.BaseForm) -> Iterator[None]:
    """What the domain refuses becomes a sentence above the form; what was typed stays."""
    try:
        yield
    except Refused as refused:
        form.add_error(None, str(refused))


def act(
    request: HttpRequest, action: Callable[[], object], done: str, then: HttpResponse
) -> HttpResponse:
    """One action without a form, then back to the record with what came of it."""
    try:
        action()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return then


def render_part(
    request: UserRequest, template: str, part: str, context: dict[str, Any]
) -> HttpResponse:
    """The whole page, or for htmx the part of it that changes."""
    wanted = request.htmx and not (request.htmx.boosted or request.htmx.history_restore_request)
    response = render(request, f"{template}#{part}" if wanted else template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response
