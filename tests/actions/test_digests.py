"""A follower is told each post once: by itself, or in a digest, whatever happens in between."""

import datetime as dt
import re
from email import message_from_bytes
from email.policy import default as modern
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import slugify
from pytest_django.fixtures import Settings

from campaigns.actions import (
    beginning,
    campaigns,
    digests,
    feedback,
    fencing,
    freezing,
    ledger,
    posts,
    releases,
    retrying,
    sending,
    sweeping,
)
from campaigns.models import (
    Campaign,
    Delivery,
    Digest,
    DigestItem,
    Exclusion,
    Fault,
    Installation,
    Post,
    PostText,
)
from campaigns.models.digests import MOST
from crm.actions import bases, consent, merging_people, people, preferences, topics
from crm.actions.errors import IllegalTransition
from crm.models import Address, LegalBasis, Person, Subscription, Suppression, Topic
from tests.kit.mailserver import MailServer
from tests.world import World

R = Exclusion.Reason
State = Delivery.State
WORD = consent.Word(wording="Write to me.", language="en", source="follow form")


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.fixture
def news(world: World) -> Topic:
    return _topic(world, "news", "news")


@pytest.fixture
def opinions(world: World) -> Topic:
    return _topic(world, "opinions", "news")


def _topic(world: World, slug: str, purpose: str) -> Topic:
    return topics.create(
        slug=slug, names={"en": slug.title()}, purpose=purpose, controller=world.biocat, by=None,
        alliance=world.alliance, by_subscription_only=True, public=True,
    )  # fmt: skip


def post(
    world: World, topic: Topic, title: str, *, ago: int = 0, texts: dict[str, str] | None = None
) -> Post:
    """A post that was published so many minutes ago, in English and in these languages."""
    row = Post.objects.create(
        alliance=world.alliance, topic=topic, slug=slugify(title), language="en",
        changed_at=Now(), status="published",
        published_at=timezone.now() - dt.timedelta(minutes=ago),
    )  # fmt: skip
    for language, words in ({"en": title} | (texts or {})).items():
        if words:
            PostText.objects.create(
                post=row, language=language, title=words, lead=f"About {words}.", text="Words.",
                ready=True, folded="",
            )  # fmt: skip
    return row


def follower(
    world: World, *asked: Topic, frequency: str = "weekly", ago: int = 60, **values: Any
) -> Person:
    """Somebody who follows these topics since so many minutes ago."""
    person = people.create(
        cluster=values.pop("cluster", world.biocat),
        by=None,
        kind="follower",
        **{"email": f"ada{Person.objects.count()}@home.example", "language": "en"} | values,
    )
    assert person.primary
    for topic in asked:
        consent.opt_in(
            person=person, address=person.primary.address, topic=topic, word=WORD,
            frequency=frequency,
        )  # fmt: skip
    since = timezone.now() - dt.timedelta(minutes=ago)
    Subscription.objects.filter(person=person).update(since=since)
    Subscription.objects.filter(person=person).exclude(frequency="each").update(digests_from=since)
    return person


def turn(world: World, frequency: str = "weekly") -> Campaign | None:
    """A digest is due now, and its mails are written."""
    campaign = digests.write(world.alliance, frequency, timezone.now())
    freezing.start_due()
    return campaign


def sent(world: World, frequency: str = "weekly") -> Campaign | None:
    """A digest is due now, and leaves."""
    campaign = turn(world, frequency)
    if campaign:
        campaign.refresh_from_db()
        sending.work(campaign)
        sweeping.tidy()
        assert ledger.read(campaign).balances
    return campaign


def announced(world: World, told: Post) -> Campaign:
    """The post's own announcement leaves, to who gets each post by itself."""
    campaign = written(world, told)
    freezing.start_due()
    campaign.refresh_from_db()
    sending.work(campaign)
    return campaign


def written(world: World, told: Post) -> Campaign:
    """The post's own announcement, due now."""
    by = world.users["coordinator"]
    campaign = beginning.tell(post=told, by=by)
    releases.release_all(campaign=campaign, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())
    return campaign


