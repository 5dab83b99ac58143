"""Calendar files, read back with a parser: RFC 5545 and RFC 5546."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from crm.rules.calendars import PUBLISH, Occasion, calendar, entry, invitation

MATCHMAKING = Occasion(
    uid=UUID("7a3f0b54-5d0e-4f3b-9f2e-1c2d3e4f5a6b"),
    sequence=3,
    summary="Rencontres; Osaka, été",
    description="Venez nombreux.\nAvec “guillemets”.",
    starts=dt.datetime(2027, 10, 8, 7, 0, tzinfo=dt.UTC),
    ends=dt.datetime(2027, 10, 8, 10, 0, tzinfo=dt.UTC),
    timezone="Europe/Berlin",
    stamp=dt.datetime(2027, 3, 1, 12, 30, tzinfo=ZoneInfo("Asia/Tokyo")),
    location="Trade fair, Frankfurt",
    url="http://127.0.0.1:8000/public/fr/events/matchmaking/",
)
DEADLINE = replace(MATCHMAKING, ends=None, timezone="Asia/Tokyo")
HOST = ("Biocat desk", "desk@biocat.example")
GUEST = ("Ada Byron", "ada@lab.example")


def read(file: bytes) -> tuple[Any, Any]:
    whole = Calendar.from_ical(file)
    (event,) = whole.walk("VEVENT")
    return whole, event


def properties(file: bytes, name: str) -> list[bytes]:
    """The unfolded lines of a property, those of time zones apart."""
    unfolded = file.replace(b"\r\n ", b"").partition(b"BEGIN:VEVENT")[2]
    return re.findall(rb"^%s[;:].*?(?=\r$)" % name.encode(), unfolded, re.MULTILINE)


@pytest.fixture(params=[True, False], ids=["rsvp", "open"])
def file(request: pytest.FixtureRequest) -> bytes:
    return invitation(MATCHMAKING, organizer=HOST, attendee=GUEST, rsvp=request.param)


def test_a_calendar_can_be_read_back_whole(file: bytes) -> None:
    whole, event = read(file)

    assert whole["version"] == "2.0"
    assert whole["prodid"]
    assert event["summary"] == MATCHMAKING.summary
    assert event["description"] == MATCHMAKING.description
    assert event["location"] == MATCHMAKING.location
    assert event["sequence"] == 3
    assert str(MATCHMAKING.uid) in event["uid"]
    assert event["dtstart"].dt == MATCHMAKING.starts
    assert event["dtend"].dt == MATCHMAKING.ends


def test_lines_end_with_crlf_and_stay_within_75_bytes(file: bytes) -> None:
    lines = file.split(b"\r\n")

    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75


def test_the_stamp_is_in_utc_and_the_times_carry_their_zone(file: bytes) -> None:
    whole, _event = read(file)

    assert properties(file, "DTSTAMP") == [b"DTSTAMP:20270301T033000Z"]
    assert properties(file, "DTSTART") == [b"DTSTART;TZID=Europe/Berlin:20271008T090000"]
    assert [str(zone["tzid"]) for zone in whole.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_an_answer_is_asked_of_exactly_one_attendee() -> None:
    file = invitation(MATCHMAKING, organizer=HOST, attendee=GUEST, rsvp=True)

    whole, event = read(file)

    assert whole["method"] == "REQUEST"
    assert len(properties(file, "ATTENDEE")) == 1
    assert event["attendee"] == "mailto:ada@lab.example"
    assert event["attendee"].params["rsvp"] == "TRUE"
    assert event["attendee"].params["partstat"] == "NEEDS-ACTION"
    assert event["organizer"] == "mailto:desk@biocat.example"


def test_an_open_event_is_published_without_attendee() -> None:
    file = invitation(MATCHMAKING, organizer=HOST, attendee=GUEST, rsvp=False)

    whole, event = read(file)

    assert whole["method"] == "PUBLISH"
    assert "attendee" not in event
    assert event["organizer"] == "mailto:desk@biocat.example"


@pytest.mark.parametrize(
    "name",
    [
        'Ada "the first" Byron',
        "Byron, Ada; PhD: x",
        "Ada\r\nATTENDEE:mailto:eve@evil.example",
        "Ünal 🧬",
        "bell\x07 and \x1b[0m",
    ],
)
def test_no_name_breaks_out_of_its_parameter(name: str) -> None:
    file = invitation(MATCHMAKING, organizer=(name, HOST[1]), attendee=(name, GUEST[1]), rsvp=True)

    _whole, event = read(file)

    assert len(properties(file, "ATTENDEE")) == 1
    assert event["attendee"] == "mailto:ada@lab.example"
    assert event["attendee"].params["role"] == "REQ-PARTICIPANT"
    assert event["organizer"] == "mailto:desk@biocat.example"


def test_a_text_cannot_add_a_property() -> None:
    hostile = replace(MATCHMAKING, summary="Hi\r\nATTENDEE:mailto:eve@evil.example\r\nX:")

    file = invitation(hostile, organizer=HOST, attendee=GUEST, rsvp=True)

    assert len(properties(file, "ATTENDEE")) == 1


def test_a_deadline_is_a_moment_that_blocks_no_time_and_reminds_a_day_ahead() -> None:
    file = calendar([entry(DEADLINE)])

    whole, event = read(file)

    assert whole["method"] == PUBLISH
    assert event["transp"] == "TRANSPARENT"
    assert event["dtstart"].dt == DEADLINE.starts
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == dt.timedelta(days=-1)
    assert alarm["action"] == "DISPLAY"
    assert alarm["description"]


def test_an_end_is_later_than_the_beginning_or_is_not_given() -> None:
    """RFC 5545, 3.8.2.2."""
    file = calendar([entry(DEADLINE)])

    assert properties(file, "DTEND") == []


def test_a_calendar_of_several_entries_has_each_zone_once() -> None:
    twin = replace(DEADLINE, uid=UUID(int=5))

    third = replace(MATCHMAKING, uid=UUID(int=6))

    whole = Calendar.from_ical(calendar([entry(DEADLINE), entry(twin), entry(third)]))

    assert len({event["uid"] for event in whole.walk("VEVENT")}) == 3
    zones = sorted(str(zone["tzid"]) for zone in whole.walk("VTIMEZONE"))
    assert zones == ["Asia/Tokyo", "Europe/Berlin"]


def test_a_winter_occasion_says_winter_time() -> None:
    winter = replace(MATCHMAKING, starts=dt.datetime(2027, 1, 8, 8, 0, tzinfo=dt.UTC))

    file = calendar([entry(winter)])

    assert properties(file, "DTSTART") == [b"DTSTART;TZID=Europe/Berlin:20270108T090000"]
