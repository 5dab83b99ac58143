"""What a mission or an event says about itself, as block data in one language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_timezone_location,
)
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.mail import links
from campaigns.rules import markup
from campaigns.rules.blocks import MARKED
from crm.models import (
    Cluster,
    ContactPoint,
    Deadline,
    Document,
    Event,
    ExternalRoute,
    Mission,
    Participation,
    ProgrammeItem,
)
from crm.rules.texts import pick

Block = dict[str, Any]
Order = tuple[str, ...]
"""The language of a mail or a page, then those a text may be in instead, the nearest first."""


def said(name: str, texts: Mapping[str, str], order: Order) -> dict[str, str]:
    """A record's text under a name. Where it stands in another language, `lang` says in which."""
    written, text = pick(texts, order)
    return {name: text} if written in ("", order[0]) else {name: text, "lang": written}


def locale_of(language: str) -> str:
    """Readers are Europeans: "Friday 9 October", not "Friday, October 9"."""
    return "en_GB" if language == "en" else language


def day_label(day: dt.date, language: str) -> str:
    return str(format_date(day, "full", locale=locale_of(language)))


def moment_label(moment: dt.datetime, zone: str, language: str) -> str:
    """A day and time on the clock of the place, without the place."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = format_time(local, "short", locale=locale_of(language))
    return f"{day_label(local.date(), language)}, {clock}"


def moment_said(moment: dt.datetime, zone: str, language: str) -> str:
    """A day and time on the clock of the place, and of which one."""
    with translation.override(language):
        return _("%(when)s (%(zone)s)") % {
            "when": moment_label(moment, zone, language),
            "zone": zone_label(zone, language),
        }


def zone_label(zone: str, language: str) -> str:
    """ "Tokyo time" for "Asia/Tokyo"."""
    city = get_timezone_location(zone, locale=locale_of(language), return_city=True)
    with translation.override(language):
        return _("%(city)s time") % {"city": city}


def dates_label(mission: Mission, language: str) -> str:
    """The mission's dates, as exactly as they are known."""
    first: dt.date = mission.during.lower
    last: dt.date = mission.during.upper - dt.timedelta(days=1)
    if mission.precision == Mission.Precision.YEAR:
        return str(format_date(first, "y", locale=locale_of(language)))
    if mission.precision == Mission.Precision.MONTH:
        return str(format_skeleton("yMMMM", first, locale=locale_of(language)))
    if first == last:
        return day_label(first, language)
    return str(format_interval(first, last, "yMMMMd", locale=locale_of(language)))


def facts(mission: Mission, order: Order) -> Block:
    language = order[0]
    with translation.override(language):
        rows = [
            {"label": _("When"), "value": dates_label(mission, language)},
            {"label": _("Where"), **said("value", mission.market.names, order)},
        ]
        if mission.terms:
            rows.append({"label": _("Conditions"), **said("value", mission.terms, order)})
    return {"kind": "facts", "rows": rows}


def _hours(item: ProgrammeItem, language: str) -> str:
    if item.part == ProgrammeItem.Part.HOURS and item.starts:
        label = str(format_time(item.starts, "short", locale=locale_of(language)))
        return (
            f"{label}–{format_time(item.ends, 'short', locale=locale_of(language))}"
            if item.ends
            else label
        )
    return str(item.get_part_display())


def programme(record: Mission | Event, order: Order) -> Block | None:
    """The newest published programme, day by day."""
    rows = [*ProgrammeItem.objects.newest_of(record).select_related("version")]
    if not rows:
        return None
    language, version = order[0], rows[0].version
    days = []
    with translation.override(language):
        for day, items in groupby(rows, key=lambda item: item.day):
            entries = list(items)
            cities = dict.fromkeys(item.city for item in entries if item.city)
            days.append(
                {
                    "date_label": day_label(day, language),
                    "city": ", ".join(cities),
                    "items": [
                        {
                            "time_label": _hours(item, language),
                            **said("title", item.titles, order),
                            "place": item.place,
                            "kind_label": str(item.get_kind_display()),
                            "optional": item.optional,
                            "with_": item.co_organisers,
                        }
                        for item in entries
                    ],
                }
            )
        label = _("Programme")
        state = str(version.get_label_display())
    return {"kind": "programme", "label": label, "version_label": state, "days": days}


def deadlines(rows: Iterable[Deadline], order: Order) -> Block | None:
    language = order[0]
    told = [
        {
            **said("label", row.things, order),
            "date_label": moment_label(row.at, row.timezone, language),
            "zone_label": zone_label(row.timezone, language),
            "soft": row.soft,
        }
        for row in rows
    ]
    return {"kind": "deadlines", "rows": told} if told else None


def external(route: ExternalRoute, order: Order) -> Block:
    language = order[0]
    text = said("text", route.texts, order)
    return {
        "kind": "external",
        "paragraphs": paragraphs(text.pop("text")),
        **text,
        "url": route.url,
        "link_label": route.organiser,
        "deadline_label": (
            f"{moment_label(route.at, route.timezone, language)} "
            f"({zone_label(route.timezone, language)})"
        ),
    }


