"""Calendar files (RFC 5545, RFC 5546): one for a deadline, one for an event."""

import datetime as dt
from dataclasses import dataclass
from unicodedata import category
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, vCalAddress, vText
from icalendar import Event as Entry

PUBLISH, REQUEST = "PUBLISH", "REQUEST"


@dataclass(frozen=True)
class Occasion:
    """What a calendar entry says. Times are aware; `timezone` is where it happens."""

    uid: UUID
    sequence: int
    summary: str
    starts: dt.datetime
    ends: dt.datetime | None
    timezone: str
    stamp: dt.datetime
    description: str = ""
    location: str = ""
    url: str = ""


def _printable(text: str) -> str:
    """Without control signs, which no calendar may hold (RFC 5545, 3.1)."""
    return "".join(sign for sign in text if sign in "\t\n" or category(sign) != "Cc")


def entry(occasion: Occasion) -> Entry:
    """The VEVENT of an occasion; one without an end is a moment, and reminds a day ahead."""
    zone = ZoneInfo(occasion.timezone)
    event = Entry()
    event.add("uid", f"{occasion.uid}@liaison.example")
    event.add("sequence", occasion.sequence)
    event.add("dtstamp", occasion.stamp.astimezone(dt.UTC))
    event.add("dtstart", occasion.starts.astimezone(zone))
    if occasion.ends:  # never equal to the start: RFC 5545, 3.8.2.2
        event.add("dtend", occasion.ends.astimezone(zone))
    event.add("summary", _printable(occasion.summary))
    if occasion.description:
        event.add("description", _printable(occasion.description))
    if occasion.location:
        event.add("location", _printable(occasion.location))
    if occasion.url:
        event.add("url", occasion.url)
    if occasion.ends is None:
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _printable(occasion.summary))
        alarm.add("trigger", dt.timedelta(days=-1))
        event.add_component(alarm)
    return event


def calendar(entries: list[Entry], method: str = PUBLISH) -> bytes:
    """A VCALENDAR with its time zones, as bytes with CRLF line ends."""
    whole = Calendar()
    whole.add("prodid", "-//Liaison//Missions and events//EN")
    whole.add("version", "2.0")
    whole.add("method", method)
    for one in entries:
        whole.add_component(one)
    whole.add_missing_timezones()
    return bytes(whole.to_ical())


def invitation(
    occasion: Occasion, *, organizer: tuple[str, str], attendee: tuple[str, str], rsvp: bool
) -> bytes:
    """An invitation to one reader: REQUEST with one ATTENDEE where an answer is asked for.

    `organizer` and `attendee` are (name, address). Open events are published without attendee.
    """
    event = entry(occasion)
    host = vCalAddress(f"mailto:{organizer[1]}")
    host.params["cn"] = vText(_printable(organizer[0]))
    event["organizer"] = host
    if not rsvp:
        return calendar([event], PUBLISH)
    guest = vCalAddress(f"mailto:{attendee[1]}")
    guest.params["cn"] = vText(_printable(attendee[0]))
    guest.params["role"] = vText("REQ-PARTICIPANT")
    guest.params["partstat"] = vText("NEEDS-ACTION")
    guest.params["rsvp"] = vText("TRUE")
    event.add("attendee", guest, encode=False)
    return calendar([event], REQUEST)
