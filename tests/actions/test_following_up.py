"""Writing once more to readers of a campaign: to whom, with what, and what is said otherwise."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    beginning,
    campaigns,
    choosing,
    contents,
    following_up,
    ledger,
    releases,
    reports,
)
from campaigns.models import Campaign, Delivery, Release, followups
from crm.actions import answers, missions
from crm.actions.errors import IllegalTransition, Refused
from crm.models import Person
from tests.kit.mailserver import MailServer
from tests.kit.sent import four_readers, send, sent_call
from tests.world import World

Rule, State = Campaign.FollowRule, Delivery.State


def start(world: World, campaign: Campaign) -> None:
    by = world.users["coordinator"]
    releases.release_all(campaign=campaign, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.fixture
def readers(world: World) -> dict[str, Person]:
    return four_readers(world)


@pytest.fixture
def sent(world: World, readers: dict[str, Person], mail_server: MailServer) -> Campaign:
    return sent_call(world, readers, mail_server)


def again(world: World, sent: Campaign, rule: str = Rule.UNANSWERED) -> Campaign:
    return following_up.draft(campaign=sent, by=world.users["coordinator"], rule=rule)


def test_exactly_who_got_it_and_did_not_answer_gets_it_once_more(
    world: World, sent: Campaign, readers: dict[str, Person], mail_server: MailServer
) -> None:
    world.person()  # came later, and was never asked

    draft = again(world, sent)
    start(world, draft)
    send(draft)

    wanted = [str(readers[name].email) for name in ("silent", "bavarian")]
    assert mail_server.readers == sorted(wanted)
    assert draft.status == Campaign.Status.FINISHED
    assert ledger.read(draft).balances
    assert draft.same_as != sent.same_as


def test_who_answers_before_it_leaves_gets_no_second_copy(
    world: World, sent: Campaign, readers: dict[str, Person], mail_server: MailServer
) -> None:
    draft = again(world, sent)
    answers.give(person=readers["silent"], mission=world.mission, value="declined")

    start(world, draft)
    send(draft)

    assert mail_server.readers == [readers["bavarian"].email]


def test_its_first_version_says_whom_it_has_it_from(world: World, sent: Campaign) -> None:
    draft = again(world, sent)

    first = draft.revisions.filter(language="en").get()
    text = draft.texts.get(language="en")
    assert (first.why, first.by, first.number) == ("copied", world.users["coordinator"], 1)
    assert (first.subject, first.blocks) == (text.subject, text.blocks)
    assert text.version == 1


def test_each_rule_counts_its_own(sent: Campaign) -> None:
    assert following_up.counts(sent) == {"unanswered": 2, "unreached": 1, "all": 4}


def test_the_draft_says_what_was_sent_and_every_lane_signs_again(
    world: World, sent: Campaign
) -> None:
    draft = again(world, sent)

    assert sent.content_version
    assert draft.content_version is None
    assert contents.digest(draft) == sent.content_version.sha256
    assert set(draft.releases.values_list("status", flat=True)) == {Release.Status.WAITING}
    assert draft.releases.count() == sent.releases.count()
    assert following_up.differences(draft) == []


def test_introductions_come_along(world: World, mail_server: MailServer) -> None:
    world.person()
    first = world.call(release=False, start=False)
    lane = world.lane(first, world.biocat)
    contact = world.users["contact_biocat"]
    releases.introduce(release=lane, by=contact, texts={"en": "Come along"})
    start(world, first)
    send(first)

    draft = again(world, first)

    (text,) = world.lane(draft, world.biocat).texts.all()
    assert (text.language, text.text) == ("en", "Come along")


def test_what_is_said_otherwise_is_shown_line_by_line(world: World, sent: Campaign) -> None:
    draft = again(world, sent)
    text = draft.texts.get(language="en")
    contents.edit(
        campaign=draft,
        language="en",
        subject="Last call",
        preheader=text.preheader,
        blocks=[*text.blocks, {"kind": "text", "text": "Three places are left."}],
        ready=True,
    )

    found = {(row.language, row.part): row.lines for row in following_up.differences(draft)}

    assert found["en", "subject"] == [[("gone", text.subject)], [("new", "Last call")]]
    assert found["en", "text"] == [[("new", "Three places are left.")]]
    assert {language for language, _part in found} == {"en"}


def test_twice_is_once_and_after_it_was_sent_there_is_a_next_one(
    world: World, sent: Campaign, mail_server: MailServer
) -> None:
    draft = again(world, sent)
    assert again(world, sent) == draft
    assert again(world, sent, Rule.ALL) != draft

    start(world, draft)
    send(draft)
    third = again(world, draft)

    assert third.follows == draft
    assert len({sent.same_as, draft.same_as, third.same_as}) == 3
    assert len({sent.ref, draft.ref, third.ref}) == 3
    assert following_up.counts(draft)["unanswered"] == 2


def test_a_merged_reader_is_asked_for_under_the_kept_name(
    world: World, sent: Campaign, readers: dict[str, Person]
) -> None:
    kept = world.person()
    Person.objects.filter(pk=readers["silent"].pk).update(merged_into=kept)

    found = followups.readers_of(sent, Rule.UNANSWERED)

    assert {*found} == {kept, readers["bavarian"]}


def test_an_announcement_with_the_longest_title_is_followed_time_and_again(
    world: World, mail_server: MailServer
) -> None:
    world.follower()
    first = beginning.begin(
        kind="announcement", alliance=world.alliance, title="Osaka calls once more. " * 8,
        topic=world.topic, by=world.users["coordinator"],
    )  # fmt: skip
    text = first.texts.get()
    contents.edit(
        campaign=first, language=text.language, subject="Osaka", preheader="",
        blocks=[{"kind": "text", "text": "Come along."}], ready=True,
    )  # fmt: skip
    sent = first
    for _n in range(3):
        start(world, sent)
        send(sent)
        sent = again(world, sent, Rule.ALL)

    stories = Campaign.objects.filter(kind="announcement").values_list("same_as", flat=True)
    assert len({*stories}) == 4
    assert len(mail_server.readers) == 3


def test_what_is_still_being_sent_or_never_was_is_not_followed(world: World) -> None:
    world.person()
    campaign = world.call(start=False)
    with pytest.raises(IllegalTransition, match="Write once more when it has been sent"):
        again(world, campaign)

    campaigns.cancel(campaign=campaign, by=world.users["coordinator"])
    with pytest.raises(IllegalTransition, match="cancelled"):
        again(world, campaign)


def test_nobody_left_and_a_record_that_is_gone_are_refused(
    world: World, sent: Campaign, readers: dict[str, Person]
) -> None:
    for name in ("silent", "bavarian"):
        answers.give(person=readers[name], mission=world.mission, value="interested")
    with pytest.raises(Refused, match="nobody to whom this applies"):
        again(world, sent)

    missions.archive(mission=world.mission, by=world.users["coordinator"])
    sent.refresh_from_db()
    with pytest.raises(Refused, match="archived"):
        again(world, sent, Rule.ALL)


def test_it_cannot_be_turned_to_other_people(world: World, sent: Campaign) -> None:
    draft = again(world, sent)
    asked: Any = choosing.Asked("Everybody", {"f": "kind", "op": "in", "v": ["contact"]})

    assert not choosing.is_open(draft)
    with pytest.raises(IllegalTransition, match="readers of the one it follows"):
        choosing.choose(campaign=draft, by=world.users["coordinator"], asked=asked)


def test_a_bounce_of_an_accepted_mail_is_the_same_to_the_report_and_to_what_follows(
    sent: Campaign, readers: dict[str, Person]
) -> None:
    """It was tried twice: a bounce from before the second try is over, a later one is not."""
    mails = Delivery.objects.filter(campaign=sent, person=readers["silent"])
    armed = timezone.now()

    for minutes, came_back in ((-5, False), (5, True)):
        bounced = armed + dt.timedelta(minutes=minutes)
        mails.update(generation=2, armed_at=armed, bounced_at=bounced)
        missed = followups.readers_of(sent, Rule.UNREACHED)
        assert (readers["silent"] in missed) is came_back
        assert mails.get().came_back is came_back
        assert mails.filter(reports.FACTS["bounced"]).exists() is came_back
