"""Pages that everybody may read: caches keep them, and ask whether they still hold."""

import functools
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

ROOMS = ("campaigns", "crm", "templates")
MADE_OF = (".py", ".html", ".xml", ".css", ".mo")


@functools.cache
def _of_code() -> str:
    """A mark of whatever pages are made with: another one after each release that changes it."""
    whole = hashlib.sha256()
    for room in ROOMS:
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*")):
            if path.suffix in MADE_OF:
                whole.update(path.read_bytes())
    return whole.hexdigest()


def kept(
    request: HttpRequest, name: str, mark: str, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page, or 304 without making it for whoever has it as it is.

    `mark` changes with the rows that it shows; what is called `name` has it. Pages are of one day,
    since desks and members are. Any cache may keep them but asks before each use: what is withdrawn
    is gone at once.
    """
    whole = "/".join((mark, str(timezone.localdate()), _of_code()))
    etag = f'"{_hash(f"{whole}/{request.get_full_path()}")}"'
    since = _since(name, whole)
    unchanged = get_conditional_response(request, etag=etag, last_modified=since)
    response = make() if unchanged is None else unchanged
    if response.status_code in (200, 304):
        response["ETag"] = etag
        response["Cache-Control"] = "public, no-cache"
        if since is not None:
            response["Last-Modified"] = http_date(since)
    return response


def _since(name: str, whole: str) -> int | None:
    """Since when this process knows that nothing changed, in seconds; None in the first ones.

    That is not before the change, so that nobody is told to keep what is older.
    """
    now, key = int(time.time()), f"unchanged:{_hash(name)}"
    known, since = cache.get(key) or ("", 0)
    if known != whole:
        cache.set(key, (whole, now), timeout=None)
        since = now
    return since if since < now - 1 else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
