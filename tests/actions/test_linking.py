"""A draft follows its record only when somebody says so."""

import datetime as dt

import pytest
from django.utils import timezone

from campaigns.actions import campaigns, contents, freezing, linking, releases, sending
from campaigns.models import Campaign, Release
from crm.actions import missions
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Deadline, Event
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db
S = Release.Status


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def parts(campaign: Campaign) -> set[str]:
    campaign.refresh_from_db()
    return {one.part for one in linking.differences(campaign)}


def move_the_deadline(world: World, days: int = 61) -> None:
    Deadline.objects.filter(mission=world.mission).update(
        at=timezone.now() + dt.timedelta(days=days)
    )


def said(campaign: Campaign, language: str, kind: str) -> str:
    (text,) = [text for text in contents.resolved(campaign).values() if text.language == language]
    return str([block for block in text.blocks if block["kind"] == kind])


def test_a_new_draft_says_what_its_record_says(draft: Campaign) -> None:
    assert linking.differences(draft) == []


def test_a_changed_record_changes_no_draft_and_is_told_line_by_line(
    world: World, draft: Campaign
) -> None:
    before = contents.resolved(draft)

    missions.publish_programme(
        mission=world.mission,
        label="final",
        by=None,
        items=[
            {
                "day": world.mission.during.lower,
                "part": "day",
                "titles": {"en": "Arrival in Kobe", "fr": "Arrivée à Kobe"},
                "city": "Kobe",
                "kind": "arrival",
            }
        ],
    )

    assert contents.resolved(draft) == before
    (english,) = [one for one in linking.differences(draft) if one.language == "en"]
    assert english.part == "programme"
    parts = [part for line in english.lines for part in line]
    assert any(sign == "gone" and "Osaka" in words for sign, words in parts)
    assert any(sign == "new" and "Kobe" in words for sign, words in parts)


def test_taking_over_changes_the_text_and_asks_all_lanes_again(
    world: World, draft: Campaign
) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    before = said(draft, "fr", "deadlines")
    move_the_deadline(world)

    left = linking.take_over(campaign=draft, by=world.users["coordinator"])

    assert left == []
    assert said(draft, "fr", "deadlines") != before
    assert set(draft.releases.values_list("status", flat=True)) == {S.WAITING}
    assert linking.differences(draft) == []


def test_two_lanes_that_sign_hours_apart_sign_one_version(world: World, draft: Campaign) -> None:
    """A record that changed, or a deadline that passed, in between took the first one back."""
    first, second = world.lane(draft, world.biocat), world.lane(draft, world.biom)
    releases.release(release=first, by=world.users["contact_biocat"])
    move_the_deadline(world, days=-1)

    releases.release(release=second, by=world.users["contact_biom"])

    first.refresh_from_db()
    assert first.status == second.status == S.RELEASED
    assert first.signed_version == second.signed_version


def test_text_and_calendar_of_a_mail_say_the_same_after_the_record_changed(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    reader = world.person(language="en")
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    signed = world.mission.deadlines.get().at
    move_the_deadline(world, days=90)

    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now())
    freezing.start_due()
    draft.refresh_from_db()
    sending.work(draft)

    mail = mail_server.mail_to(reader.email)
    (file,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert f"{signed.astimezone(dt.UTC):%Y%m%d}" in str(file.get_content())
    assert f"{signed:%B}" in str(mail.get_body(("plain",)))


def test_name_and_description_follow_where_nobody_changed_them(
    world: World, draft: Campaign
) -> None:
    english = draft.texts.get(language="en")
    for block in english.blocks:
        if block["kind"] == "text":
            block["text"] = "Come along, says the coordinator."
    english.save()
    missions.edit(
        mission=world.mission,
        by=None,
        version=world.mission.version,
        names={"en": "Japan in autumn", "fr": "Japon en automne"},
        leads={"en": "A new description.", "fr": "Une nouvelle description."},
    )
    assert parts(draft) == {"name", "lead", "dates"}

    left = linking.take_over(campaign=draft, by=world.users["coordinator"])

    assert left == ["en"]
    english.refresh_from_db()
    french = draft.texts.get(language="fr")
    assert english.subject == "Japan in autumn: apply now"
    assert "says the coordinator" in str(english.blocks)
    assert "Japon en automne" in str(french.blocks)
    assert "Une nouvelle description." in str(french.blocks)


def test_a_description_that_was_empty_comes_back_without_harm_to_the_subject(
    world: World, draft: Campaign
) -> None:
    coordinator = world.users["coordinator"]
    subject = draft.texts.get(language="en").subject
    for lead in ("", "Join us after all."):
        world.mission.refresh_from_db()
        missions.edit(
            mission=world.mission, by=None, version=world.mission.version, leads={"en": lead}
        )
        linking.take_over(campaign=draft, by=coordinator)

    assert draft.texts.get(language="en").subject == subject


def test_a_corrected_link_of_an_event_reaches_the_invitation(
    world: World, mail_server: MailServer
) -> None:
    """The text says "Online"; the link stands in the calendar entry alone."""
    reader = world.person(language="en")
    draft = world.invitation(release=False, start=False)
    Event.objects.filter(pk=world.event.pk).update(join_url="https://meet.example/osaka")
    assert parts(draft) == {"dates"}

    linking.take_over(campaign=draft, by=world.users["coordinator"])
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now())
    freezing.start_due()
    draft.refresh_from_db()
    sending.work(draft)

    mail = mail_server.mail_to(reader.email)
    (file,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert "https://meet.example/osaka" in str(file.get_content()).replace("\r\n ", "")


def test_only_what_was_looked_at_is_taken_over(world: World, draft: Campaign) -> None:
    move_the_deadline(world, days=61)
    looked_at = linking.seen(linking.differences(draft))
    move_the_deadline(world, days=62)
    before = contents.resolved(draft)

    with pytest.raises(Stale):
        linking.take_over(campaign=draft, by=world.users["coordinator"], seen_as=looked_at)

    assert contents.resolved(draft) == before


def test_nothing_new_is_no_reason_to_ask_lanes_again(world: World, draft: Campaign) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])

    with pytest.raises(Refused):
        linking.take_over(campaign=draft, by=world.users["coordinator"])

    assert S.WAITING not in draft.releases.values_list("status", flat=True)


def test_what_is_being_sent_takes_nothing_over(world: World) -> None:
    world.person()
    campaign = world.call()
    move_the_deadline(world)

    assert linking.differences(campaign) == []
    with pytest.raises(IllegalTransition):
        linking.take_over(campaign=campaign, by=world.users["coordinator"])


def test_a_language_added_later_begins_with_what_the_record_says_then(
    world: World, draft: Campaign
) -> None:
    move_the_deadline(world)
    english = draft.texts.get(language="en")

    contents.edit(
        campaign=draft,
        language="it",
        subject="Giappone",
        preheader="",
        blocks=english.blocks,
        ready=True,
    )

    assert {one.language for one in linking.differences(draft)} == {"en", "fr"}
