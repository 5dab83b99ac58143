"""A dry run of all mails: what is wrong with whose, and how long it holds."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from campaigns.actions import (
    contents,
    outward,
    overview,
    probes,
    rehearsals,
    rehearsed,
    releases,
    sending,
    sizes,
    trials,
    trimming,
)
from campaigns.actions.checks import against, blocking, preflight
from campaigns.actions.findings import Level
from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import Reader
from campaigns.mail.rehearsing import Found, Tally
from campaigns.models import Campaign, Rehearsal
from campaigns.models.rehearsals import LEASE
from crm.actions import alliances, consent, network, tracking
from crm.actions.errors import Refused
from crm.models import Notice
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, language="fr")
    world.follower()
    return world.call(release=False, start=False)


def write(campaign: Campaign, text: str, *, language: str = "en") -> None:
    draft = campaign.texts.get(language=language)
    contents.edit(
        campaign=campaign,
        language=language,
        subject=draft.subject,
        preheader="",
        blocks=[*draft.blocks, {"kind": "text", "text": text}],
        ready=True,
    )


def said(campaign: Campaign) -> list[tuple[Level, str]]:
    seen = overview.read(campaign)
    return [(found.level, found.sentence) for found in rehearsed.findings(seen)]


def rehearse(campaign: Campaign) -> list[tuple[Level, str]]:
    rehearsals.ask(campaign)
    rehearsals.work_due()
    return said(campaign)


def test_every_mail_is_written_once(draft: Campaign) -> None:
    (waiting,) = said(draft)
    (level, sentence) = rehearse(draft)[0]

    assert waiting[0] == Level.UNKNOWN
    assert level == Level.OK
    assert "The mails of all 3 readers were written once" in sentence
    assert Rehearsal.objects.get().readers == 3
    measured = [lane["sizes"] for lane in (Rehearsal.objects.get().found or {}).values()]
    assert {language for sizes in measured for language in sizes} == {"en", "fr"}


def test_a_field_that_is_empty_for_somebody_stops_it(draft: Campaign) -> None:
    """Followers leave no name; contacts have one."""
    write(draft, "Dear {given_name},")
    releases.release_all(campaign=draft, by=None)

    (found,) = rehearse(draft)

    assert found == (
        Level.BLOCK,
        "In English, {given_name} is empty in the mail of 1 reader. "
        "Write {given_name|colleague}, for instance.",
    )
    assert found[1] in [each.sentence for each in blocking(overview.read(draft))]


def test_a_field_that_does_not_exist_stops_a_second_subject_too(draft: Campaign) -> None:
    trials.lay(
        campaign=draft, by=None, subjects={"en": "Osaka wants you, {nickname|friend}"}, share=10,
        hours=24, policy="better",
    )  # fmt: skip

    said = [finding.sentence for finding in blocking(overview.read(draft))]

    assert any("{nickname}, which is not a merge field" in sentence for sentence in said)


def test_a_field_that_is_empty_for_somebody_stops_a_second_subject(draft: Campaign) -> None:
    trials.lay(
        campaign=draft, by=None, subjects={"en": "Osaka, {given_name}", "fr": "Osaka"}, share=10,
        hours=24, policy="better",
    )  # fmt: skip
    releases.release_all(campaign=draft, by=None)

    sentences = [sentence for _level, sentence in rehearse(draft)]

    assert any("{given_name} is empty in the mail of 1 reader" in each for each in sentences)


def test_what_is_tried_is_what_will_be_sent(
    world: World,
    draft: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    mail_server: MailServer,
    settings: Settings,
) -> None:
    """Everything about a reader, where their data comes from included."""
    settings.UNDO_WINDOW = 0
    listed = world.person(given="Jana", family="Novak", title="Dr.")
    Notice.objects.create(person=listed, origin="The list of a fair")
    assert listed.primary
    word = consent.Word(wording="Count my clicks.", language="en", source="own page")
    tracking.agree(address=listed.primary.address, word=word)
    write(draft, "Dear {given_name|colleague} of {organisation|your company},")
    readers: list[Reader] = []
    envelope = Press.envelope

    def kept(self: Press, reader: Reader) -> Any:
        readers.append(reader)
        return envelope(self, reader)

    monkeypatch.setattr(Press, "envelope", kept)

    rehearse(draft)
    tried = {reader.person: reader._replace(delivery=0) for reader in readers}
    readers.clear()
    world.as_far(draft, release=True, start=True)
    sending.work(draft)

    assert len(mail_server.readers) == len(readers) == 4
    assert tried[listed.pk].origin == "The list of a fair"
    assert tried[listed.pk].tracked
    assert {reader.person: reader._replace(delivery=0) for reader in readers} == tried


def test_a_field_with_a_fallback_stops_nothing(draft: Campaign) -> None:
    write(draft, "Dear {given_name|colleague} of {organisation|your company},")

    assert rehearse(draft)[0][0] == Level.OK


def test_a_field_in_an_introduction_counts_in_its_lane(world: World, draft: Campaign) -> None:
    world.person(given="", family="Puig")
    lane = world.lane(draft, world.biocat)
    releases.introduce(
        release=lane, by=world.users["contact_biocat"], texts={"en": "{given_name}, ask me."}
    )

    assert "empty in the mail of 1 reader" in rehearse(draft)[0][1]


def test_it_holds_until_text_introduction_audience_or_trims_change(
    world: World, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    contact = world.users["contact_biocat"]
    vidal = world.biocat.people.filter(family="Vidal")

    def introduce() -> None:
        releases.introduce(release=lane, by=contact, texts={"en": "Hello"})

    def trim() -> None:
        trimming.take_out(release=lane, people=vidal, by=contact, reason="")

    def footer() -> None:
        world.biocat.version += 1
        world.biocat.save()

    def edit() -> None:
        write(draft, "More")

    def desk() -> None:
        network.appoint(cluster=world.biocat, name="Somebody else", email="e@b.example", by=None)

    def disclaimer() -> None:
        row = world.alliance.disclaimers.get()
        alliances.change_disclaimer(
            disclaimer=row, by=None, texts={"en": "Paid by a fund"}, during=(row.during.lower, None)
        )

    def decline() -> None:
        releases.decline(release=world.lane(draft, world.biom), by=contact, note="")

    for change in (edit, introduce, trim, footer, desk, disclaimer, decline):
        assert rehearse(draft)[0][0] == Level.OK
        change()
        (level, sentence) = said(draft)[0]
        assert (level, "was not looked at lately" in sentence) == (Level.UNKNOWN, True)
        rehearsals.ask(draft)
        assert "is being written once" in said(draft)[0][1]


def test_a_signature_changes_no_mail(world: World, draft: Campaign) -> None:
    rehearse(draft)

    releases.release_all(campaign=draft, by=None)

    assert said(draft)[0][0] == Level.OK


def test_the_coordinators_footer_stands_in_the_alliances_own_lane(
    world: World, draft: Campaign
) -> None:
    releases.decline(
        release=world.lane(draft, world.biocat), by=world.users["coordinator"], note=""
    )
    rehearse(draft)

    world.biocat.version += 1
    world.biocat.save()

    assert said(draft)[0][0] == Level.UNKNOWN


def test_it_is_good_for_a_while_since_people_come_and_are_mended(draft: Campaign) -> None:
    write(draft, "Dear {given_name},")
    releases.release_all(campaign=draft, by=None)
    assert rehearse(draft)[0][0] == Level.BLOCK
    Rehearsal.objects.update(done_at=timezone.now() - rehearsals.FRESH)

    assert said(draft)[0][0] == Level.UNKNOWN

    rehearsals.ask(draft)
    assert rehearsals.is_due()


# --- lane by lane


def test_a_lane_that_nobody_signed_stops_no_other(world: World, draft: Campaign) -> None:
    world.person(world.biom, given="", family="Puig")
    theirs = world.lane(draft, world.biom)
    releases.introduce(
        release=theirs, by=world.users["contact_biom"], texts={"en": "{given_name}, ask me."}
    )
    releases.release(release=world.lane(draft, world.biocat), by=None)

    (found,) = rehearse(draft)

    assert (found[0], "{given_name} is empty in the mail of 1 reader" in found[1]) == (
        Level.WARN,
        True,
    )
    seen = overview.read(draft)
    assert found[1] not in [each.sentence for each in blocking(seen)]
    stopped = {
        lane.release.name: found[1] in [each.sentence for each in against(seen, lane)]
        for lane in seen.lanes
        if lane.release
    }
    assert stopped == {"Biocat": False, "BioM": True, "Followers and partners": False}


def test_a_lane_that_is_too_long_stops_only_itself(world: World, draft: Campaign) -> None:
    releases.release(release=world.lane(draft, world.biocat), by=None)
    rehearse(draft)
    kept = Rehearsal.objects.get()
    assert kept.found
    kept.found[str(world.lane(draft, world.biom).pk)]["sizes"] = {"fr": sizes.CUT_AT + 1}
    kept.save()

    assert [level for level, sentence in said(draft) if "Gmail" in sentence] == [Level.WARN]
    releases.release(release=world.lane(draft, world.biom), by=None)
    assert [level for level, sentence in said(draft) if "Gmail" in sentence] == [Level.BLOCK]


# --- held by a worker


def begun_long_ago() -> None:
    Rehearsal.objects.update(began_at=timezone.now() - 2 * LEASE)


def test_one_that_fails_keeps_no_other_waiting(
    world: World, draft: Campaign, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = world.invitation(release=False, start=False)
    rehearsals.ask(draft)
    rehearsals.ask(other)
    whole = rehearsals.hold

    def hold(campaign: Campaign, **options: Any) -> dict[int, Found] | None:
        if campaign == draft:
            raise ZeroDivisionError
        return whole(campaign, **options)

    monkeypatch.setattr(rehearsals, "hold", hold)

    assert rehearsals.work_due() == 1
    assert said(other)[0][0] == Level.OK
    assert not rehearsals.is_due()  # until its lease is over
    begun_long_ago()
    with caplog.at_level(logging.ERROR):
        rehearsals.work_due()
    assert "ZeroDivisionError" in caplog.text
    assert said(draft) == [
        (
            Level.UNKNOWN,
            "The mail of every reader could not be written once; the worker's log says why.",
        )
    ]
    begun_long_ago()
    assert not rehearsals.is_due()

    monkeypatch.undo()
    Rehearsal.objects.update(done_at=timezone.now() - rehearsals.FRESH)
    assert rehearse(draft)[0][0] == Level.OK


def test_one_of_which_processes_die_is_given_up(draft: Campaign) -> None:
    rehearsals.ask(draft)
    Rehearsal.objects.update(tries=rehearsals.TRIES, began_at=timezone.now() - 2 * LEASE)

    rehearsals.work_due()

    assert "could not be written once" in said(draft)[0][1]


def test_a_worker_that_stops_leaves_it_to_the_next(
    draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks after each few readers, however many there are."""
    monkeypatch.setattr(rehearsals, "AT_ONCE", 1)
    rehearsals.ask(draft)
    written: list[Reader] = []
    count_as_written(monkeypatch, written.extend)

    assert rehearsals.work_due(stop=lambda: bool(written)) == 0

    assert len(written) == 1
    assert said(draft)[0][0] == Level.UNKNOWN
    assert rehearsals.work_due() == 1
    assert said(draft)[0][0] == Level.OK
    assert Rehearsal.objects.get().tries == 1


