"""The development mail sink's Inbox: whoever works on this machine may read it, nobody else."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from crm.models import InboxMail
from crm.views.mails import framed
from crm.views.requests import searched

Params = ParamSpec("Params")
PAGE = 50


def while_developing(
    view: Callable[Concatenate[HttpRequest, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """The sink exists only while DEBUG is on."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(asked)


@while_developing
def list(request: HttpRequest) -> HttpResponse:  # noqa: A001
    search = searched(request)
    mails = InboxMail.objects.defer("raw")
    if search:
        mails = mails.filter(rcpt_to__icontains=search)
    page = Paginator(mails, PAGE).get_page(request.GET.get("page"))
    return render(request, "crm/inbox/list.html", {"page": page, "search": search})


@while_developing
def show(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(InboxMail, pk=pk)
    message = _read(mail)
    html = message.get_body(("html",))
    text = message.get_body(("plain",))
    context = {
        "mail": mail,
        "headers": [(name, str(value)) for name, value in message.items()],
        "has_html": html is not None,
        "text": text.get_content() if text else "",
        "attachments": [_described(part) for part in message.walk() if _attached(part)],
    }
    return render(request, "crm/inbox/show.html", context)


@framed
@while_developing
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part alone, for the sandboxed frame."""
    html = _read(get_object_or_404(InboxMail, pk=pk)).get_body(("html",))
    if html is None:
        raise Http404
    return HttpResponse(html.get_content())


@while_developing
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail byte for byte."""
    mail = get_object_or_404(InboxMail, pk=pk)
    response = HttpResponse(bytes(mail.raw), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    return response


def _read(mail: InboxMail) -> EmailMessage:
    return message_from_bytes(bytes(mail.raw), policy=policy.default)


def _attached(part: Any) -> bool:
    """Everything but the two bodies: files, and calendars that mail programs act on."""
    return not part.is_multipart() and part.get_content_type() not in ("text/plain", "text/html")


def _described(part: Any) -> dict[str, Any]:
    content = part.get_payload(decode=True) or b""
    return {
        "name": part.get_filename() or part.get_content_type(),
        "type": part.get_content_type(),
        "size": len(content),
        "text": content.decode("utf-8", "replace") if part.get_content_maintype() == "text" else "",
    }
