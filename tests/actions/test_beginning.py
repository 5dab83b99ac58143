"""Announcements and press releases: begun with a title, asked for, judged, sent, followed."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    audiences,
    beginning,
    choosing,
    contents,
    deadlines,
    desk,
    explaining,
    following_up,
    freezing,
    ledger,
    overview,
    previews,
    proofs,
    releases,
    sending,
    snippets,
    sweeping,
    tallies,
)
from campaigns.actions import campaigns as steps
from campaigns.actions.checks import preflight, standing
from campaigns.actions.findings import Level
from campaigns.models import Campaign, Delivery, Exclusion
from crm.actions import answers, consent, people
from crm.actions.errors import Refused
from crm.models import Person, Topic
from tests.kit import press
from tests.kit.mailserver import MailServer
from tests.world import World

Kind, Reason, Rule = Campaign.Kind, Exclusion.Reason, Campaign.FollowRule


@pytest.fixture
def news(world: World) -> Topic:
    return press.news(world)


def asked(campaign: Campaign) -> dict[int, int | None]:
    """person → why not, or None."""
    return {person: why for person, (_lane, why) in audiences.verdicts(campaign).items()}


def send(campaign: Campaign, world: World) -> Campaign:
    by = world.users["coordinator"]
    releases.release_all(campaign=campaign, by=by)
    steps.schedule(campaign=campaign, by=by, send_at=timezone.now())
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()
    return campaign


# --- beginning


def test_it_begins_with_a_title_and_is_not_ready(world: World, news: Topic) -> None:
    campaign = beginning.begin(
        kind=Kind.ANNOUNCEMENT,
        alliance=world.alliance,
        title="  A new   member ",
        topic=news,
        by=world.users["coordinator"],
    )

    text = campaign.texts.get()
    assert str(campaign) == campaign.title == text.subject == "A new member"
    assert campaign.purpose == "news"
    assert not text.ready
    assert [block["kind"] for block in text.blocks] == [
        "heading", "introduction", "text", "documents", "contact",
    ]  # fmt: skip
    assert campaign.releases.count() == 3


def test_it_begins_with_a_template_that_then_has_its_own_title(world: World, news: Topic) -> None:
    ona = world.users["coordinator"]
    asked: dict[str, Any] = {"alliance": world.alliance, "by": ona}
    first = beginning.begin(kind=Kind.ANNOUNCEMENT, title="Spring news", topic=news, **asked)
    words = {"text": "As always, ask us."}
    text = first.texts.get()
    contents.edit(
        campaign=first,
        language=text.language,
        subject="Spring news: who joins?",
        preheader="",
        blocks=[block | words if block["kind"] == "text" else block for block in text.blocks],
        ready=True,
    )
    kept = snippets.keep(campaign=first, by=ona, name="Our news")

    second = beginning.begin(
        kind=Kind.ANNOUNCEMENT, title="Autumn news", topic=news, template=kept, **asked
    )

    said = second.texts.get()
    assert (said.subject, said.ready) == ("Autumn news: who joins?", False)
    assert [block["text"] for block in said.blocks if "text" in block] == [
        "Autumn news",
        "As always, ask us.",
    ]
    with pytest.raises(Refused, match="is no template of"):
        beginning.begin(kind=Kind.PRESS, title="A release", topic=None, template=kept, **asked)


def test_the_same_title_leads_to_the_draft_there_is_until_it_was_sent(
    world: World, news: Topic
) -> None:
    first, second = (press.written(world, Kind.ANNOUNCEMENT, news, "Twice") for _time in "ab")
    assert first == second

    Campaign.objects.filter(pk=first.pk).update(status="cancelled")
    third = press.written(world, Kind.ANNOUNCEMENT, news, "Twice")

    assert third != first
    assert third.ref == "announcement-twice-2"
    assert third.same_as != first.same_as


@pytest.mark.parametrize("title", ["ニュース", "—", "x" * 200, "desk"])
def test_any_title_makes_an_address(world: World, news: Topic, title: str) -> None:
    ref = press.written(world, Kind.ANNOUNCEMENT, news, title, languages=()).ref

    assert ref.startswith("announcement")
    assert len(ref) <= 80


def test_what_has_no_title_or_topic_is_refused(world: World, news: Topic) -> None:
    def begin(kind: str, title: str, topic: Topic | None) -> None:
        beginning.begin(kind=kind, alliance=world.other_alliance, title=title, topic=topic, by=None)

    with pytest.raises(Refused, match="Give it a title"):
        begin(Kind.PRESS, "  ", None)
    with pytest.raises(Refused, match="Choose a topic"):
        begin(Kind.ANNOUNCEMENT, "News", None)
    with pytest.raises(Refused, match="is no topic of MAGIA"):
        begin(Kind.ANNOUNCEMENT, "News", news)
    with pytest.raises(Refused, match="no topic of press releases"):
        beginning.begin(kind=Kind.PRESS, alliance=world.alliance, title="Ours", topic=news, by=None)
    with pytest.raises(TypeError):
        begin(Kind.MISSION_CALL, "News", None)
    assert not Campaign.objects.exists()


def test_nobody_writes_for_an_alliance_that_nobody_coordinates_today(world: World) -> None:
    world.alliance.participations.filter(role="coordinator").update(role="member")

    with pytest.raises(Refused, match="has no coordinating cluster today"):
        beginning.begin(kind=Kind.PRESS, alliance=world.alliance, title="Ours", topic=None, by=None)


# --- whom it is for


def test_an_announcement_is_for_who_follows_its_topic(world: World, news: Topic) -> None:
    follower, other, member = press.reader_of(world, news), world.follower(), world.person()

    campaign = press.written(world, Kind.ANNOUNCEMENT, news)

    assert asked(campaign) == {follower.pk: None}
    assert other.pk not in asked(campaign)
    assert member.pk not in asked(campaign)


def test_who_did_not_ask_for_it_is_left_out_of_a_topic_that_one_asks_for(
    world: World, news: Topic
) -> None:
    subscribed, member = world.person(basis="consent"), world.person(basis="consent")
    consent.subscribe(person=subscribed, topic=news, source="form")
    campaign = press.written(world, Kind.ANNOUNCEMENT, news)

    everybody = {"all": [{"f": "kind", "op": "in", "v": ["contact", "follower"]}]}
    choosing.choose(
        campaign=campaign, by=world.users["admin"], asked=choosing.Asked("All", everybody)
    )

    assert asked(campaign) == {subscribed.pk: None, member.pk: Reason.NOT_SUBSCRIBED}
    assert "did not ask for this topic" in " ".join(
        explaining.explain(text=str(member.primary and member.primary.address.email),
                           campaign=campaign)
    )  # fmt: skip


def test_members_get_news_of_an_open_topic_where_the_law_allows_it(world: World) -> None:
    open_topic = press.news(world, only=False)
    agreed, member = world.person(basis="consent"), world.person(basis="member")
    campaign = press.written(world, Kind.ANNOUNCEMENT, open_topic)

    contacts = {"all": [{"f": "kind", "op": "in", "v": ["contact"]}]}
    choosing.choose(
        campaign=campaign, by=world.users["admin"], asked=choosing.Asked("Members", contacts)
    )

    assert asked(campaign) == {agreed.pk: None, member.pk: Reason.NO_BASIS}


def test_who_left_the_topic_gets_nothing_and_the_calls_as_before(world: World, news: Topic) -> None:
    reader = press.reader_of(world, news)
    consent.subscribe(person=reader, topic=world.topic, source="follow form")
    assert reader.primary
    consent.withdraw(
        address=reader.primary.address,
        scope="topic",
        topic=news,
        reason="unsubscribed",
        source="page",
    )

    campaign = press.written(world, Kind.ANNOUNCEMENT, news)
    assert asked(campaign) == {}  # the usual readers are who asks for it now
    followers = {"all": [{"f": "kind", "op": "in", "v": ["follower"]}]}
    choosing.choose(
        campaign=campaign, by=world.users["admin"], asked=choosing.Asked("Followers", followers)
    )
    assert asked(campaign) == {reader.pk: Reason.LEFT_TOPIC}
    assert asked(world.call(release=False, start=False)) == {reader.pk: None}


def test_a_press_release_is_for_journalists_in_the_lane_of_their_region(world: World) -> None:
    ours, theirs = press.journalist(world), press.journalist(world, world.biom)
    world.person()
    stranger = press.journalist(world, world.biowin)

    campaign = press.written(world, Kind.PRESS)

    lanes = {
        person: campaign.releases.get(pk=lane).cluster
        for person, (lane, why) in audiences.verdicts(campaign).items()
        if why is None
    }
    assert lanes == {ours.pk: world.biocat, theirs.pk: world.biom}
    assert stranger.pk not in lanes
    assert previews.lane_of(campaign, theirs) == world.lane(campaign, world.biom)


def test_a_journalist_of_whom_no_press_list_tells_is_left_out(world: World) -> None:
    person = world.person()
    Person.objects.filter(pk=person.pk).update(kind="media")

    assert asked(press.written(world, Kind.PRESS)) == {person.pk: Reason.NO_BASIS}


def test_whoever_is_put_on_the_press_list_may_be_written_to_unless_by_consent(
    world: World,
) -> None:
    known, agreed = world.person(basis="public-task"), world.person(basis="consent")
    for person in (known, agreed):
        people.edit(person=person, by=None, version=person.version, kind="media")

    campaign = press.written(world, Kind.PRESS)

    assert asked(campaign) == {known.pk: None, agreed.pk: Reason.NO_BASIS}


def test_followers_of_a_press_topic_get_the_release_too(world: World, news: Topic) -> None:
    Topic.objects.filter(pk=news.pk).update(purpose="press")
    news.refresh_from_db()
    reader, reporter = press.reader_of(world, news), press.journalist(world)

    campaign = press.written(world, Kind.PRESS, news)

    # A journalist did not ask for the topic, which nobody else gets without asking.
    assert asked(campaign) == {reader.pk: None, reporter.pk: None}


# --- sending and after


@pytest.fixture
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize("kind", Campaign.OF_NO_RECORD)
def test_it_is_checked_signed_sent_and_reported_like_a_call(
    world: World, news: Topic, mail_server: MailServer, kind: str
) -> None:
    topic = news if kind == Kind.ANNOUNCEMENT else None
    for language in ("en", "fr"):
        if kind == Kind.PRESS:
            press.journalist(world, language=language)
        else:
            press.reader_of(world, news, language=language)
    campaign = press.written(world, kind, topic)
    assert not [found for found in preflight(overview.read(campaign)) if found.level == "block"]
    coordinator = world.users["coordinator"]
    lane = world.lane(campaign, world.biocat)
    reader = previews.reader_of(lane, previews.nameable(campaign, coordinator))
    proofs.send(reader=reader, by=coordinator)

    send(campaign, world)

    assert campaign.status == Campaign.Status.FINISHED
    assert ledger.read(campaign).balances
    assert ledger.read(campaign).total.accepted == 2
    mails = {"fr" if b"Said in fr" in raw else "en" for _to, raw in mail_server.arrived if raw}
    assert mails == {"en", "fr"}
    found = tallies.read([campaign], campaign.releases.all())
    assert tallies.summed(found.values()).answered == 0


@pytest.mark.usefixtures("_at_once")
def test_it_is_written_once_more_to_whom_it_did_not_reach_never_for_an_answer(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    press.reader_of(world, news)
    press.reader_of(world, news, email="bounce.me@home.example")
    # Answers to other things are none to this.
    answers.give(person=world.person(), mission=world.mission, value="interested")
    sent = send(press.written(world, Kind.ANNOUNCEMENT, news), world)

    counts = following_up.counts(sent)
    again = following_up.draft(campaign=sent, by=world.users["coordinator"], rule=Rule.ALL)

    assert counts[Rule.UNANSWERED] == 0
    assert counts[Rule.ALL] >= 1
    assert (again.kind, again.title, again.topic) == (sent.kind, sent.title, sent.topic)
    assert not following_up.differences(again)
    with pytest.raises(Refused, match="nobody"):
        following_up.draft(campaign=sent, by=world.users["coordinator"], rule=Rule.UNANSWERED)


def test_an_unwritten_text_stops_it(world: World, news: Topic) -> None:
    press.reader_of(world, news)
    campaign = beginning.begin(
        kind=Kind.ANNOUNCEMENT, alliance=world.alliance, title="Soon", topic=news, by=None
    )

    found = standing(overview.read(campaign))

    sentences = [each.sentence for each in found if each.level == Level.BLOCK]
    assert any("No language is ready" in sentence for sentence in sentences)
    assert any("is empty" in sentence for sentence in sentences)
    assert freezing.start(campaign) is False
    assert not Delivery.objects.filter(campaign=campaign).exists()
    assert not desk.is_waited_for(campaign, None)


@pytest.mark.usefixtures("_at_once")
def test_what_nobody_coordinates_any_more_says_so_and_stops_nothing_else(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    press.reader_of(world, news)
    campaign = press.written(world, Kind.ANNOUNCEMENT, news)
    by = world.users["coordinator"]
    own = world.lane(campaign, None)
    releases.release(release=own, by=by)
    at = timezone.now()
    late = {lane.pk: at + dt.timedelta(days=1) for lane in campaign.releases.exclude(pk=own.pk)}
    deadlines.set_dates(campaign=campaign, by=by, dates=late, at_deadline="release")
    steps.schedule(campaign=campaign, by=by, send_at=at)
    sweeping.tick()
    world.alliance.participations.filter(role="coordinator").update(role="member")
    campaign.releases.exclude(by_at=None).update(by_at=at)

    sweeping.tick()
    told = sending.work(campaign).trouble

    assert "has no coordinating cluster today" in told
    campaign.refresh_from_db()
    assert campaign.trouble == told
    assert mail_server.arrived == []
    assert all(campaign.releases.exclude(by_at=None).values_list("stopped_by", flat=True))
    with pytest.raises(Refused, match="has no coordinating cluster today"):
        previews.texts_of(campaign)

    world.alliance.participations.filter(cluster=world.biocat).update(role="coordinator")
    sending.work(campaign)
    campaign.refresh_from_db()
    assert (len(mail_server.arrived), campaign.trouble) == (1, "")
