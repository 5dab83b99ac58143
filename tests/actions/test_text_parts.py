"""The text part of a mail, written by hand: kept, signed, out of date, derived again."""

from dataclasses import replace

import pytest
from django.utils import timezone

from campaigns.actions import (
    checks,
    contents,
    following_up,
    handovers,
    overview,
    releases,
    revisions,
    text_parts,
)
from campaigns.models import Campaign, ContentRevision, ContentText, Delivery
from crm.actions import handovers as desks
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import User
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


@pytest.fixture
def ona(world: World) -> User:
    return world.users["coordinator"]


def text_of(draft: Campaign, language: str = "en") -> ContentText:
    return draft.texts.get(language=language)


def write(draft: Campaign, words: str, by: User, seen: int | None = None) -> ContentText:
    return text_parts.write(
        campaign=draft,
        language="en",
        words=words,
        seen=text_of(draft).version if seen is None else seen,
        by=by,
    )


def change_the_blocks(draft: Campaign, by: User, words: str = "Something else.") -> None:
    now = revisions.written(text_of(draft))
    blocks = [dict(block) for block in now.blocks]
    blocks[2]["text"] = words
    contents.edit(
        campaign=draft,
        language="en",
        subject=now.subject,
        preheader=now.preheader,
        blocks=blocks,
        ready=True,
        by=by,
    )


def test_it_is_derived_until_somebody_writes_it(draft: Campaign) -> None:
    part = text_parts.of(text_of(draft))

    assert not part.by_hand
    assert part.words == part.derived
    assert part.words.startswith(
        "JAPAN MISSION\n\n{introduction}\n\nJoin the delegation.\n\n{facts}"
    )
    assert part.words.endswith("{contact}")


def test_what_is_written_by_hand_is_kept_as_a_version(draft: Campaign, ona: User) -> None:
    write(draft, "Dear all\r\n\r\n{contact}  \r\n", ona)

    part = text_parts.of(text_of(draft))
    assert (part.words, part.by_hand, part.since) == ("Dear all\n\n{contact}", True, [])
    last = revisions.of(draft, "en").get(number=text_of(draft).version)
    assert (last.why, last.plain, last.by) == ("text part", "Dear all\n\n{contact}", ona)


def test_lanes_that_signed_another_one_are_asked_again(draft: Campaign, ona: User) -> None:
    releases.release_all(campaign=draft, by=None)
    signed = contents.digest(draft)

    write(draft, "By hand", ona)

    assert not draft.releases.filter(status="released").exists()
    assert contents.digest(draft) != signed
    text_parts.derive(campaign=draft, language="en", by=ona)
    assert contents.digest(draft) == signed


def test_what_is_derived_anyway_is_not_written_by_hand(draft: Campaign, ona: User) -> None:
    releases.release_all(campaign=draft, by=None)
    before = revisions.of(draft, "en").count()

    write(draft, text_parts.of(text_of(draft)).derived, ona)
    text_parts.derive(campaign=draft, language="en", by=ona)

    assert text_of(draft).plain == ""
    assert revisions.of(draft, "en").count() == before
    assert draft.releases.filter(status="released").exists()


def test_blocks_that_change_afterwards_are_told(world: World, draft: Campaign, ona: User) -> None:
    write(draft, "By hand", ona)
    change_the_blocks(draft, ona)

    part = text_parts.of(text_of(draft))

    assert part.words == "By hand"
    assert part.since == [
        [("gone", "Join the delegation.")],
        [("new", "Something else.")],
    ]
    found = [each for each in checks.preflight(overview.read(draft)) if each.about == "text-part"]
    assert [(each.level, each.language) for each in found] == [("warn", "en")]


def test_saved_as_it_stands_it_is_up_to_date_and_stays_signed(draft: Campaign, ona: User) -> None:
    write(draft, "By hand", ona)
    change_the_blocks(draft, ona)
    releases.release_all(campaign=draft, by=None)

    write(draft, "By hand", ona)

    assert text_parts.of(text_of(draft)).since == []
    assert draft.releases.filter(status="released").exists()