def told(server: MailServer, person: Person) -> list[list[str]]:
    """Of each mail that arrived, the posts that it leads to, in their order, by English titles."""
    emails = {use.address.email for use in person.addresses.all()}
    titles = {row.post.slug: row.title for row in PostText.objects.select_related("post")}
    titles |= {
        row.post.slug: row.title
        for row in PostText.objects.select_related("post").filter(language="en")
    }
    mails = []
    for to, raw in server.arrived:
        if to in emails:
            body = message_from_bytes(raw, policy=modern).get_body(("plain",))
            assert body
            slugs = re.findall(r"http\S*/([-\w]+)/?(?=\s)", body.get_content())
            mails.append([titles[slug] for slug in dict.fromkeys(slugs) if slug in titles])
    return mails


def choose(person: Person, frequency: str, **more: Any) -> None:
    """On the preference page."""
    assert person.primary
    address = person.primary.address
    present = preferences.Preferences(address)
    preferences.choose(
        address=address, topics=[t for t in present.topics if t.pk in present.on], language="en",
        word=WORD, frequency=frequency, **{"paused_until": None} | more,
    )  # fmt: skip


# --- what one gets


def test_a_digest_tells_what_was_published_since_and_the_next_only_what_is_new(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "Too early", ago=90)
    post(world, news, "First", ago=30)
    post(world, news, "Second", ago=20)
    sent(world)
    post(world, news, "Third")
    sent(world)
    assert told(mail_server, ada) == [["First", "Second"], ["Third"]]


