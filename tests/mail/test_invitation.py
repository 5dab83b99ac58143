"""Every mail of an event's invitation."""

from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from crm.actions import events
from tests.mail.conftest import Received, post
from tests.world import World

pytestmark = pytest.mark.django_db


def calendar_of(mail: Received) -> Any:
    part = mail.calendar
    assert part
    content = part.get_content()
    return Calendar.from_ical(content)


def test_an_invitation_asks_each_reader_alone(world: World, invitation: list[Received]) -> None:
    for mail in invitation:
        part = mail.calendar
        assert part
        whole = calendar_of(mail)
        (event,) = whole.walk("VEVENT")
        lane = mail.delivery.release
        cluster = (lane and lane.cluster) or world.biocat
        assert part["Content-Type"].params["method"] == "REQUEST"
        assert whole["method"] == "REQUEST"
        assert not isinstance(event["attendee"], list)
        assert event["attendee"] == f"mailto:{mail.delivery.address.email}"
        assert event["organizer"] == f"mailto:{cluster.reply_to}"
        assert event["summary"] == world.event.names[mail.delivery.language]
        assert event["dtstart"].dt == world.event.starts_at
        assert event["uid"].startswith(str(world.event.calendar_uid))


def test_an_invitation_stands_beside_the_text_so_that_mail_programs_show_it(
    invitation: list[Received],
) -> None:
    for mail in invitation:
        kinds = [part.get_content_type() for part in mail.message.iter_parts()]
        assert mail.message.get_content_type() == "multipart/alternative"
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        assert mail.raw.isascii()


def test_everybody_invited_can_answer(invitation: list[Received]) -> None:
    for mail in invitation:
        values = [url.rsplit("/", 2)[1] for url in mail.page.links if "/answers/" in url]
        assert values == ["coming", "maybe", "not-coming"]
        for value in values:
            assert f"/{value}/" in mail.text


def test_an_invitation_says_when_and_where_in_the_readers_language(
    invitation: list[Received],
) -> None:
    name = {"en": "Matchmaking", "fr": "Rencontres"}

    for mail in invitation:
        for part in (mail.words, mail.page.text):
            assert "Trade fair, Frankfurt" in part
            assert "Berlin" in part
            assert (
                name[mail.delivery.language] in part or name[mail.delivery.language].upper() in part
            )


def test_an_open_event_is_published_to_all_and_asks_nobody(world: World) -> None:
    event = events.create(
        by=None,
        slug="open-day",
        alliances=[world.alliance],
        lead_cluster=world.biom,
        names={"en": "Open day"},
        leads={"en": "Come and see."},
        starts_at=world.event.starts_at,
        ends_at=world.event.ends_at,
        answer_mode="open",
        status="open",
    )

    mails = post(replace(world, event=event).invitation())

    assert mails
    for mail in mails:
        whole = calendar_of(mail)
        (entry,) = whole.walk("VEVENT")
        assert whole["method"] == "PUBLISH"
        assert "attendee" not in entry
        assert not [url for url in mail.page.links if "/answers/" in url]
        assert "No registration required" in mail.words
