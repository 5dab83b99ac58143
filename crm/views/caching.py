"""What everybody may keep for ever is the same for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def alike(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Around those that ask who somebody is: a public answer does not vary by that."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.headers.get("Cache-Control", "").startswith("public,"):
            del response.headers["Vary"]
        return response

    return answer
