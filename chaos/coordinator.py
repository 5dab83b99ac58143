"""A coordinator at the site: signed in, reading pages and pressing buttons over HTTP."""

import re
import time
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actions import overview
from campaigns.demo.users import COORDINATOR, PASSWORD
from campaigns.models import Campaign
from crm.models import User

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PATIENCE = 30  # seconds; an answer that takes longer is none


@dataclass(frozen=True)
class Answer:
    """What came back for a pressed button, where the browser ended up, and when."""

    page: str
    path: str
    seconds: float


class Coordinator:
    """One browser's cookies, and no more of a browser than forms need."""

    def __init__(self, port: int) -> None:
        self._site = f"http://127.0.0.1:{port}"
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._language = User.objects.get(email=COORDINATOR).language
        entered = self._press(reverse("account_login"), login=COORDINATOR, password=PASSWORD)
        if entered.path == reverse("account_login"):
            raise RuntimeError(f"{COORDINATOR} could not sign in at {self._site}.")

    def sends(self, campaign: Campaign) -> Answer:
        """Press Send for now, and read the page that comes."""
        mails = overview.read(campaign).total.expected
        schedule = reverse("campaigns:steps-schedule", args=[campaign.ref])
        began = time.monotonic()
        try:
            return self._press(schedule, when="now", count=str(mails))
        except OSError as problem:  # it broke, or took too long; the verdict says so
            return Answer(str(problem), schedule, time.monotonic() - began)

    def is_told(self, answer: Answer) -> bool:
        """Whether the page says what is true: it is scheduled, and leaves by itself."""
        with translation.override(self._language):
            promise = _("It is scheduled. You may close this page; it leaves by itself.")
        return promise in answer.page

    def is_warned(self, campaign: Campaign) -> bool:
        """Whether the campaign's page says that nobody takes its mails."""
        try:
            page = self._read(reverse("campaigns:campaigns-show", args=[campaign.ref]))
        except OSError:  # a page that breaks warns nobody
            return False
        with translation.override(self._language):
            warning = _(
                "Mails could leave, but no worker has taken them yet. They leave by themselves as "
                "soon as one does; if this stays, ask whether worker, scheduler and broker run."
            )
        return warning in page

    def _read(self, path: str) -> str:
        with self._opener.open(self._site + path, timeout=PATIENCE) as response:
            return unescape(response.read().decode())

    def _press(self, path: str, **fields: str) -> Answer:
        """The button of the form on a page; what the page after it says."""
        token = TOKEN.search(self._read(path))
        if token is None:
            raise RuntimeError(f"There is no form on {path}.")
        body = urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        pressed = time.monotonic()
        request = Request(self._site + path, body)  # noqa: S310  our own address
        with self._opener.open(request, timeout=PATIENCE) as response:
            after = unescape(response.read().decode())
            took = time.monotonic() - pressed
            return Answer(after, response.url.removeprefix(self._site), took)
