"""The calendar entries that go with a mail, as they are kept with its text."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from crm.models import Deadline, Event, Mission
from crm.models.texts import in_language
from crm.rules.calendars import Occasion

Date = dict[str, Any]


def dates_of(
    record: Mission | Event,
    language: str,
    then: Iterable[str] = (),
    read_at: dt.datetime | None = None,
    *,
    public: bool = False,
) -> list[Date]:
    """The event, or the deadlines that lie ahead of a mission's members at `read_at`, or now.

    What is not written in this language is told in the first of `then` in which it is. Where
    guests are chosen or awaited, what is `public` does not tell where one joins online.
    """
    order = (language, *then)
    if isinstance(record, Event):
        guests = not public or record.answer_mode == Event.AnswerMode.OPEN
        return [_of_event(record, order, guests)]
    name = in_language(record.names, order)
    ahead = record.deadlines.ahead(read_at or timezone.now())
    ahead = ahead.filter(audience=Deadline.Audience.MEMBERS)
    return [
        {
            "uid": str(row.calendar_uid),
            "sequence": row.sequence,
            "summary": f"{name}: {in_language(row.things, order)}",
            "starts": _moment(row.at),
            "timezone": row.timezone,
        }
        for row in ahead
    ]


def _of_event(event: Event, order: tuple[str, ...], guests: bool) -> Date:
    place = ", ".join(part for part in (event.place, event.city) if part)
    return {
        "uid": str(event.calendar_uid),
        "sequence": event.sequence,
        "summary": in_language(event.names, order),
        "description": in_language(event.leads, order),
        "starts": _moment(event.starts_at),
        "ends": _moment(event.ends_at),
        "timezone": event.timezone,
        "location": (guests and event.join_url) or place,
        "answer_mode": event.answer_mode,
    }


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def starts_at(date: Date) -> dt.datetime:
    return dt.datetime.fromisoformat(date["starts"])


def ends_at(date: Date) -> dt.datetime:
    """When it is over; a deadline is over when it comes."""
    return dt.datetime.fromisoformat(date["ends"] if "ends" in date else date["starts"])


def asks_for_answers(date: Date) -> bool:
    """Whether calendar programs offer their own answer buttons for it."""
    return bool(date.get("answer_mode") == Event.AnswerMode.RSVP)


def occasion(date: Date, url: str, stamp: dt.datetime) -> Occasion:
    """A kept date as a calendar entry that leads to a page."""
    return Occasion(
        uid=UUID(date["uid"]),
        sequence=date["sequence"],
        summary=date["summary"],
        description=date.get("description", ""),
        starts=starts_at(date),
        ends=dt.datetime.fromisoformat(date["ends"]) if "ends" in date else None,
        timezone=date["timezone"],
        stamp=stamp,
        location=date.get("location", ""),
        url=url,
    )
