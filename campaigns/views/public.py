"""What readers open from their mails: no login, no cookie; GET shows, only POST acts."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from campaigns.actions import feedback
from campaigns.actions.previews import NOBODY
from campaigns.forms.public import AnswerForm, LeavingForm
from campaigns.mail import links, records
from campaigns.models import Campaign, Delivery, Enclosure, Image
from campaigns.models.sites import told
from campaigns.views import occasions
from crm.models import Address, Alliance, Cluster, Document, Event, Mission
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS
from crm.models.texts import in_language
from crm.rules.texts import LANGUAGES

IMAGE_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


def gone(request: HttpRequest) -> HttpResponse:
    """The link was altered, or what it led to is no more; it says nothing else."""
    return render(request, "campaigns/public/invalid_link.html", status=404)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted: an empty one-click POST is one, too."""
    return request.POST if request.method == "POST" else None


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    """A page in the reader's language, which its header names too."""
    response = render(request, template, context)
    response["Content-Language"] = translation.get_language() or "en"
    return response


def _of_a_preview(request: HttpRequest, language: str) -> HttpResponse:
    """Links of previews and proofs are signed for nobody: they open this, and change nothing."""
    with translation.override(language):
        return _shown(request, "campaigns/public/preview_link.html")


# The RFC 8058 POST comes from the reader's mail provider: no cookie, no CSRF token, years later.
@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Leave a topic, a cluster, an alliance or everything. One click takes the topic."""
    return _leave(request, token, "unsubscribe")


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def object_to(request: HttpRequest, token: str) -> HttpResponse:
    """Object to all that one's controller writes; the alliance's and everybody's may go with it."""
    return _leave(request, token, "object")


def _leave(request: HttpRequest, token: str, how: str) -> HttpResponse:
    objecting = how == "object"
    try:
        leaving = links.read_leaving(token)
    except links.InvalidLink:
        return gone(request)
    if leaving.address_id == NOBODY:
        return _of_a_preview(request, leaving.language)
    address = get_object_or_404(Address, pk=leaving.address_id)
    campaign = get_object_or_404(Campaign, pk=leaving.campaign_id)
    cluster = get_object_or_404(Cluster, pk=leaving.cluster_id)
    with translation.override(leaving.language):
        form = LeavingForm(
            _posted(request), campaign=campaign, cluster=cluster, objecting=objecting
        )
        left = ""
        if request.method == "POST" and form.is_valid():
            scope = form.cleaned_data["scope"] or form.narrowest
            stop = feedback.objected if objecting else feedback.unsubscribed
            scope, topics = stop(
                address=address,
                campaign=campaign,
                cluster=cluster,
                scope=scope,
                source="one-click" if form.one_click else f"{how} page",
            )
            left = form.name_of(scope, topics)
        return _shown(
            request,
            f"campaigns/public/{how}.html",
            {
                "form": form,
                "left": left,
                "campaign": campaign,
                "cluster": cluster,
                "alliance": campaign.alliance,
                "hue": _accent(campaign.alliance),
                "language": leaving.language,
            },
        )


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def answer(request: HttpRequest, token: str, value: str) -> HttpResponse:
    """A reader's answer to a call or an invitation: the page asks, the button answers."""
    try:
        answering = links.read_answering(token)
    except links.InvalidLink:
        return gone(request)
    if answering.delivery_id == NOBODY:
        return _of_a_preview(request, answering.language)
    delivery = get_object_or_404(
        Delivery.objects.select_related(
            "person__cluster", "campaign__mission", "campaign__event", "contact_point"
        ),
        pk=answering.delivery_id,
    )
    campaign = delivery.campaign
    record = campaign.record
    choices = MISSION_ANSWERS if campaign.mission else EVENT_ANSWERS
    erased = delivery.person and delivery.person.erased_at
    if record is None or value not in choices or erased:
        return gone(request)
    with translation.override(answering.language):
        form = AnswerForm(_posted(request), initial={"value": value}, values=choices)
        given = None
        if request.method == "POST" and form.is_valid():
            given = feedback.answered(
                delivery=delivery,
                value=form.cleaned_data["value"],
                note=form.cleaned_data["note"],
            )
        return _shown(
            request,
            "campaigns/public/answer.html",
            {
                "form": form,
                "given": given,
                "campaign": campaign,
                "alliance": campaign.alliance,
                "hue": _accent(campaign.alliance),
                "record_name": in_language(record.names, (answering.language,)),
                "page": links.record_page(campaign, answering.language),
                "desk": _desk(delivery),
                "cluster": delivery.person.cluster if delivery.person else None,
                "language": answering.language,
            },
        )


def _accent(alliance: Alliance | None) -> str:
    return alliance.accent if alliance else ""


def _desk(delivery: Delivery) -> dict[str, str] | None:
    """The reader's own contact point, as the mail named it."""
    desk = delivery.contact_point
    return records.desk_card(desk, desk.cluster) if desk else None


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


@require_safe
def mission(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The public page of a mission, written by its own record."""
    return occasions.page(request, told(Mission.objects.public(), slug), language)


@require_safe
def event(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The public page of an event."""
    return occasions.page(request, told(Event.objects.public(), slug), language)


@require_safe
def deadlines(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The mission's coming deadlines as a calendar file."""
    record = told(Mission.objects.public(), slug)
    return occasions.calendar(request, record, language, "deadlines.ics")


@require_safe
def calendar(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The event as a calendar file."""
    record = told(Event.objects.public(), slug)
    return occasions.calendar(request, record, language, "event.ics")


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """A document of a public mission or event."""
    row = get_object_or_404(
        Document.objects.filter(mission__in=Mission.objects.public())
        | Document.objects.filter(event__in=Event.objects.public()),
        pk=pk,
    )
    return FileResponse(row.file.open("rb"), filename=f"{row}.pdf", content_type="application/pdf")


@require_safe
def enclosure(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """A file that mails lead to, to be saved. Its address tells nothing of who asks."""
    rows = Enclosure.objects.public().filter(sha256=sha256).order_by("pk")
    row = next((row for row in rows if row.address == f"{sha256}.{ending}"), None)
    if row is None:
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(  # type: ignore[return-value]  # is one, its stubs do not say so
        content,
        as_attachment=True,
        filename=row.name,
        content_type=row.media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Cache-Control": "private, no-cache",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@require_safe
def image(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """A picture of a mail. Its address says what it shows and nothing of who looks."""
    row = Image.objects.public().filter(sha256=sha256).first()
    if row is None or row.name != f"{sha256}.{ending}":
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(  # type: ignore[return-value]  # is one, its stubs do not say so
        content,
        content_type=IMAGE_TYPES[ending],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
