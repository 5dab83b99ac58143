"""Calendar files (RFC 5545, RFC 5546): one for a deadline, one for an event."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import category
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, vCalAddress, vText
from icalendar import Event as Entry
from icalendar.parser import Contentline

_YEAR = dt.timedelta(days=366)
PUBLISH, REQUEST = "PUBLISH", "REQUEST"
_ASKED = {"PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE"}
# A name that no rule of RFC 5545 or RFC 6868 wants written differently.
_easy = re.compile(r"[A-Za-z0-9 .-]+").fullmatch


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


def uid(of: UUID) -> str:
    """What calendar programs call an entry by, in invitations and answers."""
    return f"{of}@liaison.example"


def entry(occasion: Occasion) -> Entry:
    """The VEVENT of an occasion; one without an end is a moment, and reminds a day ahead."""
    zone = ZoneInfo(occasion.timezone)
    event = Entry()
    event.add("uid", uid(occasion.uid))
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
    # Of each zone the years that matter, not all since 1970: three kilobytes in every mail.
    if entries:
        first, last = min(one.start for one in entries), max(one.end for one in entries)
        whole.add_missing_timezones(_date(first) - _YEAR, _date(last) + _YEAR)
    return bytes(whole.to_ical())


def _date(moment: dt.datetime | dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def invitation(
    occasion: Occasion, *, organizer: tuple[str, str], attendee: tuple[str, str], rsvp: bool
) -> bytes:
    """An invitation to one reader: REQUEST with one ATTENDEE where an answer is asked for.

    `organizer` and `attendee` are (name, address). Open events are published without attendee.
    """
    event = entry(occasion)
    event["organizer"] = _party(*organizer)
    if not rsvp:
        return calendar([event], PUBLISH)
    event.add("attendee", _party(*attendee, **_ASKED), encode=False)
    return calendar([event], REQUEST)


def organizer_line(name: str, address: str) -> str:
    """The line of the host as `invitation` writes it, folded."""
    return _line("ORGANIZER", name, address, {})


def attendee_line(name: str, address: str) -> str:
    """The line of one guest as `invitation` writes it, folded."""
    return _line("ATTENDEE", name, address, _ASKED)


def _line(prop: str, name: str, address: str, params: Mapping[str, str]) -> str:
    if _easy(name) and address.isascii():  # what follows would say the same, ten times slower
        marks = "".join(f";{param}={value}" for param, value in params.items())
        line = f'{prop};CN="{name}"{marks}:mailto:{address}'
        return "\r\n ".join(line[n : n + 74] for n in range(0, len(line), 74))
    party = _party(name, address, **params)
    return str(Contentline.from_parts(prop, party.params, party).to_ical(), "utf-8")


def _party(name: str, address: str, **params: str) -> vCalAddress:
    party = vCalAddress(f"mailto:{address}")
    party.params["CN"] = vText(_printable(name))
    for param, value in params.items():
        party.params[param] = vText(value)
    return party