def documents(rows: Iterable[Document], order: Order) -> Block | None:
    """The documents a reader of this language can use: in it, else any."""
    language = order[0]
    by_file: dict[str, list[Document]] = {}
    for row in rows:
        by_file.setdefault(str(sorted(row.titles.items())), []).append(row)
    if not by_file:
        return None
    chosen = [
        next((row for row in same if row.language == language), same[0])
        for same in by_file.values()
    ]
    return {
        "kind": "documents",
        "rows": [
            {
                **said("title", row.titles, order),
                "url": links.document(row),
                "note": "" if row.language == language else row.language.upper(),
            }
            for row in chosen
        ],
    }


def event_details(event: Event, language: str) -> Block:
    """When and where, on the host's clock; the reader's own clock is added per reader."""
    zone = ZoneInfo(event.timezone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    with translation.override(language):
        if starts.date() == ends.date():
            when = (
                f"{day_label(starts.date(), language)}, "
                f"{format_time(starts, 'short', locale=locale_of(language))}–"
                f"{format_time(ends, 'short', locale=locale_of(language))}"
            )
        else:
            first = moment_label(starts, event.timezone, language)
            when = f"{first} – {moment_label(ends, event.timezone, language)}"
        rows = [
            {"label": _("When"), "value": f"{when} ({zone_label(event.timezone, language)})"},
        ]
        if event.mode == Event.Mode.ONLINE:
            rows.append({"label": _("Where"), "value": _("Online")})
        else:
            place = ", ".join(part for part in (event.place, event.city) if part)
            rows.append({"label": _("Where"), "value": place})
        if event.answer_mode == Event.AnswerMode.OPEN:
            rows.append({"label": _("Registration"), "value": _("No registration required")})
    return {"kind": "event_details", "rows": rows}


def desk_card(desk: ContactPoint, cluster: Cluster) -> dict[str, str]:
    """A contact point as mails and pages show it, in the language of the page."""
    return {
        "name": str(desk),
        "job": _("Your contact point in %(region)s") % {"region": cluster.region},
        "email": desk.email,
        "phone": desk.phone,
        "cluster_name": cluster.name,
        "region": str(cluster.region),
    }


def desks(record: Mission | Event, language: str) -> list[dict[str, str]]:
    """Today's contact point of each member cluster: the mission's own, else the general one."""
    today = timezone.localdate()
    mission = record.pk if isinstance(record, Mission) else None
    partaking = Participation.objects.valid_on(today).filter(alliance__in=record.alliances.all())
    rows = (
        ContactPoint.objects.valid_on(today)
        .filter(
            Q(mission=None) | Q(mission=mission),
            cluster__in=partaking.values("cluster"),
            role=ContactPoint.Role.GENERAL,
        )
        .select_related("cluster__region")
        .order_by("cluster__name", F("mission").asc(nulls_first=True))
    )
    with translation.override(language):
        of_clusters = {row.cluster_id: {**desk_card(row, row.cluster), "job": ""} for row in rows}
    return [*of_clusters.values()]


def paragraphs(text: str) -> list[str]:
    """Paragraphs of a plain text: blank lines part them, single line ends do not."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def parts(
    record: Mission | Event,
    language: str,
    then: Iterable[str] = (),
    read_at: dt.datetime | None = None,
) -> dict[str, Block | None]:
    """What each linked block says today, by its kind; None where the record has nothing to say.

    What is not written in this language is told in the first of `then` in which it is. Deadlines
    that are over by `read_at` (now, if not told) are left out.
    """
    order = (language, *then)
    if isinstance(record, Event):
        return {
            "event_details": event_details(record, language),
            "programme": programme(record, order),
            "documents": documents(record.documents.all(), order),
        }
    ahead = record.deadlines.ahead(read_at or timezone.now())
    ahead = ahead.filter(audience=Deadline.Audience.MEMBERS)
    route = ExternalRoute.objects.filter(mission=record).first()
    return {
        "facts": facts(record, order),
        "deadlines": deadlines(ahead, order),
        "programme": programme(record, order),
        "external": external(route, order) if route else None,
        "documents": documents(record.documents.all(), order),
    }


LINKED = (
    "embargo", "facts", "event_details", "deadlines", "programme", "external", "documents",
    "boilerplate",
)  # fmt: skip
"""The kinds of blocks that a record fills; without one, what its campaign and alliance say."""


def filled(block: Block, told: Mapping[str, Block | None]) -> Block | None:
    """A block as it is sent, a linked one with what its record told; None: nothing to say."""
    if block["kind"] in LINKED:
        linked = told.get(block["kind"])
        content: Block | None = dict(linked) if linked else None
    else:
        content = _written(block)
    if content is not None and "readers" in block:
        content["readers"] = block["readers"]
    return content


def _written(block: Block) -> Block:
    """A block that a person wrote. Its id is for whoever writes, and no part of what is sent."""
    content = {key: value for key, value in block.items() if key != "id"}
    if block["kind"] in MARKED:
        text = content.pop("text")
        content["paragraphs"] = markup.paragraphs(text)
        # Versions from before there was markup have no such word, and stay what they were.
        if not markup.is_plain(text):
            content["marked"] = True
    return content
