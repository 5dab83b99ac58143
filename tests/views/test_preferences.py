"""A mailbox's owner looks at what comes and why, and changes it, by the link in their mail."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.mail import links
from campaigns.models import Delivery
from crm.actions import consent, erasing, network, people, topics
from crm.models import Address, Cluster, ConsentRecord, Person, Subscription, Suppression, Topic
from tests import world as worlds
from tests.world import LONG_AGO, World

EMAIL = "ada@home.example"
WORD = consent.Word(wording="Yes, please.", language="en", source="test")


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def reader(world: World) -> Person:
    return world.person(email=EMAIL, language="en")


@pytest.fixture
def news(world: World) -> Topic:
    return topics.create(
        slug="news", names={"en": "News"}, purpose="news", controller=world.biocat, by=None,
        alliance=world.alliance, by_subscription_only=True, public=True,
    )  # fmt: skip


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def page() -> str:
    address = Address.objects.get(email=EMAIL)
    return links.preferences(address.pk, "en").removeprefix(links.absolute(""))


def choose(browser: Client, *wanted: Topic, **more: Any) -> str:
    said = {"do": "choose", "topics": [topic.pk for topic in wanted], "language": "en"}
    return browser.post(page(), said | more).content.decode()


def test_the_page_tells_what_comes_from_whom_and_why(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    said = browser.get(page())
    text = said.content.decode()
    assert "a…@home.example" in text
    assert EMAIL not in text
    assert f'value="{world.topic.pk}" id="id_topics_0" checked' in text
    assert f'value="{news.pk}" id="id_topics_1">' in text
    assert "Biocat" in text
    assert "membership" in text
    assert said["Cache-Control"] == "private, no-store"
    assert not said.cookies


def test_looking_changes_nothing(reader: Person, browser: Client) -> None:
    before = (Suppression.objects.count(), ConsentRecord.objects.count())
    browser.get(page())
    browser.head(page())
    assert (Suppression.objects.count(), ConsentRecord.objects.count()) == before


def test_one_more_topic_is_a_wish_with_its_proof(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    assert "Saved" in choose(browser, world.topic, news)
    wish = Subscription.objects.get()
    assert (wish.topic, wish.state, wish.person) == (news, "active", reader)
    proof = ConsentRecord.objects.latest("pk")
    assert (proof.act, proof.source) == ("confirmed", "preference page")
    assert "what I ticked" in str(proof.wording)
    choose(browser, world.topic, news)
    assert ConsentRecord.objects.latest("pk") == proof


def test_what_was_agreed_to_for_one_alliance_is_not_ticked_for_another(
    world: World, reader: Person, browser: Client
) -> None:
    network.join(
        alliance=world.other_alliance, cluster=world.biocat, role="member",
        during=(LONG_AGO, None),
    )  # fmt: skip
    theirs = topics.create(
        slug="magia-news", names={"en": "News of MAGIA"}, purpose="news",
        controller=world.biowin, by=None, alliance=world.other_alliance, public=True,
    )  # fmt: skip
    consent.record_basis(
        person=reader, purpose="news", basis="consent", source="form", alliance=world.alliance
    )

    text = browser.get(page()).content.decode()
    assert re.search(rf'value="{world.topic.pk}" id="id_topics_\d" checked', text)
    assert re.search(rf'value="{theirs.pk}" id="id_topics_\d">', text)
    choose(browser, world.topic, theirs)

    assert Subscription.objects.get().topic == theirs
    assert reader.legal_bases.filter(alliance=world.other_alliance, purpose="news").exists()


def test_one_topic_less_holds_for_mails_that_wait(
    world: World, reader: Person, browser: Client
) -> None:
    campaign = world.call()
    choose(browser)
    assert Delivery.objects.get(campaign=campaign).state == Delivery.State.SUPPRESSED
    assert Suppression.objects.get().topic == world.topic
    choose(browser, world.topic)
    assert not Suppression.objects.standing().exists()


def test_language_and_a_pause_hold_for_every_list(
    world: World, reader: Person, browser: Client
) -> None:
    twin = world.person(world.biom, email=EMAIL, language="de")
    day = timezone.localdate() + dt.timedelta(days=30)
    choose(browser, world.topic, language="fr", paused_until=day.isoformat())
    for person in (reader, twin):
        person.refresh_from_db()
        assert (person.language, person.paused_until) == ("fr", day)
    choose(browser, world.topic, language="fr", paused_until="")
    reader.refresh_from_db()
    assert reader.paused_until is None


@pytest.mark.parametrize("days", [-1, 367])
def test_a_pause_is_within_a_year(world: World, reader: Person, browser: Client, days: int) -> None:
    day = timezone.localdate() + dt.timedelta(days=days)
    assert "within a year" in choose(browser, paused_until=day.isoformat())
    reader.refresh_from_db()
    assert reader.paused_until is None
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("scope", ["cluster", "alliance", "all"])
def test_everything_can_be_left_at_once_and_twice(
    world: World, reader: Person, browser: Client, scope: str
) -> None:
    ids = {"cluster": world.biocat.pk, "alliance": world.alliance.pk}
    value = f"{scope}-{ids[scope]}" if scope in ids else scope
    for _n in range(2):
        text = browser.post(page(), {"do": "leave", "scope": value}).content.decode()
        assert "You left" in text
    left = Suppression.objects.get()
    assert left.scope == scope
    assert 'id="id_topics_0" checked' not in text
    assert ("Nobody here may write to you" in text) == (scope != "alliance")
    assert "/data/" in text  # where one is erased


def test_others_clusters_cannot_be_left_nor_their_topics_chosen(
    world: World, reader: Person, browser: Client
) -> None:
    foreign = topics.create(
        slug="foreign", names={"en": "Foreign"}, purpose="news", controller=world.biowin, by=None,
        alliance=world.other_alliance, public=True,
    )  # fmt: skip
    for said in (
        {"do": "leave", "scope": f"cluster-{world.biowin.pk}"},
        {"do": "choose", "topics": [foreign.pk], "language": "en"},
    ):
        assert "Select a valid choice" in browser.post(page(), said).content.decode()
    assert not Suppression.objects.exists()
    assert not Subscription.objects.exists()


def test_lists_of_other_clusters_are_the_owner_s_to_see(
    world: World, reader: Person, browser: Client
) -> None:
    world.person(world.biowin, email=EMAIL)
    text = browser.get(page()).content.decode()
    assert "Biowin" in text
    assert "Everything from MAGIA" in text


def test_a_link_is_good_for_nothing_else(reader: Person, browser: Client) -> None:
    token = page().rstrip("/").rpartition("/")[2]
    assert browser.get(f"/public/unsubscribe/{token}/").status_code == 404
    assert browser.get(page().replace("preferences/", "preferences/1")).status_code == 404


def test_whoever_is_in_no_list_any_more_is_told_so(reader: Person, browser: Client) -> None:
    Person.objects.update(erased_at=timezone.now())
    assert "Nobody here keeps this address" in browser.get(page()).content.decode()


def test_an_alliance_that_was_left_by_the_cluster_is_not_offered(
    world: World, reader: Person, browser: Client
) -> None:
    gone = network.create_alliance(slug="gone", name="Gone", status="closed", languages=["en"])
    network.join(
        alliance=gone, cluster=world.biocat, role="member",
        during=(LONG_AGO, LONG_AGO + dt.timedelta(days=9)),
    )  # fmt: skip
    assert "Everything from Gone" not in browser.get(page()).content.decode()


def test_markets_are_chosen_for_what_is_on_and_left_as_they_were_otherwise(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    network.create_market(slug="korea", names={"en": "Korea"})
    choose(browser, news)
    wish = Subscription.objects.get(topic=news)
    assert wish.markets == []
    choose(browser, news, markets=["japan"])
    wish.refresh_from_db()
    assert wish.markets == ["japan"]
    shown = browser.get(page()).content.decode()
    assert re.search(r'value="japan" id="id_markets_\d" checked', shown)
    assert "only what is about those that you ticked above" in shown
    choose(browser, news, markets=["japan", "korea"])
    wish.refresh_from_db()
    assert wish.markets == ["japan", "korea"]
    choose(browser, news, markets=["mars"])
    choose(browser, news)
    wish.refresh_from_db()
    assert wish.markets == []


def test_who_gets_a_topic_unasked_says_how_it_comes_and_agrees_to_nothing_by_that(
    world: World, reader: Person, browser: Client
) -> None:
    """A box that was ticked for somebody is no consent (CJEU, C-673/17)."""
    proofs, reasons = ConsentRecord.objects.count(), list(reader.legal_bases.values())

    choose(browser, world.topic, markets=["japan"], frequency="weekly")

    wish = Subscription.objects.get(person=reader)
    assert (wish.topic, wish.markets, wish.frequency) == (world.topic, ["japan"], "weekly")
    assert ConsentRecord.objects.count() == proofs
    assert list(reader.legal_bases.values()) == reasons


def test_a_follower_is_shown_and_told_only_what_they_asked_for(
    world: World, browser: Client
) -> None:
    """Calls have the purpose of events; who follows events did not ask for calls."""
    events = topics.create(
        slug="events", names={"en": "Events"}, purpose=world.topic.purpose,
        controller=world.biocat, by=None, alliance=world.alliance, public=True,
    )  # fmt: skip
    follower = people.create(
        cluster=world.biocat, by=None, kind="follower", email=EMAIL, language="en"
    )
    assert follower.primary
    consent.opt_in(person=follower, address=follower.primary.address, topic=events, word=WORD)
    proofs = ConsentRecord.objects.count()

    text = browser.get(page()).content.decode()
    assert re.search(rf'value="{events.pk}" id="id_topics_\d" checked', text)
    assert re.search(rf'value="{world.topic.pk}" id="id_topics_\d">', text)
    choose(browser, events, frequency="weekly")

    assert Subscription.objects.get().topic == events
    assert ConsentRecord.objects.count() == proofs


@pytest.fixture
def elsewhere(world: World, reader: Person) -> Person:
    """The same reader in another cluster's list."""
    return world.person(world.biom, email=EMAIL, language="en")


