"""Markets that a follower chose, and one mailbox that stands in several lists."""

from email import message_from_bytes
from email.policy import default as modern

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import beginning, campaigns, choosing, freezing, releases
from campaigns.models import Campaign, Delivery, DigestItem, Exclusion, Post
from crm.actions import consent, merging_people, people
from crm.models import Person, Subscription, Suppression, Topic
from tests.actions.test_digests import _topic, announced, choose, follower, post, sent, told
from tests.kit.mailserver import MailServer
from tests.world import World

R = Exclusion.Reason


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.fixture
def news(world: World) -> Topic:
    return _topic(world, "news", "news")


@pytest.fixture
def opinions(world: World) -> Topic:
    return _topic(world, "opinions", "news")


# --- markets


def about(row: Post, world: World) -> Post:
    """The post is about the mission to Japan."""
    Post.objects.filter(pk=row.pk).update(mission=world.mission)
    row.refresh_from_db()
    return row


def wants(person: Person, *markets: str) -> None:
    Subscription.objects.filter(person=person).update(markets=[*markets])


def test_who_chose_markets_gets_what_is_about_these_or_about_none(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    japan, korea, everywhere = (follower(world, news) for _n in range(3))
    wants(japan, "japan", "korea")
    wants(korea, "korea")
    about(post(world, news, "Off to Japan", ago=9), world)
    post(world, news, "At home", ago=5)
    sent(world)
    assert told(mail_server, japan) == [["Off to Japan", "At home"]]
    assert told(mail_server, korea) == [["At home"]]
    assert told(mail_server, everywhere) == [["Off to Japan", "At home"]]


def test_a_posts_own_announcement_goes_to_none_who_chose_other_markets(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    japan, korea, everywhere = (follower(world, news, frequency="each") for _n in range(3))
    wants(japan, "japan")
    wants(korea, "korea")
    campaign = announced(world, about(post(world, news, "Off to Japan"), world))
    assert Exclusion.objects.get(campaign=campaign, person=korea).reason == R.OTHER_MARKETS
    assert told(mail_server, korea) == []
    assert told(mail_server, japan) == told(mail_server, everywhere) == [["Off to Japan"]]
    (mail, *_others) = (message_from_bytes(raw, policy=modern) for _to, raw in mail_server.arrived)
    body = mail.get_body(("plain",))
    assert body
    assert "It is about Japan: whoever chose markets" in " ".join(body.get_content().split())
    announced(world, post(world, news, "At home"))
    assert told(mail_server, korea) == [["At home"]]


def test_a_call_comes_to_none_who_follows_its_topic_for_the_sake_of_other_markets(
    world: World, mail_server: MailServer
) -> None:
    korea, everywhere = (
        follower(world, world.topic, frequency="each", cluster=world.biocat) for _n in range(2)
    )
    wants(korea, "korea")
    call = world.call()
    assert Exclusion.objects.get(campaign=call, person=korea).reason == R.OTHER_MARKETS
    assert Delivery.objects.filter(campaign=call, person=everywhere).exists()


def test_who_adds_a_market_is_told_what_the_last_digests_left_out_of_it(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    wants(ada, "korea")
    about(post(world, news, "Off to Japan", ago=9), world)
    sent(world)
    assert told(mail_server, ada) == []
    choose(ada, "weekly", markets=["korea", "japan"])
    sent(world)
    assert told(mail_server, ada) == [["Off to Japan"]]


def test_whoever_is_merged_keeps_the_markets_they_chose(world: World, news: Topic) -> None:
    ada, kept = follower(world, news), follower(world)
    wants(ada, "korea")
    merging_people.merge(keep=kept, drop=ada, by=None)
    assert Subscription.objects.get(person=kept).markets == ["korea"]


def on_the_same_mailbox(world: World, ada: Person) -> Person:
    """The same reader as another list has them: a contact, who gets calls unasked."""
    twin = world.person(world.biom)
    twin.addresses.update(address=ada.addresses.get().address)
    return twin


def test_markets_that_a_reader_chose_hold_for_their_mailbox_in_every_list(world: World) -> None:
    ada = follower(world, world.topic, frequency="each", cluster=world.biocat)
    wants(ada, "korea")
    twin = on_the_same_mailbox(world, ada)
    call = world.call()
    assert Exclusion.objects.get(campaign=call, person=twin).reason == R.OTHER_MARKETS
    assert not Delivery.objects.filter(campaign=call, address=ada.addresses.get().address).exists()


def test_a_mailbox_that_wants_other_markets_in_one_list_and_these_in_another_gets_it(
    world: World,
) -> None:
    ada, twin = (
        follower(world, world.topic, frequency="each", cluster=cluster)
        for cluster in (world.biocat, world.biom)
    )
    twin.addresses.update(address=ada.addresses.get().address)
    wants(ada, "korea")
    wants(twin, "japan")
    assert Delivery.objects.filter(campaign=world.call()).count() == 1


def test_who_is_archived_wishes_nothing_any_more(world: World) -> None:
    ada = follower(world, world.topic, frequency="each", cluster=world.biocat)
    wants(ada, "korea")
    twin = on_the_same_mailbox(world, ada)
    people.archive(person=ada, by=None)
    assert Delivery.objects.filter(campaign=world.call(), person=twin).exists()


# --- a mailbox that several people have


def announced_to_members(world: World, told: Post) -> Campaign:
    """The post's own announcement leaves to whom a call goes, asked for or not."""
    by = world.users["coordinator"]
    campaign = beginning.tell(post=told, by=by)
    campaign.audience = choosing.standard_audience(world.alliance, world.topic)
    campaign.save(update_fields=["audience"])
    releases.release_all(campaign=campaign, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())
    freezing.start_due()
    return campaign


def test_who_reads_digests_in_one_list_gets_no_announcement_through_another(
    world: World, mail_server: MailServer
) -> None:
    ada = follower(world, world.topic)
    twin = on_the_same_mailbox(world, ada)
    campaign = announced_to_members(world, post(world, world.topic, "First"))
    assert Exclusion.objects.get(campaign=campaign, person=twin).reason == R.IN_DIGEST
    sent(world)
    assert told(mail_server, ada) == [["First"]]


def test_the_digests_of_a_list_that_was_left_hold_nothing_back(
    world: World, mail_server: MailServer
) -> None:
    ada = follower(world, world.topic)
    twin = on_the_same_mailbox(world, ada)
    assert ada.primary
    consent.withdraw(
        address=ada.primary.address, scope="cluster", cluster=world.biocat,
        reason=Suppression.Reason.UNSUBSCRIBED, source="test",
    )  # fmt: skip
    campaign = announced_to_members(world, post(world, world.topic, "First"))
    assert Delivery.objects.get(campaign=campaign).person == twin


def test_what_a_copy_may_have_told_one_of_them_is_told_to_none_of_them(
    world: World, news: Topic, mail_server: MailServer
) -> None:
    ada = follower(world, news)
    twin = follower(world, news, cluster=world.biom, email="ada@twins.example")
    grace = follower(world, news, email="grace@twins.example")
    for person in (twin, grace):
        person.addresses.update(address=ada.addresses.get().address)
    Subscription.objects.filter(person=twin).update(frequency="daily")
    Subscription.objects.filter(person=grace).update(
        frequency="each", digests_from=None, digests_until=None
    )
    first = post(world, news, "First")
    DigestItem.objects.create(person=ada, topic=news, post=first, delivery=None)
    sent(world)
    sent(world, "daily")
    campaign = announced(world, first)
    assert mail_server.arrived == []
    assert Exclusion.objects.get(campaign=campaign, person=grace).reason == R.IN_DIGEST
