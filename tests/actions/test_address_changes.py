"""Mails go to another mailbox once the owners of both said yes, and everything goes with it."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import address_changes, letters, sending
from campaigns.mail import links
from campaigns.models import Delivery
from crm.actions import consent, tracking
from crm.models import (
    Address,
    AddressChange,
    AuditEntry,
    Follow,
    Person,
    PersonAddress,
    Suppression,
)
from crm.models.address_changes import KEPT
from tests.kit.mailserver import MailServer
from tests.world import World

OLD, NEW = "ada@old.example", "ada@new.example"


@pytest.fixture
def reader(world: World) -> Person:
    return world.person(email=OLD, language="en")


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def ask(visitor: Client, email: str = NEW) -> str:
    address = Address.objects.get(email=OLD)
    path = links.preferences(address.pk, "en").removeprefix(links.absolute(""))
    return visitor.post(f"{path}address/", {"email": email}).content.decode()


def mails(server: MailServer) -> dict[str, tuple[str, str]]:
    """The text and the link of what each mailbox was asked."""
    address_changes.write_due()
    sending.work(letters.standing(address_changes.KIND))
    found = {}
    for to, raw in server.arrived:
        mail = message_from_bytes(raw, policy=modern)
        assert isinstance(mail, EmailMessage)
        part = mail.get_body(("plain",))
        assert part
        link = re.search(r"\S*(/public/move/\S+)", part.get_content())
        assert link
        found[to] = (" ".join(part.get_content().split()), link[1])
    return found


def moved(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).email == NEW


@pytest.mark.parametrize("first", [OLD, NEW])
def test_nothing_changes_until_both_said_yes(
    reader: Person, visitor: Client, mail_server: MailServer, first: str
) -> None:
    assert "both mailboxes" in ask(visitor)
    asked = mails(mail_server)
    assert set(asked) == {OLD, NEW}
    for email in (OLD, NEW):
        for method in (visitor.get, visitor.head):
            assert method(asked[email][1]).status_code == 200
    assert AddressChange.objects.get().old_agreed_at is None

    second = NEW if first == OLD else OLD
    for _twice in range(2):
        page = visitor.post(asked[first][1], {"say": "yes"}).content.decode()
        assert "As soon as the other" in page
    assert not moved(reader)
    assert "Both said yes" in visitor.post(asked[second][1], {"say": "yes"}).content.decode()
    assert moved(reader)
    assert "Both said yes" in visitor.post(asked[first][1], {"say": "no"}).content.decode()
    assert moved(reader)


@pytest.mark.parametrize("who", [OLD, NEW])
def test_either_may_say_no(
    reader: Person, visitor: Client, mail_server: MailServer, who: str
) -> None:
    ask(visitor)
    asked = mails(mail_server)
    visitor.post(asked[who][1], {"say": "no"})
    for email in (OLD, NEW):
        assert "said no" in visitor.post(asked[email][1], {"say": "yes"}).content.decode()
    assert not moved(reader)


def test_each_is_told_no_more_than_it_needs(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    ask(visitor)
    asked = mails(mail_server)
    assert NEW in asked[OLD][0]
    assert OLD not in asked[NEW][0]
    assert "a…@old.example" in asked[NEW][0]
    for _text, link in asked.values():
        page = visitor.get(link).content.decode()
        assert reader.family not in page
        assert OLD not in page


def test_old_deliveries_stay_true(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    campaign = world.call()
    sent = Delivery.objects.get(campaign=campaign)
    ask(visitor)
    for email, (_text, link) in mails(mail_server).items():
        assert email in (OLD, NEW)
        visitor.post(link, {"say": "yes"})
    sent.refresh_from_db()
    assert sent.address.email == OLD
    uses = PersonAddress.objects.filter(person=reader).order_by("pk")
    assert [(use.address.email, use.is_primary) for use in uses] == [(OLD, False), (NEW, True)]
    act = AuditEntry.objects.filter(verb="change_address").latest("pk")
    assert (act.row_id, act.user, act.detail) == (reader.pk, None, {})


def test_in_every_cluster_s_list_and_all_that_was_said_goes_with_it(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    twin = world.person(world.biom, email=OLD)
    other = world.person(world.biowin, email="bob@old.example")
    address = Address.objects.get(email=OLD)
    for scope in ({"topic": world.topic}, {"cluster": world.biom}):
        consent.withdraw(
            address=address, scope=next(iter(scope)), reason="unsubscribed", source="x", **scope
        )
    consent.withdraw(address=address, scope="all", reason="hard_bounce", source="x")
    tracking.agree(address=address, word=consent.Word("words", "en", "x"))
    ask(visitor)
    for _text, link in mails(mail_server).values():
        visitor.post(link, {"say": "yes"})
    assert moved(reader)
    assert moved(twin)
    assert not moved(other)
    new = Address.objects.get(email=NEW)
    left = Suppression.objects.standing().filter(address=new)
    assert {row.scope for row in left} == {"topic", "cluster"}
    assert tracking.agrees(new)
    assert not tracking.agrees(address)


def test_a_mailbox_of_several_people_of_one_cluster_is_theirs_to_change(
    world: World, reader: Person, visitor: Client
) -> None:
    world.person(email=OLD, allow_shared=True)
    text = ask(visitor)
    assert "Several people of Biocat" in text
    assert "privacy@biocat.example" in text
    assert not AddressChange.objects.exists()


@pytest.mark.parametrize("email", [OLD, OLD.upper(), "no address"])
def test_what_is_no_other_address_is_refused(reader: Person, visitor: Client, email: str) -> None:
    assert 'role="alert"' in ask(visitor, email)
    assert not AddressChange.objects.exists()


def test_nobody_learns_whether_the_new_one_is_known(
    world: World, reader: Person, visitor: Client
) -> None:
    world.person(world.biowin, email="known@new.example")
    world.person(world.biowin, email="erased@new.example")
    Address.objects.filter(email="erased@new.example").update(
        email=None, key=None, erased_at=timezone.now()
    )

    def without_token(text: str) -> str:
        return re.sub(r"/public/preferences/[^/]+/", "", text)

    answers = {
        without_token(ask(visitor, f"{name}@new.example")) for name in ("known", "erased", "free")
    }
    assert len(answers) == 1
    assert address_changes.write_due() == 2


def test_a_stranger_s_mailbox_is_asked_once_a_day(
    world: World, reader: Person, visitor: Client
) -> None:
    ask(visitor)
    ask(visitor)
    assert address_changes.write_due() == 1
    Follow.objects.create(
        email="x@new.example", hmac=b"x", domain="new.example", alliance=world.alliance,
        cluster=world.biocat, topics=[], language="en", wording="", network="",
        asked_at=timezone.now(), mailed_at=timezone.now(), state="mailed",
    )  # fmt: skip
    AddressChange.objects.update(hmac=b"x", looked_at=None, mailed_at=None)
    assert address_changes.write_due() == 0
    ask(visitor)
    assert "several times today" in ask(visitor)


def test_a_request_ends_after_a_week(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    ask(visitor)
    _text, link = mails(mail_server)[NEW]
    AddressChange.objects.update(asked_at=timezone.now() - KEPT)
    assert visitor.post(link, {"say": "yes"}).status_code == 404
    address_changes.forget()
    assert not AddressChange.objects.exists()


def test_an_altered_link_answers_nothing(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    ask(visitor)
    _text, link = mails(mail_server)[NEW]
    assert visitor.post(link.replace("/move/", "/move/1"), {"say": "yes"}).status_code == 404


@pytest.mark.parametrize("scope", ["cluster", "all"])
def test_the_links_of_mails_that_came_before_stop_what_comes_to_the_new_mailbox(
    world: World, reader: Person, visitor: Client, mail_server: MailServer, scope: str
) -> None:
    call = world.call()
    ask(visitor)
    for _text, link in mails(mail_server).values():
        visitor.post(link, {"say": "yes"})
    assert moved(reader)
    old = Address.objects.get(email=OLD)

    leaving = links.leaving_token(links.Leaving(old.pk, call.pk, reader.cluster_id, "en"))
    visitor.post(f"/public/unsubscribe/{leaving}/", {"scope": scope})

    stopped = Suppression.objects.standing().filter(scope=scope)
    assert {each.address.email for each in stopped} == {OLD, NEW}
    judged = Person.objects.with_obstacle(timezone.localdate()).get(pk=reader.pk)
    assert vars(judged)["obstacle"]


def test_leaving_by_one_of_several_mailboxes_stops_nobody_else(
    world: World, reader: Person, visitor: Client
) -> None:
    """While somebody's mails come to it, what is left there is left there alone."""
    world.person(email="desk@old.example")
    desk = Address.objects.get(email="desk@old.example")
    PersonAddress.objects.create(
        person=reader, address=desk, is_primary=False, since=timezone.localdate()
    )

    consent.withdraw(address=desk, scope="all", reason="unsubscribed", source="test")

    assert [each.address for each in Suppression.objects.standing()] == [desk]