def test_saving_the_text_leaves_the_text_part(draft: Campaign, ona: User) -> None:
    began = text_of(draft).version
    write(draft, "By hand", ona)
    now = revisions.written(text_of(draft))

    contents.edit(
        campaign=draft,
        language="en",
        subject="Come",
        preheader=now.preheader,
        blocks=now.blocks,
        ready=True,
        seen=began,
        by=ona,
    )

    assert (text_of(draft).subject, text_of(draft).plain) == ("Come", "By hand")


def test_nobody_writes_over_what_they_have_not_seen(draft: Campaign, ona: User) -> None:
    seen = text_of(draft).version
    change_the_blocks(draft, ona)

    with pytest.raises(Stale, match="changed this text since you opened it"):
        write(draft, "By hand", ona, seen=seen)
    assert text_of(draft).plain == ""


def test_an_earlier_version_comes_back_with_its_text_part(draft: Campaign, ona: User) -> None:
    write(draft, "First by hand", ona)
    first = text_of(draft).version
    text_parts.derive(campaign=draft, language="en", by=ona)

    contents.restore(campaign=draft, language="en", number=first, by=ona)

    assert text_of(draft).plain == "First by hand"
    with pytest.raises(Refused, match="says this already"):
        contents.restore(campaign=draft, language="en", number=first, by=ona)
    contents.restore(campaign=draft, language="en", number=1, by=ona)
    assert text_of(draft).plain == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" \n ", "Write the text part, or derive it again"),
        ("Dear {nickname}", "Line 1 has {nickname}"),
        ("{event_details}", "the text has no such block"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    draft: Campaign, ona: User, words: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        write(draft, words, ona)


def test_there_is_none_without_a_text_or_once_it_is_sent(world: World, ona: User) -> None:
    draft = world.call(release=False, start=False)
    with pytest.raises(Refused, match="no text in this language"):
        text_parts.derive(campaign=draft, language="de", by=ona)
    world.person()
    sent = world.call()
    with pytest.raises(IllegalTransition, match="already being sent"):
        write(sent, "Late", ona)
    assert [*text_parts.findings(sent)] == []


def test_a_field_without_a_fallback_is_told(draft: Campaign, ona: User) -> None:
    write(draft, "Dear {given_name},\n{contact}", ona)

    sentences = [each.sentence for each in checks.preflight(overview.read(draft))]

    assert any("{given_name} stays empty" in sentence for sentence in sentences)
    assert not any("{contact}" in sentence for sentence in sentences)


def test_a_campaign_that_follows_has_it_and_shows_what_is_otherwise(
    world: World, draft: Campaign, ona: User
) -> None:
    world.person(language="en")
    write(draft, "By hand", ona)
    sent = world.call()
    Campaign.objects.filter(pk=sent.pk).update(status="finished")
    sent.refresh_from_db()
    Delivery.objects.filter(campaign=sent).update(state=Delivery.State.ACCEPTED)

    again = following_up.draft(campaign=sent, by=ona, rule=Campaign.FollowRule.ALL)

    assert text_of(again).plain == "By hand"
    text_parts.write(
        campaign=again, language="en", words="By hand again", seen=text_of(again).version, by=ona
    )
    (difference,) = following_up.differences(again)
    assert (difference.part, difference.lines) == (
        "plain",
        [[("same", "By hand"), ("new", "again")]],
    )


def test_a_new_contact_is_named_in_it(world: World, draft: Campaign, ona: User) -> None:
    write(draft, "Ask Desk of Biocat.", ona)
    desk = world.biocat.contact_points.get()

    handovers.hand_over(
        former=desk,
        successor=desks.Successor(name="Nil Puig", email="nil@biocat.example"),
        day=timezone.localdate(),
        moves=desks.Moves(),
        also=[],
        by=None,
    )

    assert text_of(draft).plain == "Ask Nil Puig."


def test_what_was_kept_while_writing_knows_the_text_part(draft: Campaign, ona: User) -> None:
    write(draft, "By hand", ona)
    said = replace(revisions.written(text_of(draft)), subject="Half a")

    row = revisions.keep(
        campaign=draft, language="en", said=said, base=text_of(draft).version, by=ona
    )

    assert row
    assert row.plain == "By hand"
    assert ContentRevision.objects.filter(plain="By hand").count() == 2
