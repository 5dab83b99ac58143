"""A mailbox is asked once, and only its owner makes somebody follow."""

import datetime as dt
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import follows, letters, retention, sending
from campaigns.forms import follows as forms
from campaigns.models import Delivery
from crm.actions import consent, people, topics
from crm.models import (
    Address,
    ConsentRecord,
    Follow,
    LegalBasis,
    Person,
    Subscription,
    Suppression,
    Topic,
)
from tests.kit.mailserver import MailServer
from tests.kit.races import under_way
from tests.world import World

FORM = "/public/en/follow/bioxclusters-plus/"
EMAIL = "ada@home.example"


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser without a cookie."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in the form as quickly as a program."""
    monkeypatch.setattr(forms, "QUICKEST", -1)


def fill_in(visitor: Client, world: World, email: str = EMAIL, **more: Any) -> Any:
    opened = more.pop("opened", None) or forms.FollowForm.opened_now()
    address = more.pop("address", "192.0.2.1")
    said = {"email": email, "topics": [world.topic.pk], "language": "en", "opened": opened}
    return visitor.post(FORM, said | more, REMOTE_ADDR=address)


def asked_by_mail(server: MailServer, email: str = EMAIL) -> list[EmailMessage]:
    """What mailboxes were asked, once everything that waits was sent."""
    follows.write_due()
    sending.work(letters.standing(follows.KIND))
    mails = [message_from_bytes(raw, policy=modern) for to, raw in server.arrived if to == email]
    return [mail for mail in mails if isinstance(mail, EmailMessage)]


