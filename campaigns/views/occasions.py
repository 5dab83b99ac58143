"""Missions and events as everybody reads of them: pages and calendar files that caches keep."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.mail import links, records
from campaigns.mail.dates import dates_of, occasion
from campaigns.models.sites import Told
from campaigns.views.caching import kept
from crm.models import Deadline, Event, ExternalRoute, Mission
from crm.rules import calendars
from crm.rules.texts import LANGUAGES


def page(request: HttpRequest, told: Told | None, language: str) -> HttpResponse:
    """The page of a record, by five questions, or none but the first where nothing changed."""
    if told is None or language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        return kept(request, _name(told), told.mark, lambda: _page(request, told, language))


def _page(request: HttpRequest, told: Told, language: str) -> HttpResponse:
    record, alliance = told.record, told.alliance
    order = (language, *told.then)
    blocks = _blocks(record, order)
    name = records.said("text", record.names, order)
    lead = records.said("text", record.leads, order)
    is_mission = isinstance(record, Mission)
    has_dates = not is_mission or any(block["kind"] == "deadlines" for block in blocks)
    view = f"campaigns:public-{'mission' if is_mission else 'event'}"
    calendar = f"campaigns:public-{'deadlines' if is_mission else 'calendar'}"
    written = [code for code in LANGUAGES if record.names.get(code)]
    own = language if language in written else name.get("lang", language)
    paths = {code: reverse(view, args=[code, record.slug]) for code in {*written, own}}
    context: dict[str, Any] = {
        "record": record,
        "name": name["text"],
        "name_lang": name.get("lang", ""),
        "paragraphs": records.paragraphs(lead["text"]),
        "lead_lang": lead.get("lang", ""),
        "blocks": blocks,
        "language": language,
        "languages": [
            {
                "code": code,
                "name": translation.get_language_info(code)["name_local"].capitalize(),
                "url": paths[code],
                "current": code == language,
            }
            for code in written
        ],
        "canonical": links.absolute(paths[own]),
        "alternates": [(code, links.absolute(paths[code])) for code in written],
        "alliance": alliance,
        "cover": links.cover(alliance.slug) if alliance and told.site else "",
        "site": told.site,
        "hue": alliance.accent if alliance else "",
        "cluster": record.lead_cluster,
        "desks": records.desks(record, language),
        "calendar": reverse(calendar, args=[language, record.slug]) if has_dates else "",
        "is_mission": is_mission,
    }
    response = render(request, "campaigns/public/record.html", context)
    response["Content-Language"] = language
    return response


def _blocks(record: Mission | Event, order: records.Order) -> list[records.Block]:
    """What the page tells below its description, in its order."""
    programme = records.programme(record, order)
    documents = records.documents(record.documents.all(), order)
    if isinstance(record, Event):
        told = [records.event_details(record, order[0]), programme, documents]
    else:
        ahead = record.deadlines.ahead(timezone.now()).filter(audience=Deadline.Audience.MEMBERS)
        # It came with the mission.
        route: ExternalRoute | None = getattr(record, "external_route", None)
        told = [
            records.facts(record, order),
            records.deadlines(ahead, order),
            programme,
            records.external(route, order) if route else None,
            documents,
        ]
    return [block for block in told if block]


def calendar(request: HttpRequest, told: Told | None, language: str, name: str) -> HttpResponse:
    """The event, or a mission's coming deadlines, as a calendar file."""
    if told is None or language not in LANGUAGES:
        raise Http404

    def make() -> HttpResponse:
        page = links.absolute(request.path.removesuffix(name))
        dates = dates_of(told.record, language, told.then, public=True)
        # The same file all day, as its mark says.
        stamp = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        entries = [calendars.entry(occasion(date, page, stamp)) for date in dates]
        return HttpResponse(
            calendars.calendar(entries),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return kept(request, _name(told), told.mark, make)


def _name(told: Told) -> str:
    return f"{told.record._meta.model_name} {told.record.pk}"