def ticked(browser: Client) -> set[int]:
    shown = browser.get(page()).content.decode()
    return {int(pk) for pk in re.findall(r'value="(\d+)" id="id_topics_\d+" checked', shown)}


def leave(browser: Client, cluster: Cluster) -> None:
    browser.post(page(), {"do": "leave", "scope": f"cluster-{cluster.pk}"})


def test_who_comes_back_for_one_topic_keeps_what_another_cluster_writes(
    world: World, reader: Person, elsewhere: Person, news: Topic, browser: Client
) -> None:
    address = Address.objects.get(email=EMAIL)
    consent.opt_in(person=elsewhere, address=address, topic=news, word=WORD)
    late = topics.create(
        slug="reports", names={"en": "Reports"}, purpose="news", controller=world.biocat, by=None,
        alliance=world.alliance, by_subscription_only=True, public=True,
    )  # fmt: skip
    consent.opt_in(person=reader, address=address, topic=news, word=WORD)
    leave(browser, world.biocat)
    assert ticked(browser) == {world.topic.pk, news.pk}

    consent.opt_in(person=reader, address=address, topic=late, word=WORD)

    assert ticked(browser) == {world.topic.pk, news.pk, late.pk}
    assert not Suppression.objects.standing().exists()
    # What they had asked of the cluster that they left is not wished there again.
    assert not Subscription.objects.filter(person=reader, topic=news, state="active").exists()