def test_nobody_gets_an_empty_one(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    follower(world, opinions)
    post(world, opinions, "Only an opinion")
    assert sent(world)
    assert sent(world) is None
    assert told(mail_server, ada) == []
    assert Digest.objects.filter(campaign=None).count() == 1


def test_each_gets_what_they_follow(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    grace = follower(world, news, opinions)
    mary = follower(world, opinions)
    daily = follower(world, news, frequency="daily")
    each = follower(world, news, frequency="each")
    post(world, news, "News of the day", ago=20)
    post(world, opinions, "An opinion", ago=10)
    campaign = sent(world)
    assert campaign
    assert told(mail_server, ada) == [["News of the day"]]
    assert told(mail_server, grace) == [["News of the day", "An opinion"]]
    assert told(mail_server, mary) == [["An opinion"]]
    assert told(mail_server, daily) == told(mail_server, each) == []
    assert len(Digest.objects.get(campaign=campaign).sets) == 3
    sent(world, "daily")
    assert told(mail_server, daily) == [["News of the day"]]


def test_a_mail_holds_so_many_posts_and_the_rest_comes_next(
    world: World, news: Topic, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "PORTIONS", digests.PORTIONS.replace(f"<= {MOST}", "<= 2"))
    ada = follower(world, news)
    for n, title in enumerate(("First", "Second", "Third")):
        post(world, news, title, ago=30 - n)
    sent(world)
    sent(world)
    assert told(mail_server, ada) == [["First", "Second"], ["Third"]]


def test_the_longest_one_is_under_90_kb(world: World, news: Topic, mail_server: MailServer) -> None:
    ada = follower(world, news, language="fr")
    title, lead = "Délégation européenne à Ōsaka " * 4, "Les régions présentées à l’été " * 16
    for n in range(MOST + 1):
        row = post(world, news, f"Post {n}", ago=55 - n, texts={"fr": f"{n} {title}"})
        row.texts.update(lead=lead[:500])
    sent(world)
    ((_to, raw),) = mail_server.arrived
    assert len(raw) < 90 * 1024
    assert len(told(mail_server, ada)[0]) == MOST


def test_posts_of_topics_with_purposes_of_their_own_come_in_one_mail(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    press = _topic(world, "press", "press")
    ada = follower(world, news, press)
    post(world, news, "News", ago=3)
    post(world, press, "Release", ago=2)
    sent(world)
    LegalBasis.objects.filter(person=ada, purpose="press").delete()
    post(world, news, "More", ago=1)
    post(world, press, "Not lawful any more", ago=1)
    sent(world)
    assert told(mail_server, ada) == [["News", "Release"], ["More"]]


def test_a_reason_that_a_country_does_not_let_count_brings_no_post(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    press = _topic(world, "press", "press")
    ada = follower(world, news, press)
    greta = follower(world, press, cluster=world.biom)
    bases.decide(
        country="ES", purpose="press", basis="consent", recipient="follower", allowed=False,
        law="Ley 1/2000, art. 1", since=timezone.localdate(), by=None,
    )  # fmt: skip
    post(world, news, "News", ago=3)
    post(world, press, "Release", ago=2)
    sent(world)
    assert told(mail_server, ada) == [["News"]]
    assert told(mail_server, greta) == [["Release"]]


def test_a_reason_counts_through_its_last_day(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    today = timezone.localdate()
    ada, mary = follower(world, news), follower(world, news)
    LegalBasis.objects.filter(person=ada).update(expires_on=today)
    LegalBasis.objects.filter(person=mary).update(expires_on=today - dt.timedelta(days=1))
    post(world, news, "First")
    sent(world)
    assert told(mail_server, ada) == [["First"]]
    assert told(mail_server, mary) == []


def test_two_who_share_a_mailbox_share_one_mail_and_nothing_waits(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, email="both@home.example")
    follower(world, opinions, cluster=world.biom, email="both@home.example")
    post(world, news, "News", ago=3)
    post(world, opinions, "Opinion", ago=2)
    sent(world)
    assert told(mail_server, ada) == [["News", "Opinion"]]
    assert sent(world) is None


# --- languages


def test_a_digest_is_in_the_readers_language_and_says_what_is_not(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, language="fr")
    post(world, news, "In both", ago=3, texts={"fr": "Dans les deux"})
    post(world, news, "Only in English", ago=2)
    sent(world)
    ((_to, raw),) = mail_server.arrived
    mail = message_from_bytes(raw, policy=modern)
    assert mail["Content-Language"] == "fr"
    html = mail.get_body(("html",))
    assert html
    assert '<span lang="en">Only in English</span>' in html.get_content()
    assert "anglais" in html.get_content().lower()
    assert "In both" not in html.get_content()
    assert told(mail_server, ada) == [["In both", "Only in English"]]


def test_where_nothing_is_in_the_readers_language_their_clusters_counts(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    follower(world, news, language="it")
    follower(world, news, cluster=world.biom, language=None)
    post(world, news, "Words", texts={"de": "Worte", "fr": "Mots"})
    sent(world)
    languages = {message_from_bytes(raw)["Content-Language"] for _to, raw in mail_server.arrived}
    assert languages == {"en"}
    # Followers stand in the alliance's own lane, so that its order counts.
    assert set(Delivery.objects.values_list("language", flat=True)) == {"en"}


def test_compiled_mails_are_those_that_would_be_composed(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    for asked in ((news,), (opinions,), (news, opinions)):
        follower(world, *asked, given="Ünal", family="<Söhne>")
    post(world, news, 'A “title” with <b>, \\ and "quotes"', ago=2)
    post(world, opinions, "Other", ago=1)
    campaign = sent(world)
    assert campaign
    campaign.refresh_from_db()
    assert campaign.uncompiled == ""
    assert len(mail_server.arrived) == 3
    assert campaign.status == "finished"


# --- the post's own announcement


def test_who_gets_each_post_by_itself_gets_no_digest_and_the_other_way_round(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    each = follower(world, news, frequency="each")
    weekly = follower(world, news)
    first = post(world, news, "First")
    campaign = announced(world, first)
    assert told(mail_server, each) == [["First"]]
    assert told(mail_server, weekly) == []
    assert Exclusion.objects.get(campaign=campaign, person=weekly).reason == R.IN_DIGEST
    sent(world)
    assert told(mail_server, weekly) == [["First"]]
    assert told(mail_server, each) == [["First"]]


def test_whoever_had_it_by_itself_is_not_told_again(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, frequency="each")
    first = post(world, news, "First")
    announced(world, first)
    choose(ada, "weekly")
    post(world, news, "Second")
    sent(world)
    assert told(mail_server, ada) == [["First"], ["Second"]]


def test_what_was_announced_after_a_digest_told_it_is_not_told_again(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    first = post(world, news, "First")
    sent(world)
    choose(ada, "each")
    campaign = announced(world, first)
    assert Exclusion.objects.get(campaign=campaign, person=ada).reason == R.IN_DIGEST
    assert told(mail_server, ada) == [["First"]]


def test_what_waited_for_a_digest_is_told_though_each_was_chosen_since(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "Never announced", ago=5)
    announced(world, post(world, news, "Announced", ago=4))
    choose(ada, "each")
    post(world, news, "Later")
    sent(world)
    assert told(mail_server, ada) == []
    sent(world, "daily")
    assert told(mail_server, ada) == [["Never announced", "Announced"]]
    sent(world, "daily")
    assert len(told(mail_server, ada)) == 1


def test_a_post_published_before_digests_were_chosen_and_announced_after_comes(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, frequency="each")
    first = post(world, news, "First", ago=5)
    choose(ada, "weekly")
    announced(world, first)
    sent(world)
    assert told(mail_server, ada) == [["First"]]


def test_changing_the_frequency_back_and_forth_neither_repeats_nor_skips(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    titles = [f"Post {n}." for n in range(6)]
    for n, frequency in enumerate(("weekly", "each", "daily", "each", "weekly", "daily")):
        row = post(world, news, titles[n])
        if n % 2:
            announced(world, row)
        choose(ada, frequency)
        if n % 3 == 0:
            sent(world, "daily")
        sent(world)
    choose(ada, "daily")
    sent(world, "daily")
    had = [title for mail in told(mail_server, ada) for title in mail]
    assert sorted(had) == titles


# --- who gets nothing for the moment


def test_what_came_in_a_pause_comes_in_one_mail_after_it(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    follower(world, news)
    Person.objects.filter(pk=ada.pk).update(
        paused_until=timezone.localdate() + dt.timedelta(days=9)
    )
    post(world, news, "First", ago=5)
    campaign = sent(world)
    assert Exclusion.objects.get(campaign=campaign).reason == R.PAUSED
    post(world, news, "Second", ago=1)
    sent(world)
    assert told(mail_server, ada) == []
    Person.objects.filter(pk=ada.pk).update(paused_until=None)
    sent(world)
    assert told(mail_server, ada) == [["First", "Second"]]


def test_the_guard_neither_counts_digests_nor_holds_them_back(
    world: World, news: Topic, mail_server: MailServer, settings: Settings
) -> None:
    settings.FREQUENCY_LIMIT = 1
    ada = follower(world, news, frequency="daily")
    for title in ("First", "Second", "Third"):
        post(world, news, title)
        sent(world, "daily")
    assert told(mail_server, ada) == [["First"], ["Second"], ["Third"]]
    choose(ada, "each")
    announced(world, post(world, news, "By itself"))
    assert told(mail_server, ada)[-1] == ["By itself"]


def test_what_did_not_arrive_comes_with_the_next(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, email="broken@home.example")
    grace = follower(world, news)
    post(world, news, "First")
    campaign = sent(world)
    assert campaign
    assert told(mail_server, ada) == []
    assert told(mail_server, grace) == [["First"]]
    with pytest.raises(IllegalTransition, match="next one"):
        retrying.retry(campaign=campaign, by=world.users["coordinator"], reasons=[])
    mail_server.lies.clear()
    post(world, news, "Second")
    sent(world)
    assert told(mail_server, ada) == [["First", "Second"]]
    assert told(mail_server, grace) == [["First"], ["Second"]]


def test_what_is_undecided_is_not_told_again(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    follower(world, news, email="cut@home.example")
    post(world, news, "First")
    campaign = sent(world)
    assert Delivery.objects.get(campaign=campaign).state == State.UNKNOWN
    assert sent(world) is None


# --- leaving


def test_a_click_leaves_all_that_comes_in_digests(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, opinions)
    post(world, news, "First")
    campaign = sent(world)
    assert campaign
    assert ada.primary
    for _twice in range(2):
        feedback.unsubscribed(
            address=ada.primary.address, campaign=campaign, cluster=world.biocat, source="one-click"
        )
    assert set(Subscription.objects.values_list("state", flat=True)) == {"left"}
    assert set(Suppression.objects.values_list("topic__slug", flat=True)) == {"news", "opinions"}
    post(world, news, "Second")
    post(world, opinions, "Third")
    assert sent(world) is None
    assert told(mail_server, ada) == [["First"]]


def test_who_leaves_one_topic_meanwhile_gets_the_others_with_the_next(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, opinions)
    grace = follower(world, news, opinions)
    post(world, news, "News", ago=2)
    post(world, opinions, "Opinion", ago=1)
    campaign = turn(world)
    assert campaign
    assert ada.primary
    consent.withdraw(
        address=ada.primary.address, scope="topic", topic=news, reason="unsubscribed", source="page"
    )
    mail = Delivery.objects.get(campaign=campaign, person=ada)
    assert mail.state == State.SUPPRESSED
    sending.work(campaign)
    assert told(mail_server, ada) == []
    assert told(mail_server, grace) == [["News", "Opinion"]]
    sent(world)
    assert told(mail_server, ada) == [["Opinion"]]


def test_a_topic_left_for_a_person_alone_stops_their_digest_of_it(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "News")
    campaign = turn(world)
    assert campaign
    Subscription.objects.filter(person=ada).update(state="left", left_at=timezone.now())
    assert Delivery.objects.get(campaign=campaign).state == State.SUPPRESSED


def test_a_topic_left_as_the_mail_is_armed_stops_it(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "News")
    campaign = turn(world)
    assert campaign
    assert ada.primary
    consent.withdraw(
        address=ada.primary.address, scope="topic", topic=news, reason="unsubscribed", source="page"
    )
    Delivery.objects.filter(campaign=campaign).update(state=State.PENDING)
    sending.work(campaign)
    assert mail_server.arrived == []


def test_who_comes_back_gets_nothing_of_the_time_between(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    assert ada.primary
    address = ada.primary.address
    consent.withdraw(
        address=address, scope="alliance", alliance=world.alliance, reason="unsubscribed",
        source="page",
    )  # fmt: skip
    post(world, news, "Between")
    consent.opt_in(person=ada, address=address, topic=news, word=WORD)
    assert Subscription.objects.get().frequency == "weekly"
    post(world, news, "After")
    sent(world)
    assert told(mail_server, ada) == [["After"]]


def test_who_follows_once_more_without_having_left_goes_on(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "Before", ago=5)
    assert ada.primary
    consent.opt_in(person=ada, address=ada.primary.address, topic=news, word=WORD)
    sent(world)
    assert told(mail_server, ada) == [["Before"]]


def test_merged_people_are_told_once(world: World, news: Topic, mail_server: MailServer) -> None:
    ada = follower(world, news)
    twin = follower(world, news, frequency="each")
    post(world, news, "First")
    sent(world)
    assert twin.primary
    merging_people.merge(keep=twin, drop=ada, by=world.users["contact_biocat"])
    wish = Subscription.objects.get(person=twin)
    assert wish.frequency == "weekly"
    post(world, news, "Second")
    sent(world)
    assert told(mail_server, twin) == [["First"], ["Second"]]


# --- withdrawn


def test_a_post_that_was_withdrawn_is_told_by_no_digest_that_waits(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, opinions)
    mary = follower(world, opinions)
    wrong = post(world, news, "Wrong", ago=3)
    post(world, opinions, "Right", ago=2)
    campaign = turn(world)
    assert campaign

    posts.withdraw(post=wrong, by=world.users["coordinator"])
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()

    campaign.refresh_from_db()
    assert campaign.status == "finished"
    assert ledger.read(campaign).balances
    assert told(mail_server, ada) == []
    assert told(mail_server, mary) == [["Right"]]
    sent(world)
    assert told(mail_server, ada) == [["Right"]]
    assert told(mail_server, mary) == [["Right"]]


def test_a_post_that_was_withdrawn_before_its_digest_began_is_left_out(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    wrong = post(world, news, "Wrong", ago=3)
    post(world, news, "Right", ago=2)
    campaign = digests.write(world.alliance, "weekly", timezone.now())
    assert campaign

    posts.withdraw(post=wrong, by=world.users["coordinator"])
    freezing.start_due()
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()

    assert told(mail_server, ada) == [["Right"]]


# --- when, and whatever crashes


def test_a_turn_is_taken_at_the_alliances_hour_and_day(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    now = timezone.now()
    alliance = world.alliance
    alliance.timezone, alliance.digests_on = "UTC", (now - dt.timedelta(minutes=2)).isoweekday()
    alliance.digests_at = (now - dt.timedelta(minutes=2)).time()
    alliance.save()
    ada = follower(world, news)
    post(world, news, "Before", ago=5)
    post(world, news, "After it was due", ago=1)
    for campaign in sweeping.tick():
        sending.work(campaign)
    assert sweeping.tick() == []
    assert told(mail_server, ada) == [["Before"]]
    assert set(Digest.objects.values_list("frequency", flat=True)) == {"daily", "weekly"}


def test_nobody_follows_before_the_day(world: World, news: Topic) -> None:
    alliance = world.alliance
    alliance.timezone = "UTC"
    alliance.digests_on = (timezone.now() + dt.timedelta(days=1)).isoweekday()
    alliance.save()
    follower(world, news)
    post(world, news, "First")
    assert digests.write_due() == []
    assert digests.write_due() == []
    assert Digest.objects.count() == 2


def test_a_pause_between_choosing_and_sending_changes_nothing(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "First")
    campaign = digests.write(world.alliance, "weekly", timezone.now())
    assert campaign
    assert digests.write(world.alliance, "weekly", campaign.send_at) is None  # type: ignore[arg-type]
    post(world, news, "Published meanwhile")
    freezing.start_due()
    freezing.start_due()
    sending.work(campaign)
    sending.work(campaign)
    assert told(mail_server, ada) == [["First"]]
    sent(world)
    assert told(mail_server, ada) == [["First"], ["Published meanwhile"]]


def test_nobody_coordinates_so_it_waits(world: World, news: Topic) -> None:
    follower(world, news)
    post(world, news, "First", ago=50)
    world.alliance.participations.filter(role="coordinator").update(role="member")
    assert digests.write_due() == []
    assert not Digest.objects.exists()


def test_where_nobody_may_be_written_to_there_is_no_campaign(world: World, news: Topic) -> None:
    ada = follower(world, news)
    assert ada.primary
    Address.objects.filter(pk=ada.primary.address_id).update(undeliverable_at=timezone.now())
    post(world, news, "First")
    assert turn(world) is None
    assert not Campaign.objects.exists()


def test_a_copy_of_the_database_tells_nothing_twice(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "Perhaps told already", ago=1)
    campaign = digests.write(world.alliance, "weekly", timezone.now())
    assert campaign
    Installation.objects.update(fenced_at=timezone.now())
    fencing.confirm(by=None)
    campaign.refresh_from_db()
    assert campaign.status == "cancelled"
    assert sent(world) is None
    post(world, news, "New")
    sent(world)
    assert told(mail_server, ada) == [["New"]]


def test_a_copy_from_which_nothing_left_since_goes_on(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "First")
    Installation.objects.update(fenced_at=timezone.now())
    fencing.confirm(by=None, nothing_left_since=True)
    sent(world)
    assert told(mail_server, ada) == [["First"]]


def test_a_cancelled_digest_comes_with_the_next(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "First")
    campaign = turn(world)
    assert campaign
    campaigns.cancel(campaign=campaign, by=world.users["coordinator"])
    assert Delivery.objects.get().state == State.CANCELLED
    sent(world)
    assert told(mail_server, ada) == [["First"]]
    assert DigestItem.objects.count() == 1


def test_looking_for_what_is_due_is_one_question(world: World, news: Topic) -> None:
    post(world, news, "First")
    digests.write_due()
    before = len(connection.queries_log)
    connection.force_debug_cursor = True
    try:
        digests.write_due()
        assert len(connection.queries_log) - before == 1
    finally:
        connection.force_debug_cursor = False


# --- a pause that is set while mails wait


def test_a_pause_stops_what_waits_and_what_it_told_comes_after_it(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada, grace = follower(world, news), follower(world, news)
    post(world, news, "First")
    campaign = turn(world)
    assert campaign
    choose(ada, "weekly", paused_until=timezone.localdate() + dt.timedelta(days=9))
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()
    assert told(mail_server, ada) == []
    assert told(mail_server, grace) == [["First"]]
    stopped = Delivery.objects.get(campaign=campaign, person=ada)
    assert (stopped.state, stopped.outcome) == (State.SUPPRESSED, "stopped: paused by the reader")
    assert ledger.read(campaign).balances
    choose(ada, "weekly")
    sent(world)
    assert told(mail_server, ada) == [["First"]]


def test_a_pause_that_is_over_before_the_mail_leaves_stops_nothing(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    post(world, news, "First")
    campaign = turn(world)
    assert campaign
    choose(ada, "weekly", paused_until=timezone.localdate())
    choose(ada, "weekly")
    campaign.refresh_from_db()
    sending.work(campaign)
    assert told(mail_server, ada) == [["First"]]


def test_the_pause_of_who_was_merged_since_counts(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    kept = follower(world, news, email="other@home.example")
    post(world, news, "First")
    campaign = turn(world)
    assert campaign
    merging_people.merge(keep=kept, drop=ada, by=None)
    Person.objects.filter(pk=kept.pk).update(
        paused_until=timezone.localdate() + dt.timedelta(days=9)
    )
    campaign.refresh_from_db()
    sending.work(campaign)
    assert mail_server.arrived == []


# --- several alliances


@pytest.mark.faults
def test_an_alliance_whose_digest_fails_keeps_no_other_waiting(
    world: World, news: Topic, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = follower(world, news)
    post(world, news, "First", ago=30 * 24 * 60)
    Subscription.objects.update(
        since=timezone.now() - dt.timedelta(days=40),
        digests_from=timezone.now() - dt.timedelta(days=40),
    )
    theirs = topics.create(
        slug="theirs", names={"en": "Theirs"}, purpose="news", controller=world.biowin, by=None,
        alliance=world.other_alliance, by_subscription_only=True, public=True,
    )  # fmt: skip
    other = post(world, theirs, "Theirs")
    Post.objects.filter(pk=other.pk).update(alliance=world.other_alliance)
    rightly = digests.write

    def fails_for_some(alliance: Any, *rest: Any) -> Any:
        if alliance == broken:
            raise RuntimeError("Nobody foresaw this.")
        return rightly(alliance, *rest)

    telling = list(digests._telling())
    assert len(telling) == 2
    broken = next(each for each in telling if each != world.alliance)
    monkeypatch.setattr(digests, "_telling", lambda: sorted(telling, key=lambda a: a != broken))
    monkeypatch.setattr(digests, "write", fails_for_some)
    sweeping.tick()
    for campaign in Campaign.objects.filter(kind="digest"):
        sending.work(campaign)
    assert told(mail_server, ada) == [["First"]]
    fault = Fault.objects.get()
    assert (fault.step, fault.alliance) == (Fault.Step.DIGESTS, broken)
    monkeypatch.undo()
    sweeping.tick()
    assert not Fault.objects.exists()


# --- leaving by an old mail


@pytest.mark.parametrize("known", [True, False])
def test_a_digests_link_always_leaves_something_and_says_what(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer, known: bool
) -> None:
    ada = follower(world, news)
    follower(world, opinions)
    row = post(world, news, "First")
    post(world, opinions, "Other")
    campaign = sent(world)
    assert campaign
    assert ada.primary
    choose(ada, "each")
    DigestItem.objects.all().delete()
    Delivery.objects.all().delete()
    if not known:
        Subscription.objects.all().delete()
        Digest.objects.update(posts={})
    assert row.topic == news
    scope, left = feedback.unsubscribed(
        address=ada.primary.address, campaign=campaign, cluster=world.biocat, source="page"
    )
    assert (scope, left) == (("topic", [news]) if known else ("alliance", []))
    standing = Suppression.objects.get(address=ada.primary.address)
    assert (standing.topic, standing.alliance) == (
        (news, None) if known else (None, world.alliance)
    )


def test_a_digests_link_leaves_what_its_reader_asked_for_and_not_who_had_the_mailbox_before(
    world: World, news: Topic, opinions: Topic, mail_server: MailServer
) -> None:
    before = follower(world, opinions, email="desk@home.example")
    people.change_address(person=before, email="ada@later.example", by=None)
    ada = follower(world, news, email="desk@home.example", allow_shared=True)
    post(world, news, "First")
    campaign = sent(world)
    assert campaign
    assert ada.primary

    _scope, left = feedback.unsubscribed(
        address=ada.primary.address, campaign=campaign, cluster=world.biocat, source="one-click"
    )

    assert left == [news]
    assert Subscription.objects.get(person=before).state == "active"


def test_who_moved_is_told_what_only_the_next_reader_of_the_old_mailbox_had(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news, email="press@firm.example")
    post(world, news, "Had before", ago=30)
    sent(world)
    people.change_address(person=ada, email="ada@later.example", by=None)
    bo = follower(world, news, email="press@firm.example", allow_shared=True, frequency="daily")
    post(world, news, "News")
    sent(world, "daily")
    sent(world)

    theirs = [to for to, _mail in mail_server.arrived]
    assert theirs == ["press@firm.example", "press@firm.example", "ada@later.example"]
    assert told(mail_server, bo)[-1] == ["News"]
    assert told(mail_server, ada)[-1] == ["News"]
