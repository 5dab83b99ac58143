"""The editor keeps what is written, tells versions apart, and restores them."""

import re
from typing import Any

import pytest
from django.test import Client

from campaigns.actions import contents, releases, revisions
from campaigns.models import Campaign, ContentRevision
from tests import world as worlds
from tests.views.test_texts import content, posted, url
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def theirs(world: World, draft: Campaign, **changes: Any) -> None:
    """Somebody else saves."""
    text = draft.texts.get(language="en")
    fields = {"subject": text.subject, "preheader": text.preheader, "blocks": text.blocks}
    contents.edit(
        campaign=draft,
        language="en",
        **(fields | {"ready": True, "by": world.users["admin"]} | changes),
    )


def rewritten(draft: Campaign, position: int, words: str) -> list[dict[str, Any]]:
    blocks = [dict(block) for block in draft.texts.get(language="en").blocks]
    blocks[position]["text"] = words
    return blocks


def test_what_is_written_is_kept_and_offered_again(as_coordinator: Client, draft: Campaign) -> None:
    releases.release_all(campaign=draft, by=None)
    data = posted(draft, subject="Half a ") | {"text-2": "", "id-0": "a\x00b"}

    said = as_coordinator.post(url(draft, "text/en/keep/"), data)

    assert re.fullmatch(r"Kept at .+, not saved yet\.", said.content.decode())
    assert draft.texts.get(language="en").subject != "Half a"
    assert draft.releases.filter(status="released").exists()
    page = content(as_coordinator, url(draft, "text/en/"))
    assert "that is kept, but not saved" in page
    (link,) = re.findall(r'href="([^"]+\?from=\d+)"', page)
    page = content(as_coordinator, link)
    assert 'value="Half a"' in page
    assert "This is a version of" in page


def test_keeping_says_that_somebody_else_saved(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft, subject="Mine")
    theirs(world, draft, subject="Theirs")

    said = as_coordinator.post(url(draft, "text/en/keep/"), data).content.decode()

    assert "Somebody else saved this text meanwhile" in said


def test_nothing_is_kept_of_what_is_being_sent_or_is_no_text(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft, subject="Mine")
    assert as_coordinator.post(url(draft, "text/en/keep/"), posted(draft)).content == b""
    assert as_coordinator.post(url(draft, "text/pt/keep/"), data).status_code == 404
    long = {f"text-{n}": "word " * 13_000 for n in (0, 2)} | {"subject": "x" * 5000}
    assert as_coordinator.post(url(draft, "text/en/keep/"), data | long).status_code == 200
    data |= {f"kind-{n}": "text" for n in range(10)}
    data |= {f"text-{n}": "word " * 13_000 for n in range(10)}
    refused = as_coordinator.post(url(draft, "text/en/keep/"), data)
    assert (refused.status_code, "too long" in refused.content.decode()) == (409, True)

    sent = world.call()
    refused = as_coordinator.post(url(sent, "text/en/keep/"), posted(sent, subject="Late"))

    assert (refused.status_code, "already being sent" in refused.content.decode()) == (409, True)


def test_versions_say_what_they_changed_and_one_is_restored(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    before = draft.texts.get(language="en").blocks
    theirs(world, draft, blocks=rewritten(draft, 2, "Other <words>"))

    page = content(as_coordinator, url(draft, "text/en/versions/"))

    assert "<ins>Text: Other &lt;words&gt;</ins>" in page
    assert str(world.users["admin"]) in page
    assert page.count(">Restore<") == 1
    response = as_coordinator.post(url(draft, "text/en/versions/1/restore/"), follow=True)
    assert "says again what it said in that version" in response.content.decode()
    assert draft.texts.get(language="en").blocks == before


def test_what_cannot_be_restored_is_answered_by_a_sentence(
    as_coordinator: Client, draft: Campaign
) -> None:
    for number, sentence in ((1, "says this already"), (7, "is not kept any more")):
        page = as_coordinator.post(url(draft, f"text/en/versions/{number}/restore/"), follow=True)
        assert sentence in page.content.decode()
    assert as_coordinator.get(url(draft, "text/en/versions/x/")).status_code == 404
    assert as_coordinator.get(url(draft, "text/pt/versions/")).status_code == 404
    for asked in ("x", "9" * 30, "7"):
        assert as_coordinator.get(url(draft, f"text/en/?from={asked}")).status_code == 200


def test_a_language_nobody_wrote_has_no_versions_and_says_what_to_do(
    as_coordinator: Client, draft: Campaign
) -> None:
    page = content(as_coordinator, url(draft, "text/de/versions/"))

    assert "Nothing is kept of this text yet" in page
    assert "Write the text" in page


def test_two_who_write_different_parts_have_both(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft, subject="Mine")
    theirs(world, draft, blocks=rewritten(draft, 2, "Theirs"))

    page = as_coordinator.post(url(draft, "text/en/"), data, follow=True).content.decode()

    assert "both stand in it now" in page
    text = draft.texts.get(language="en")
    assert (text.subject, text.blocks[2]["text"]) == ("Mine", "Theirs")


def test_two_who_write_the_same_words_see_both_and_the_second_decides(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft, subject="My subject") | {"text-2": "My words", "seen": "1"}
    theirs(world, draft, subject="Their subject", blocks=rewritten(draft, 2, "Their words"))

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    for words in ("changed the same words", "My subject", "Their subject", "My words"):
        assert words in page
    assert "<p>Their words</p>" in page
    assert draft.texts.get(language="en").subject == "Their subject"
    assert '<input type="hidden" name="seen" value="2"' in page
    assert "that is kept, but not saved" in content(as_coordinator, url(draft, "text/en/"))
    again = as_coordinator.post(url(draft, "text/en/"), data | {"seen": "2"})
    assert again.status_code == 302
    assert draft.texts.get(language="en").blocks[2]["text"] == "My words"
    said = [row.blocks[2]["text"] for row in revisions.of(draft, "en").order_by("number")]
    assert said[1:] == ["Their words", "My words", "My words"]


def test_a_block_that_somebody_rewrote_is_not_taken_away_unseen(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft) | {"kind-2": "gone"}
    theirs(world, draft, blocks=rewritten(draft, 2, "Their words"))

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    assert "You took this block away, which somebody else rewrote" in page
    assert "Their words</textarea>" in page


@pytest.mark.parametrize("seen", ["-1", "x", "9" * 12])
def test_a_version_that_is_none_saves_nothing(
    as_coordinator: Client, draft: Campaign, seen: str
) -> None:
    response = as_coordinator.post(url(draft, "text/en/"), posted(draft, subject="X", seen=seen))

    assert response.status_code == 200
    assert not ContentRevision.objects.filter(subject="X").exists()