def count_as_written(
    monkeypatch: pytest.MonkeyPatch, then: Callable[[Iterable[Reader]], None]
) -> None:
    write = Tally.write

    def writing(self: Tally, readers: Iterable[Reader]) -> None:
        write(self, readers)
        then(readers)

    monkeypatch.setattr(Tally, "write", writing)


def test_one_of_an_earlier_text_is_not_kept(
    draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsals.ask(draft)

    def edit(_readers: Iterable[Reader]) -> None:
        monkeypatch.undo()
        write(draft, "More")
        rehearsals.ask(draft)

    count_as_written(monkeypatch, edit)

    rehearsals.work_due()

    assert said(draft)[0][0] == Level.OK
    assert Rehearsal.objects.get().digest == rehearsals.digest(draft)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_asks_does_not_wait_for_one_that_is_held(
    draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also that the readers can be read some at a time without one long transaction."""
    monkeypatch.setattr(rehearsals, "AT_ONCE", 1)
    rehearsals.ask(draft)
    asked: list[int] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        asked.append(Rehearsal.objects.select_for_update().update(asked_at=timezone.now()))
        connection.close()

    def another_asks(_readers: Iterable[Reader]) -> None:
        assert not connection.in_atomic_block
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    count_as_written(monkeypatch, another_asks)

    rehearsals.work_due()

    assert asked == [1, 1, 1]
    assert said(draft)[0][0] == Level.OK


def test_what_cannot_be_written_is_told_in_the_readers_own_language(
    draft: Campaign, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_self: Press, _reader: Reader) -> None:
        raise CannotCompose("The layout is broken.")

    monkeypatch.setattr(Press, "envelope", refuse)

    told = [sentence for _level, sentence in rehearse(draft)]

    assert told == ["3 mails cannot be written; the worker's log says why."]
    assert "The layout is broken." in caplog.text
    assert "layout" not in str(Rehearsal.objects.get().found)
    with translation.override("de"):
        assert "Mails" in said(draft)[0][1]
        assert said(draft)[0][1] != told[0]


def test_what_was_held_is_not_held_again(draft: Campaign) -> None:
    rehearse(draft)
    done = Rehearsal.objects.get().done_at

    outward.ask(draft, [])

    assert not rehearsals.is_due()
    assert Rehearsal.objects.get().done_at == done


def test_a_long_mail_stops_a_lane_that_was_signed_and_else_is_said(draft: Campaign) -> None:
    write(draft, "A long story. " * 3_000)
    write(draft, "A long story. " * 3_000)
    write(draft, "A long story. " * 2_000)

    def found() -> list[tuple[Level, str]]:
        said = [each for each in preflight(overview.read(draft)) if "KB" in each.sentence]
        return [(each.level, each.about) for each in said]

    assert found() == [(Level.WARN, "size")]
    releases.release_all(campaign=draft, by=None)
    assert found() == [(Level.BLOCK, "size")]


def test_where_no_language_is_ready_nothing_is_waited_for(draft: Campaign) -> None:
    draft.texts.update(ready=False)

    assert rehearse(draft) == []


def test_a_campaign_that_started_is_not_rehearsed(world: World, draft: Campaign) -> None:
    started = world.call()

    rehearsals.ask(started)

    assert not Rehearsal.objects.exists()
    assert said(started) == []


def test_one_that_was_asked_for_before_it_started_is_not_held(
    world: World, draft: Campaign
) -> None:
    rehearsals.ask(draft)
    assert rehearsals.is_due()

    world.as_far(draft, release=True, start=True)

    assert not rehearsals.is_due()
    assert rehearsals.work_due() == 0


def test_an_audience_that_cannot_be_asked_is_said_once(draft: Campaign) -> None:
    """By the check of the audience."""
    assert draft.audience
    draft.audience.include = {"nonsense": 1}
    draft.audience.save()

    assert rehearse(draft) == []
    seen = overview.read(draft)
    assert seen.problem in [found.sentence for found in blocking(seen)]


# --- late lanes


def test_a_late_lane_is_rehearsed_before_it_leaves(world: World, draft: Campaign) -> None:
    """The others were sent; nothing of them is written once more."""
    world.person(world.biom, given="", family="Puig")
    late = world.lane(draft, world.biom)
    by = world.users["contact_biom"]
    releases.introduce(release=late, by=by, texts={"en": "{given_name}, ask me."})
    releases.hold(release=late, by=by, note="")
    campaign = world.call()

    rehearsals.ask(campaign)
    rehearsals.work_due()
    with pytest.raises(Refused, match="is empty in the mail of 1 reader"):
        releases.release(release=late, by=by)

    assert {int(lane) for lane in Rehearsal.objects.get().found or {}} == {late.pk}
    releases.introduce(release=late, by=by, texts={"en": "Ask me."})
    assert rehearse(campaign)[0][0] == Level.OK
    releases.release(release=late, by=by)
    assert late.status == late.Status.RELEASED


def test_a_late_lane_waits_for_its_rehearsal(
    world: World, draft: Campaign, settings: Settings
) -> None:
    settings.LOOK_PATIENCE = 120
    late = world.lane(draft, world.biom)
    by = world.users["contact_biom"]
    releases.hold(release=late, by=by, note="")
    world.call()

    with pytest.raises(Refused, match="Try again in a moment"):
        releases.release(release=late, by=by)

    rehearsals.work_due()
    probes.work_due()
    releases.release(release=late, by=by)
    assert late.status == late.Status.RELEASED


def test_a_declined_lane_is_rehearsed_for_it_may_be_signed_yet(
    world: World, draft: Campaign
) -> None:
    world.person(world.biom, given="", family="Puig")
    lane = world.lane(draft, world.biom)
    by = world.users["contact_biom"]
    releases.introduce(release=lane, by=by, texts={"en": "{given_name}, ask me."})
    releases.decline(release=lane, by=by, note="")
    campaign = world.call()

    assert "is empty" not in str(rehearse(campaign))
    with pytest.raises(Refused, match="is empty in the mail of 1 reader"):
        releases.release(release=lane, by=by)
