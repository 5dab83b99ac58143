"""What the rail needs on every page."""

from django.conf import settings
from django.http import HttpRequest


def rail(request: HttpRequest) -> dict[str, object]:
    """The Inbox exists only while developing."""
    return {"has_inbox": settings.DEBUG}
