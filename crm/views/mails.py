"""Mails shown on a page: in a frame that may run nothing and load nothing."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

Params = ParamSpec("Params")
View = Callable[Concatenate[HttpRequest, Params], HttpResponse]

# A mail brings its own inline styles.
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "'self'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def framed(view: View[Params]) -> View[Params]:
    """The view answers with a mail's HTML part, for a sandboxed frame on our own pages."""
    # django-csp's types know only views without arguments.
    restricted = csp(POLICY)(cast("Callable[[HttpRequest], HttpResponse]", view))
    return cast("View[Params]", xframe_options_sameorigin(restricted))
