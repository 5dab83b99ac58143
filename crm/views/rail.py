"""What the rail needs on every page."""

from django.http import HttpRequest


def rail(request: HttpRequest) -> dict[str, object]:
    return {}