def test_topics_that_come_back_together_do_not_end_each_other(
    world: World, reader: Person, elsewhere: Person, news: Topic, browser: Client
) -> None:
    theirs = topics.create(
        slug="news-of-biom", names={"en": "News of BioM"}, purpose="news", controller=world.biom,
        by=None, by_subscription_only=True, public=True,
    )  # fmt: skip
    browser.post(page(), {"do": "leave", "scope": "all"})
    assert ticked(browser) == set()

    choose(browser, news, theirs)

    assert ticked(browser) == {news.pk, theirs.pk}


def test_a_wish_with_a_cluster_that_was_left_is_not_ticked_and_can_be_had_from_another(
    world: World, reader: Person, elsewhere: Person, news: Topic, browser: Client
) -> None:
    consent.opt_in(person=reader, address=Address.objects.get(email=EMAIL), topic=news, word=WORD)
    leave(browser, world.biocat)
    assert ticked(browser) == {world.topic.pk}

    choose(browser, world.topic, news)

    assert ticked(browser) == {world.topic.pk, news.pk}
    assert Subscription.objects.filter(person=elsewhere, topic=news, state="active").exists()
    assert Suppression.objects.standing().get().cluster == world.biocat


def test_topics_with_markets_of_their_own_keep_them_while_nothing_is_changed(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    choose(browser, world.topic, news, markets=["japan"])
    Subscription.objects.filter(topic=news).update(markets=[])
    choose(browser, world.topic, news, markets=["japan"], language="fr")
    assert set(Subscription.objects.values_list("topic__slug", "markets__len")) == {
        (world.topic.slug, 1),
        ("news", 0),
    }


def test_a_topic_that_begins_is_of_the_markets_that_are_ticked(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    choose(browser, world.topic, markets=["japan"])
    choose(browser, world.topic, news, markets=["japan"])
    assert set(Subscription.objects.values_list("topic__slug", "markets__0")) == {
        (world.topic.slug, "japan"),
        ("news", "japan"),
    }


def test_a_topic_that_begins_anew_is_of_all_markets_where_none_is_ticked(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    choose(browser, news, markets=["japan"])
    choose(browser, markets=["japan"])
    assert 'value="japan" id="id_markets_0" checked' not in browser.get(page()).content.decode()
    choose(browser, news)
    wish = Subscription.objects.get(topic=news)
    assert (wish.state, wish.markets) == ("active", [])


def test_who_adds_a_market_is_told_that_digests_bring_what_was_before(
    reader: Person, browser: Client
) -> None:
    shown = browser.get(page()).content.decode()
    assert "is told what the last three months brought about it, too" in shown


def test_a_page_that_was_opened_before_does_not_leave_what_began_since(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    seen = re.findall(r'name="seen" value="([^"]*)"', browser.get(page()).content.decode())
    assert seen == [str(world.topic.pk)]
    assert reader.primary
    consent.opt_in(person=reader, address=reader.primary.address, topic=news, word=WORD)

    choose(browser, seen=seen)

    assert reader.subscriptions.get(topic=news).state == "active"
    assert [left.topic for left in Suppression.objects.standing()] == [world.topic]


def test_a_page_on_which_nothing_was_ticked_leaves_nothing(
    world: World, news: Topic, browser: Client
) -> None:
    reader = world.person(email=EMAIL, language="en", basis=None, source="")
    seen = re.findall(r'name="seen" value="([^"]*)"', browser.get(page()).content.decode())
    assert reader.primary
    consent.opt_in(person=reader, address=reader.primary.address, topic=news, word=WORD)

    choose(browser, seen=seen)

    assert reader.subscriptions.get(topic=news).state == "active"
    assert not Suppression.objects.exists()


def test_what_the_cluster_ended_for_somebody_is_not_ticked_and_no_other_choice_begins_it(
    world: World, reader: Person, news: Topic, browser: Client
) -> None:
    choose(browser, world.topic, frequency="weekly")
    wish = reader.subscriptions.get(topic=world.topic)
    Subscription.objects.filter(pk=wish.pk).update(state="left", left_at=timezone.now())

    assert f'value="{world.topic.pk}" id="id_topics_0">' in browser.get(page()).content.decode()
    choose(browser, frequency="weekly", language="de")
    wish.refresh_from_db()
    assert wish.state == "left"

    choose(browser, world.topic)
    wish.refresh_from_db()
    assert wish.state == "active"
    assert ConsentRecord.objects.latest("pk").act == "confirmed"


def test_a_consent_to_one_topic_ticks_no_other(world: World, news: Topic, browser: Client) -> None:
    reader = world.person(email=EMAIL, language="en", basis=None, source="")
    events = topics.create(
        slug="more-events", names={"en": "Events"}, purpose="missions", controller=world.biocat,
        by=None, alliance=world.alliance, public=True,
    )  # fmt: skip
    assert reader.primary
    consent.opt_in(person=reader, address=reader.primary.address, topic=events, word=WORD)

    shown = browser.get(page()).content.decode()

    assert re.findall(r'value="(\d+)" id="id_topics_\d+" checked', shown) == [str(events.pk)]


def test_whoever_is_archived_is_told_who_keeps_them_and_may_leave(
    world: World, reader: Person, browser: Client
) -> None:
    people.archive(person=reader, by=None)

    shown = browser.get(page()).content.decode()
    assert "in the archive" in shown
    assert "Biocat" in shown
    browser.post(page(), {"do": "leave", "scope": f"cluster-{world.biocat.pk}"})

    left = Suppression.objects.standing().get()
    assert (left.scope, left.cluster) == ("cluster", world.biocat)


def test_a_follower_whom_the_cluster_made_a_contact_is_still_the_only_one_at_their_mailbox(
    world: World, news: Topic
) -> None:
    person = people.create(
        cluster=world.biocat, by=None, kind="follower", email=EMAIL, allow_shared=True,
        own_word=True,
    )  # fmt: skip
    people.edit(person=person, by=None, version=person.version, kind="contact", given="Ada")
    assert person.primary

    assert erasing.sole_holders(person.primary.address) == [person.pk]
