"""The text part on the page of a text: where it stands, writing it, deriving it again."""

import re

import pytest
from django.test import Client

from campaigns.actions import contents, revisions, text_parts
from campaigns.models import Campaign
from tests import world as worlds
from tests.views.test_texts import content, posted, url
from tests.world import World

PART = "text/en/text-part/"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    return world.call(release=False, start=False)


def by_hand(world: World, draft: Campaign, words: str = "By hand\n{contact}") -> None:
    text_parts.write(
        campaign=draft,
        language="en",
        words=words,
        seen=draft.texts.get(language="en").version,
        by=world.users["coordinator"],
    )


def rewrite(draft: Campaign) -> None:
    now = revisions.written(draft.texts.get(language="en"))
    blocks = [dict(block) for block in now.blocks]
    blocks[2]["text"] = "Something else."
    contents.edit(
        campaign=draft,
        language="en",
        subject=now.subject,
        preheader=now.preheader,
        blocks=blocks,
        ready=True,
    )


def test_it_stands_folded_on_the_page_of_the_text(as_coordinator: Client, draft: Campaign) -> None:
    page = content(as_coordinator, url(draft, "text/en/"))

    (folded,) = re.findall(r'<details class="card" id="text-part"[^>]*>', page)
    assert "open" not in folded
    assert "derived from the blocks" in page
    assert "JAPAN MISSION\n\n{introduction}" in page
    assert "Derive it again" not in page
    assert 'id="text-part"' not in content(as_coordinator, url(draft, "text/de/"))


def test_it_is_written_by_hand_and_a_reader_gets_it(
    as_coordinator: Client, draft: Campaign
) -> None:
    page = content(as_coordinator, url(draft, PART))
    assert "<code>{introduction}</code>" in page
    assert "<code>{event_details}</code>" not in page
    (seen,) = re.findall(r'name="seen" value="(\d+)"', page)

    words = "Dear {given_name|colleague},\r\n\r\n{contact}\r\nBye"
    page = as_coordinator.post(
        url(draft, PART), {"words": words, "seen": seen}, follow=True
    ).content.decode()

    assert "The text part is saved." in page
    assert "written by hand" in page
    shown = content(as_coordinator, url(draft, "preview/?language=en"))
    assert "Dear Alex,\n\nYOUR CONTACT POINT" in shown.replace("\r", "")
    versions = content(as_coordinator, url(draft, "text/en/versions/"))
    assert "<ins>Text part: Bye</ins>" in versions


def test_blocks_that_changed_since_are_shown_and_one_click_derives_it_again(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    by_hand(world, draft)
    rewrite(draft)

    page = content(as_coordinator, url(draft, "text/en/"))
    assert '<details class="card" id="text-part" open>' in page
    assert "may be out of date" in page
    assert "<ins>Something else.</ins>" in page
    assert "<del>Join the delegation.</del>" in content(as_coordinator, url(draft, PART))
    page = as_coordinator.post(url(draft, f"{PART}derive/"), follow=True).content.decode()

    assert "says again what the blocks say" in page
    assert "derived from the blocks" in page
    assert draft.texts.get(language="en").plain == ""


def test_whoever_typed_something_is_asked_before_it_is_derived_again(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    by_hand(world, draft)
    stood = draft.texts.get(language="en")
    to, data = url(draft, f"{PART}derive/"), {"seen": str(stood.version)}

    page = as_coordinator.post(to, data | {"words": "Words nobody saved"}).content.decode()
    assert "What you typed is not saved." in page
    assert "Words nobody saved</textarea>" in page
    assert draft.texts.get(language="en").plain == stood.plain

    as_coordinator.post(to, data | {"words": "Words nobody saved", "sure": "1"})
    assert draft.texts.get(language="en").plain == ""


def test_whoever_typed_nothing_is_asked_nothing(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    by_hand(world, draft)
    stood = draft.texts.get(language="en")
    words = stood.plain.replace("\n", "\r\n") + "\r\n"

    as_coordinator.post(url(draft, f"{PART}derive/"), {"seen": "1", "words": words})

    assert draft.texts.get(language="en").plain == ""


def test_the_check_leads_to_it(world: World, as_coordinator: Client, draft: Campaign) -> None:
    by_hand(world, draft)
    rewrite(draft)

    page = content(as_coordinator, url(draft, "check/"))

    assert "the text changed since its text part was written by hand" in page
    assert f'href="{url(draft, PART)}"' in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write the text part, or derive it again"),
        ("Long words\n{nickname}", "Line 2 has {nickname}"),
        ("Long words {contact}", "Give it its own line"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    as_coordinator: Client, draft: Campaign, words: str, sentence: str
) -> None:
    page = as_coordinator.post(url(draft, PART), {"words": words, "seen": "1"}).content.decode()

    assert sentence in page
    assert words in page


def test_two_at_once_lose_nothing(world: World, as_coordinator: Client, draft: Campaign) -> None:
    data = {"words": "What I wrote", "seen": "1"}
    by_hand(world, draft, "Their words")

    page = as_coordinator.post(url(draft, PART), data).content.decode()

    assert "changed this text since you opened it" in page
    assert "What I wrote</textarea>" in page
    assert "<ins>Their words</ins>" in page
    (seen,) = re.findall(r'name="seen" value="(\d+)"', page)
    as_coordinator.post(url(draft, PART), data | {"seen": seen})
    assert draft.texts.get(language="en").plain == "What I wrote"


def test_whoever_begins_to_write_it_sees_what_the_blocks_say_meanwhile(
    as_coordinator: Client, draft: Campaign
) -> None:
    rewrite(draft)

    data = {"words": "Join the delegation, says the boss.", "seen": "1"}
    page = as_coordinator.post(url(draft, PART), data).content.decode()

    assert "<del>Join the delegation.</del>" in page
    assert "<ins>Something else.</ins>" in page


def test_the_editor_saves_beside_it(world: World, as_coordinator: Client, draft: Campaign) -> None:
    data = posted(draft, subject="Come")
    by_hand(world, draft)

    as_coordinator.post(url(draft, "text/en/"), data)

    text = draft.texts.get(language="en")
    assert (text.subject, text.plain) == ("Come", "By hand\n{contact}")


def test_unsaved_words_still_wait_for_their_writer(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    as_coordinator.post(url(draft, "text/en/keep/"), posted(draft, subject="Half a"))
    by_hand(world, draft)

    page = content(as_coordinator, url(draft, "text/en/"))

    assert "that is kept, but not saved" in page
    (link,) = re.findall(r'href="([^"]+\?from=\d+)"', page)
    assert 'value="Half a"' in content(as_coordinator, link)


def test_nobody_else_writes_it(as_contact: Client, as_stranger: Client, draft: Campaign) -> None:
    for client in (as_contact, as_stranger):
        assert client.get(url(draft, PART)).status_code == 404
        assert client.post(url(draft, f"{PART}derive/")).status_code == 404


def test_a_language_nobody_wrote_has_none(as_coordinator: Client, draft: Campaign) -> None:
    assert as_coordinator.get(url(draft, "text/de/text-part/")).status_code == 404
    assert as_coordinator.get(url(draft, "text/pt/text-part/")).status_code == 404
    page = as_coordinator.post(url(draft, "text/de/text-part/derive/"), follow=True)
    assert "There is no text in this language yet" in page.content.decode()
