"""Versions of a text: kept by every change, while writing, and when two write at once."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.db.utils import ProgrammingError
from django.utils import timezone

from campaigns.actions import contents, linking, releases, revisions
from campaigns.actions.reconciling import Conflict
from campaigns.models import Campaign, ContentRevision, ContentText
from campaigns.rules.blocks import LARGEST_DRAFT
from campaigns.rules.reconcile import Written
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Mission, User
from tests.world import World

pytestmark = pytest.mark.django_db
Why = ContentRevision.Why


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


@pytest.fixture
def ona(world: World) -> User:
    return world.users["coordinator"]


@pytest.fixture
def ben(world: World) -> User:
    return world.users["admin"]


def text_of(draft: Campaign) -> ContentText:
    return draft.texts.get(language="en")


def now(draft: Campaign) -> Written:
    return revisions.written(text_of(draft))


def with_words(said: Written, position: int, words: str) -> Written:
    blocks = [dict(block) for block in said.blocks]
    blocks[position]["text"] = words
    return replace(said, blocks=blocks)


def save(draft: Campaign, said: Written, *, seen: int | None, by: User) -> contents.Saved:
    return contents.edit(
        campaign=draft,
        language="en",
        subject=said.subject,
        preheader=said.preheader,
        blocks=said.blocks,
        ready=said.ready,
        seen=seen,
        by=by,
    )


def keep(draft: Campaign, said: Written, by: User) -> ContentRevision | None:
    base = text_of(draft).version
    return revisions.keep(campaign=draft, language="en", said=said, base=base, by=by)


def whys(draft: Campaign) -> list[str]:
    return [*revisions.of(draft, "en").order_by("number").values_list("why", flat=True)]


def test_every_change_of_a_text_is_a_version(world: World, draft: Campaign, ona: User) -> None:
    save(draft, replace(now(draft), subject="Come"), seen=None, by=ona)
    contents.restore(campaign=draft, language="en", number=1, by=ona)
    Mission.objects.filter(pk=world.mission.pk).update(names={"en": "New", "fr": "Neuf"})
    draft = Campaign.objects.get(pk=draft.pk)
    linking.take_over(campaign=draft, by=ona)

    assert whys(draft) == [Why.DRAFTED, Why.SAVED, Why.RESTORED, Why.TAKEN_OVER]
    last = revisions.of(draft, "en").get(number=text_of(draft).version)
    assert revisions.written(last) == now(draft)
    assert (last.base, last.by) == (3, ona)


def test_saving_what_stands_there_is_no_change(draft: Campaign, ona: User) -> None:
    releases.release_all(campaign=draft, by=None)

    save(draft, now(draft), seen=1, by=ona)

    assert whys(draft) == [Why.DRAFTED]
    assert draft.releases.filter(status="released").exists()


def test_a_text_from_before_there_were_versions_is_kept_at_its_first_change(
    draft: Campaign, ona: User
) -> None:
    revisions.of(draft, "en").delete()
    draft.texts.update(version=0)
    before = now(draft)

    save(draft, replace(before, subject="Come"), seen=0, by=ona)

    first, second = revisions.of(draft, "en").order_by("number")
    assert (first.number, second.number, second.base) == (0, 1, 0)
    assert revisions.written(first) == before


def test_what_is_kept_while_writing_leaves_text_and_signatures(
    draft: Campaign, ona: User, ben: User
) -> None:
    releases.release_all(campaign=draft, by=None)
    before = now(draft)
    unfinished = replace(before, subject="", blocks=[{"kind": "text", "text": ""}])

    row = keep(draft, unfinished, ona)

    assert row
    assert revisions.written(row) == unfinished
    assert now(draft) == before
    assert draft.releases.filter(status="released").exists()
    text = text_of(draft)
    assert revisions.unsaved(draft, "en", text, by=ona) == row
    assert revisions.unsaved(draft, "en", text, by=ben) is None
    save(draft, replace(before, subject="Come"), seen=1, by=ona)
    assert revisions.unsaved(draft, "en", text_of(draft), by=ona) is None


def test_ten_minutes_of_one_persons_writing_are_one_version(
    draft: Campaign, ona: User, ben: User
) -> None:
    began = timezone.now()
    for minutes, who in ((0, ona), (5, ona), (9, ben), (9.5, ona), (11, ona)):
        with time_machine.travel(began + dt.timedelta(minutes=minutes), tick=False):
            keep(draft, replace(now(draft), subject=f"At {minutes}"), who)

    rows = revisions.of(draft, "en").filter(why=Why.AUTOSAVED).order_by("number")
    assert [(row.subject, row.by) for row in rows] == [
        ("At 9.5", ona),
        ("At 9", ben),
        ("At 11", ona),
    ]


def test_what_the_text_says_already_is_not_kept(draft: Campaign, ona: User) -> None:
    assert keep(draft, now(draft), ona) is None
    assert whys(draft) == [Why.DRAFTED]


def test_a_language_without_a_text_keeps_what_is_written_too(draft: Campaign, ona: User) -> None:
    said = Written("Nach Japan")

    row = revisions.keep(campaign=draft, language="de", said=said, base=0, by=ona)

    assert row
    assert revisions.unsaved(draft, "de", None, by=ona) == row
    assert not draft.texts.filter(language="de").exists()


def test_too_much_is_not_kept(draft: Campaign, ona: User) -> None:
    with pytest.raises(Refused, match="too long to be kept"):
        keep(draft, with_words(now(draft), 2, "x" * (LARGEST_DRAFT + 1)), ona)


def test_fifty_are_kept_and_the_one_that_stands(draft: Campaign, ona: User, ben: User) -> None:
    for n in range(60):
        keep(draft, replace(now(draft), subject=f"Try {n}"), ona)
        save(draft, replace(now(draft), subject=f"Done {n}"), seen=None, by=ona)
    save(draft, replace(now(draft), subject="Stands"), seen=None, by=ona)
    stands = text_of(draft).version
    began = timezone.now()
    for n in range(55):
        with time_machine.travel(began + dt.timedelta(minutes=20 * n)):
            keep(draft, replace(now(draft), subject=f"More {n}"), ben)

    rows = revisions.of(draft, "en").order_by("number")
    assert rows.count() == 51
    assert rows[0].number == stands


def test_a_version_stays_as_it_was(draft: Campaign, ona: User) -> None:
    row = revisions.of(draft, "en").get()
    row.subject = "Other"

    with pytest.raises(ProgrammingError, match="Cannot update"):
        row.save()


def test_a_restored_version_asks_for_the_signatures_again(draft: Campaign, ona: User) -> None:
    before = now(draft)
    save(draft, with_words(before, 2, "Other words"), seen=1, by=ona)
    releases.release_all(campaign=draft, by=None)

    contents.restore(campaign=draft, language="en", number=1, by=ona)

    assert now(draft) == before
    assert not draft.releases.filter(status="released").exists()
    assert AuditEntry.objects.filter(verb="restored", user=ona).count() == 1


def test_what_cannot_be_restored_says_why(world: World, draft: Campaign, ona: User) -> None:
    keep(draft, replace(now(draft), subject=""), ona)

    for number, sentence in ((1, "says this already"), (2, "no subject"), (9, "not kept any")):
        with pytest.raises(Refused, match=sentence):
            contents.restore(campaign=draft, language="en", number=number, by=ona)


def test_a_text_that_is_being_sent_has_no_more_versions(world: World, ona: User) -> None:
    sent = world.call()

    with pytest.raises(IllegalTransition, match="already being sent"):
        keep(sent, replace(now(sent), subject="Late"), ona)
    with pytest.raises(IllegalTransition, match="already being sent"):
        contents.restore(campaign=sent, language="en", number=1, by=ona)


# --- two at once


def test_two_who_change_different_blocks_have_both(draft: Campaign, ona: User, ben: User) -> None:
    began = now(draft)
    save(draft, with_words(began, 0, "Theirs"), seen=1, by=ben)

    saved = save(draft, with_words(began, 2, "Mine"), seen=1, by=ona)

    assert saved.beside == str(ben)
    assert now(draft) == with_words(with_words(began, 0, "Theirs"), 2, "Mine")
    assert whys(draft) == [Why.DRAFTED, Why.SAVED, Why.ASIDE, Why.SAVED]


def test_two_who_change_the_same_words_see_both_and_lose_none(
    draft: Campaign, ona: User, ben: User
) -> None:
    began = now(draft)
    theirs = replace(with_words(began, 2, "Theirs"), subject="Their subject")
    save(draft, theirs, seen=1, by=ben)
    mine = replace(with_words(began, 2, "Mine"), subject="My subject")

    with pytest.raises(Conflict, match="changed the same words") as caught:
        save(draft, mine, seen=1, by=ona)

    told = {one.field: one.theirs for one in caught.value.outcome.conflicts}
    assert told == {"subject": "Their subject", "text": "Theirs"}
    assert now(draft) == theirs
    kept = revisions.unsaved(draft, "en", text_of(draft), by=ona)
    assert kept
    assert revisions.written(kept) == mine
    save(draft, caught.value.outcome.written, seen=caught.value.version, by=ona)
    assert now(draft) == mine


def test_two_who_add_a_block_have_both(draft: Campaign, ona: User, ben: User) -> None:
    began = now(draft)
    for who, words in ((ben, "Theirs"), (ona, "Mine")):
        added = replace(began, blocks=[*began.blocks, {"kind": "text", "text": words}])
        save(draft, added, seen=1, by=who)

    blocks = now(draft).blocks
    assert {block["text"] for block in blocks[-2:]} == {"Mine", "Theirs"}
    assert len({block["id"] for block in blocks}) == len(began.blocks) + 2


def test_two_who_begin_a_language_lose_none(draft: Campaign, ona: User, ben: User) -> None:
    name = now(draft).blocks[2]["id"]  # as the outline of the new language has it

    def begin(words: str, by: User) -> None:
        contents.edit(
            campaign=draft,
            language="de",
            subject="Nach Japan",
            preheader="",
            blocks=[{"id": name, "kind": "text", "text": words}],
            ready=True,
            seen=0,
            by=by,
        )

    begin("Ihre", ben)
    with pytest.raises(Conflict):
        begin("Meine", ona)

    said = [row.blocks[0]["text"] for row in revisions.of(draft, "de").order_by("number")]
    assert said == ["Ihre", "Meine"]