def link(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text
    found = re.search(r"\S*(/public/confirm/\S+)", text.get_content())
    assert found
    return found[1]


def test_a_follower_is_somebody_who_confirmed(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    answer = fill_in(visitor, world, cluster=world.biom.pk, markets=["japan"], language="fr")
    assert (answer.status_code, answer.url) == (302, f"{FORM}asked/")
    assert not Person.objects.exists()
    assert not Address.objects.exists()

    (mail,) = asked_by_mail(mail_server)
    text = mail.get_body(("plain",))
    assert text
    assert "Appels à missions" in text.get_content()
    page = visitor.get(link(mail))
    assert page.status_code == 200
    assert not Person.objects.exists()

    visitor.post(link(mail), {"topics": [world.topic.pk]}, REMOTE_ADDR="198.51.100.7")
    person = Person.objects.get()
    assert (person.kind, person.cluster, person.language) == ("follower", world.biom, "fr")
    wish = Subscription.objects.get()
    assert (wish.state, wish.topic, wish.markets) == ("active", world.topic, ["japan"])
    assert LegalBasis.objects.get().basis == "consent"
    requested, confirmed = ConsentRecord.objects.order_by("pk")
    assert (requested.act, requested.network) == ("requested", "192.0.2.1")
    assert (confirmed.act, confirmed.network) == ("confirmed", "198.51.100.7")
    assert "bioXclusters plus" in str(confirmed.wording)
    assert (requested.wording.name, confirmed.wording.name, confirmed.asked_with.name) == (
        "follow-form-bioxclusters-plus en 1",
        "follow-page-bioxclusters-plus fr 1",
        "follow-mail-bioxclusters-plus fr 1",
    )
    assert EMAIL not in str(confirmed.wording) + str(confirmed.asked_with)
    assert mail["Subject"] in str(confirmed.asked_with)
    assert confirmed.language == "fr"
    assert mail["Message-ID"].startswith(f"<{confirmed.message}@")


def test_confirming_twice_is_once(world: World, visitor: Client, mail_server: MailServer) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    for _n in range(2):
        visitor.post(link(mail), {"topics": [world.topic.pk]})
    assert Person.objects.count() == Subscription.objects.count() == 1
    assert visitor.get(link(mail)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_double_click_confirms_once(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)

    def click() -> None:
        follows.confirm(follow=Follow.objects.get(), topics=[world.topic], network="")

    with under_way(click):
        answer = visitor.post(link(mail), {"topics": [world.topic.pk]})

    assert answer.status_code == 200
    assert Person.objects.count() == Subscription.objects.count() == 1
    assert ConsentRecord.objects.filter(act="confirmed").count() == 1


def test_who_left_since_follows_again_by_the_same_link(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    visitor.post(link(mail), {"topics": [world.topic.pk]})
    consent.withdraw(
        address=Address.objects.get(), scope="topic", topic=world.topic, reason="unsubscribed",
        source="page",
    )  # fmt: skip

    visitor.post(link(mail), {"topics": [world.topic.pk]})

    assert Subscription.objects.get().state == "active"
    assert ConsentRecord.objects.filter(act="confirmed").count() == 2


def test_who_is_known_becomes_no_second_person(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    known = world.person(email=EMAIL)
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    visitor.post(link(mail), {"topics": [world.topic.pk]})
    assert Subscription.objects.get().person == known


def test_who_is_known_reads_on_in_the_language_that_they_asked_for(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    """They confirmed it, on a page in that language."""
    known = world.person(email=EMAIL, language="de")
    twin = world.person(world.biom, email=EMAIL, language=None)
    fill_in(visitor, world, language="fr")
    (mail,) = asked_by_mail(mail_server)
    assert set(Person.objects.values_list("language", flat=True)) == {"de", None}

    visitor.post(link(mail), {"topics": [world.topic.pk]})

    for person in (known, twin):
        person.refresh_from_db()
        assert person.language == "fr"


def test_who_confirmed_and_asks_for_more_on_the_same_day_is_asked_the_next(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    visitor.post(link(mail), {"topics": [world.topic.pk]})
    fill_in(visitor, world)
    assert len(asked_by_mail(mail_server)) == 1
    assert follows.ask_again() == 0

    day = dt.timedelta(hours=25)
    Follow.objects.update(asked_at=F("asked_at") - day, mailed_at=F("mailed_at") - day)
    assert follows.ask_again() == 1
    assert len(asked_by_mail(mail_server)) == 2

    # That mail was not confirmed: what is entered after it stays without one.
    fill_in(visitor, world)
    assert len(asked_by_mail(mail_server)) == 2
    Follow.objects.update(asked_at=F("asked_at") - day, mailed_at=F("mailed_at") - day)
    assert follows.ask_again() == 0


def test_after_two_weeks_nothing_of_a_strangers_mailbox_is_kept(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    known = world.person()
    fill_in(visitor, world)
    assert asked_by_mail(mail_server)
    week = dt.timedelta(days=7)

    with time_machine.travel(timezone.now() + week, tick=False):
        retention.carry_out()
    assert Address.objects.at(EMAIL).exists()
    with time_machine.travel(timezone.now() + 2 * week + dt.timedelta(days=1), tick=False):
        retention.carry_out()

    assert not Address.objects.at(EMAIL).exists()
    assert list(Address.objects.filter(key__isnull=False)) == [known.primary.address]
    assert Delivery.objects.get().address.email is None


def test_whoever_is_entered_a_thousand_times_gets_one_mail(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    for n in range(40):
        fill_in(visitor, world, address=f"192.0.2.{n // 5}")
        if n % 10 == 0:
            follows.write_due()
    assert len(asked_by_mail(mail_server)) == 1
    assert set(Follow.objects.values_list("state", flat=True)) == {"mailed", "silent"}

    Follow.objects.update(mailed_at=timezone.now() - dt.timedelta(hours=25))
    fill_in(visitor, world)
    assert len(asked_by_mail(mail_server)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_a_mailbox_once(
    world: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follows, "AT_ONCE", 1)
    fill_in(visitor, world)
    fill_in(visitor, world)

    with under_way(follows.write_due):
        follows.write_due()
    follows.write_due()

    assert sorted(Follow.objects.values_list("state", flat=True)) == ["mailed", "silent"]
    assert Delivery.objects.count() == 1


def test_one_place_asks_ten_times_an_hour_and_others_are_served(
    world: World, visitor: Client, settings: Settings
) -> None:
    for n in range(10):
        assert fill_in(visitor, world, email=f"r{n}@home.example").status_code == 302
    refused = fill_in(visitor, world, email="mine@home.example")
    assert refused.status_code == 429
    assert b"try again in an hour" in refused.content
    assert b"mine@home.example" in refused.content
    assert fill_in(visitor, world, address="192.0.2.2").status_code == 302

    settings.BEHIND_PROXY = True
    said = {"email": EMAIL, "topics": [world.topic.pk], "language": "en"}
    said["opened"] = forms.FollowForm.opened_now()
    for named, status in (("192.0.2.1", 429), ("192.0.2.1, 192.0.2.9", 302)):
        answer = visitor.post(FORM, said, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=named)
        assert answer.status_code == status


def test_the_households_of_one_network_count_as_one(world: World, visitor: Client) -> None:
    for n in range(10):
        fill_in(visitor, world, email=f"r{n}@home.example", address=f"2001:db8:1:2::{n + 1}")
    assert fill_in(visitor, world, address="2001:db8:1:2:ffff::1").status_code == 429
    assert fill_in(visitor, world, address="2001:db8:1:3::1").status_code == 302


def test_a_mail_server_gets_no_more_than_its_share_and_the_rest_later(
    world: World, visitor: Client, settings: Settings
) -> None:
    settings.FOLLOWS_PER_DOMAIN = 2
    for n in range(3):
        fill_in(visitor, world, email=f"r{n}@home.example")
    assert follows.write_due() == 2
    assert follows.write_due() == 0
    Follow.objects.filter(state="mailed").update(mailed_at=timezone.now() - dt.timedelta(hours=2))
    assert follows.write_due() == 1


def test_a_mail_server_that_had_its_share_holds_up_no_other(
    world: World, visitor: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FOLLOWS_PER_DOMAIN = 1
    monkeypatch.setattr(follows, "AT_ONCE", 2)
    for n in range(4):
        fill_in(visitor, world, email=f"r{n}@flooded.example")
    fill_in(visitor, world)

    for _tick in range(2):
        follows.write_due()

    assert Follow.objects.get(email=EMAIL).state == "mailed"
    assert Follow.objects.filter(state="mailed").count() == 2


def test_programs_that_fill_in_everything_are_thanked_and_forgotten(
    world: World, visitor: Client
) -> None:
    answer = fill_in(visitor, world, website="https://spam.example")
    assert answer.url == f"{FORM}asked/"
    assert not Follow.objects.exists()


@pytest.mark.parametrize("opened", ["", "invented"])
def test_a_form_from_elsewhere_is_shown_once_more_filled_in(
    world: World, visitor: Client, opened: str
) -> None:
    said = {"email": EMAIL, "topics": [world.topic.pk], "language": "en", "opened": opened}
    answer = visitor.post(FORM, said, REMOTE_ADDR="192.0.2.1")
    assert answer.status_code == 200
    assert b"once more" in answer.content
    assert EMAIL.encode() in answer.content
    assert not Follow.objects.exists()


def test_a_form_that_was_filled_in_in_no_time_is_shown_once_more(
    world: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "QUICKEST", 2)
    assert b"once more" in fill_in(visitor, world).content


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"email": "nobody"}, "is not an e-mail address"),
        ({"email": ""}, "This field is required"),
        ({"topics": []}, "This field is required"),
        ({"email": "a\x00@home.example"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    world: World, visitor: Client, more: dict[str, Any], said: str
) -> None:
    answer = fill_in(visitor, world, **more)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Follow.objects.exists()


def test_the_answer_tells_nothing_about_the_address(world: World, visitor: Client) -> None:
    known = world.follower(email="known@home.example")
    consent.withdraw(
        address=Address.objects.get(), scope="all", reason="complaint", source="test", person=known
    )
    answers = {
        (answer.status_code, answer.content, answer.url)
        for answer in (
            fill_in(visitor, world, email=email)
            for email in ("known@home.example", "new@home.example")
        )
    }
    assert len(answers) == 1


def test_who_said_that_we_send_spam_or_cannot_be_reached_is_left_alone(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    world.follower(email="spam@home.example")
    consent.withdraw(address=Address.objects.get(), scope="all", reason="complaint", source="test")
    world.follower(email="dead@home.example")
    Address.objects.filter(email="dead@home.example").update(undeliverable_at=timezone.now())
    for email in ("spam@home.example", "dead@home.example"):
        fill_in(visitor, world, email=email)
        assert asked_by_mail(mail_server, email) == []


@pytest.mark.parametrize("scope", ["topic", "cluster", "alliance", "all"])
def test_who_left_and_asks_again_gets_just_what_they_asked_for(
    world: World, visitor: Client, mail_server: MailServer, scope: str
) -> None:
    news = topics.create(
        slug="news", names={"en": "News"}, purpose="news", controller=world.biocat, by=None,
        alliance=world.alliance, public=True,
    )  # fmt: skip
    world.follower(email=EMAIL)
    scopes: dict[str, dict[str, Any]] = {
        "topic": {"topic": world.topic},
        "cluster": {"cluster": world.biocat},
        "alliance": {"alliance": world.alliance},
        "all": {},
    }
    consent.withdraw(
        address=Address.objects.get(), scope=scope, reason="unsubscribed", source="page",
        **scopes[scope],
    )  # fmt: skip
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    visitor.post(link(mail), {"topics": [world.topic.pk]})

    standing = Suppression.objects.standing()
    assert not standing.filter(topic=world.topic).exists()
    assert not standing.exclude(scope="topic").exclude(cluster__in=[world.biom, world.biowin])
    assert standing.filter(topic=news).exists() == (scope != "topic")
    assert standing.filter(cluster=world.biom).exists() == (scope == "all")
    campaign = world.call()
    assert Delivery.objects.filter(campaign=campaign, address__email=EMAIL).exists()


def test_what_somebody_objected_to_stays_an_objection(world: World, visitor: Client) -> None:
    world.follower(email=EMAIL)
    consent.withdraw(address=Address.objects.get(), scope="all", reason="objected", source="letter")
    fill_in(visitor, world)
    follows.confirm(follow=Follow.objects.get(), topics=[world.topic], network="")
    assert {each.reason for each in Suppression.objects.standing()} == {"objected"}


def test_a_complaint_is_never_lifted(world: World, visitor: Client) -> None:
    follower = world.follower(email=EMAIL)
    consent.withdraw(
        address=Address.objects.get(), scope="all", reason="complaint", source="test",
        person=follower,
    )  # fmt: skip
    fill_in(visitor, world)
    follow = Follow.objects.get()
    follows.confirm(follow=follow, topics=[world.topic], network="")
    assert Suppression.objects.standing().get().reason == "complaint"


def test_what_others_asked_for_is_shown_and_not_ticked(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    news = topics.create(
        slug="news", names={"en": "News"}, purpose="news", controller=world.biocat, by=None,
        alliance=world.alliance, public=True,
    )  # fmt: skip
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    fill_in(visitor, world, topics=[news.pk])
    page = visitor.get(link(mail)).content.decode()
    assert re.search(rf'value="{world.topic.pk}"[^>]*checked', page)
    assert re.search(rf'value="{news.pk}"(?![^>]*checked)', page)
    visitor.post(link(mail), {"topics": [news.pk]})
    assert Subscription.objects.get().topic == news


def test_nothing_chosen_changes_nothing(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    page = visitor.post(link(mail), {})
    assert b"Choose at least one topic" in page.content
    foreign = Topic.objects.create(
        slug="other", alliance=world.other_alliance, controller=world.biowin, purpose="news",
        names={"en": "Other"}, public=True,
    )  # fmt: skip
    visitor.post(link(mail), {"topics": [foreign.pk]})
    assert not Person.objects.exists()


def test_after_two_weeks_a_request_is_gone(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    Follow.objects.update(asked_at=timezone.now() - dt.timedelta(days=14, minutes=1))
    assert visitor.post(link(mail), {"topics": [world.topic.pk]}).status_code == 404
    assert follows.forget() == 1
    assert not Follow.objects.exists()


def test_an_altered_link_confirms_nothing(
    world: World, visitor: Client, mail_server: MailServer
) -> None:
    fill_in(visitor, world)
    (mail,) = asked_by_mail(mail_server)
    altered = link(mail).replace("/confirm/", "/confirm/1")
    assert visitor.post(altered, {"topics": [world.topic.pk]}).status_code == 404
    assert not Person.objects.exists()


def test_nobody_is_imported_as_a_follower_by_a_form(world: World) -> None:
    """The door of the form makes people of the mailbox's owner's word only."""
    archived = people.create(cluster=world.biocat, by=None, kind="follower", email=EMAIL)
    Person.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    follow = follows.ask(
        alliance=world.alliance, email=EMAIL, topics=[world.topic], cluster=world.biocat,
        language="en", wording="words", network="",
    )  # fmt: skip
    follows.confirm(follow=follow, topics=[world.topic], network="")
    assert Subscription.objects.get().person != archived
