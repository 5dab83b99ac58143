"""Mails go to another mailbox once the owners of both said yes, and everything goes with it."""

import datetime as dt
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import address_changes, clicks, feedback, letters, own_pages, sending
from campaigns.mail import links
from campaigns.models import Click, Delivery, Link, Visit
from crm.actions import consent, erasing, people, preferences, reckoning, taking_out, tracking
from crm.actions.preferences import Preferences
from crm.models import (
    Address,
    AddressChange,
    AuditEntry,
    ConsentRecord,
    Follow,
    Person,
    PersonAddress,
    Suppression,
    Tracking,
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


def move(visitor: Client, server: MailServer) -> None:
    """The owner of both mailboxes asks and says yes twice."""
    ask(visitor)
    for _text, link in mails(server).values():
        visitor.post(link, {"say": "yes"})


def test_the_old_mailbox_opens_nothing_of_its_owner_s_any_more(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    old = Address.objects.get(email=OLD)
    page = links.preferences(old.pk, "en").removeprefix(links.absolute(""))
    assert reader.cluster.name in visitor.get(page).content.decode()
    move(visitor, mail_server)

    for path in (page, f"{page}data/"):
        text = visitor.get(path).content.decode()
        assert reader.family not in text
        assert reader.cluster.name not in text
    taken = visitor.post(f"{page}data/", {"do": "json"}).json()
    assert (taken["kept_by"], taken["clicks"]) == ([], [])
    own = links.own_page(links.own_page_token(links.OwnPage(old.pk, "en")))
    visitor.post(own.removeprefix(links.absolute("")))
    assert own_pages.write_due() == 0

    token = links.erasing(links.Choosing(old.pk, "en"), timezone.now().timestamp())
    page = visitor.post(token.removeprefix(links.absolute(""))).content.decode()
    assert "This address is erased here" in page
    assert "at another address by now is kept" in page
    assert moved(reader)
    assert not Person.objects.get(pk=reader.pk).erased_at


def test_who_gets_the_old_mailbox_later_has_a_page_of_their_own(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    move(visitor, mail_server)
    successor = world.person(email=OLD, given="Grace", family="Later", allow_shared=True)
    PersonAddress.objects.filter(person=successor).update(kind="work")
    old = Address.objects.get(email=OLD)

    assert preferences.own_records(old) == [successor]
    assert Preferences(old).people == [successor]
    erasing.erase_mailbox(address=old)
    assert not Person.objects.get(pk=reader.pk).erased_at
    assert Person.objects.get(pk=successor.pk).erased_at


def test_a_mail_of_before_stops_its_reader_although_somebody_else_has_the_old_mailbox_now(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    call = world.call()
    move(visitor, mail_server)
    world.follower(email=OLD, allow_shared=True)
    old = Address.objects.get(email=OLD)
    leaving = links.leaving_token(links.Leaving(old.pk, call.pk, reader.cluster_id, "en"))

    visitor.post(f"/public/unsubscribe/{leaving}/", {"scope": "cluster"})

    stopped = Suppression.objects.standing().filter(scope="cluster")
    assert {each.address.email for each in stopped} == {OLD, NEW}


@pytest.mark.parametrize("kind", ["complained", "unsubscribed"])
def test_what_a_provider_tells_of_a_mail_of_before_stops_what_comes_to_the_new_mailbox(
    world: World, reader: Person, visitor: Client, mail_server: MailServer, kind: feedback.Kind
) -> None:
    sent = Delivery.objects.get(campaign=world.call())
    told = feedback.Fact(kind, sent.pk, timezone.now(), "provider")
    move(visitor, mail_server)
    world.follower(email=OLD, allow_shared=True)

    feedback.record(told)
    stopped = Suppression.objects.standing()
    assert {each.address.email for each in stopped} == {OLD, NEW}

    stopped.filter(address__email=NEW).update(lifted_at=timezone.now())
    feedback.record(told)
    assert {each.address.email for each in Suppression.objects.standing()} == {OLD}


def test_where_somebody_went_is_not_told_to_who_has_the_old_mailbox_now(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    old = Address.objects.get(email=OLD)
    ask(visitor, "ada@third.example")
    move(visitor, mail_server)
    successor = world.person(email=OLD, allow_shared=True)
    PersonAddress.objects.filter(person=successor).update(kind="work")

    taken = taking_out.taken_out(old, "en")

    assert [row["to"] for row in taken["moves"]] == ["", ""]
    assert NEW not in str(taken)
    ask(visitor, "grace@third.example")
    assert taking_out.taken_out(old, "en")["moves"][-1]["to"] == "grace@third.example"


def test_what_was_agreed_to_is_proved_at_the_new_mailbox(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    old = Address.objects.get(email=OLD)
    word = consent.Word("Write to me about missions.", "en", "preference page")
    consent.opt_in(person=reader, address=old, topic=world.topic, word=word)
    tracking.agree(address=old, word=consent.Word("Count my clicks.", "en", "preference page"))
    before = set(reader.legal_bases.values_list("purpose", "basis", "since", "record"))
    move(visitor, mail_server)

    proofs = ConsentRecord.objects.filter(act="moved", address__email=NEW).order_by("pk")
    assert {proof.person for proof in proofs} == {reader}
    told = {(str(proof.wording or ""), proof.topic, proof.purpose) for proof in proofs}
    assert told >= {
        ("Write to me about missions.", world.topic, "missions"),
        ("Count my clicks.", None, "tracking"),
    }
    for proof in proofs:
        assert proof.source == address_changes.SOURCE
        assert "Is this address yours?" in str(proof.asked_with)
        sent = Delivery.objects.get(address__email=NEW)
        assert proof.message == links.message_name(sent.pk)
    assert set(reader.legal_bases.values_list("purpose", "basis", "since", "record")) == before
    assert reckoning.differences() == []


@pytest.mark.parametrize("who", [OLD, NEW])
def test_a_no_to_clicks_that_either_mailbox_said_holds_for_the_new_one(
    world: World, reader: Person, visitor: Client, mail_server: MailServer, who: str
) -> None:
    world.person(world.biom, email=NEW)
    no = Address.objects.get(email=who)
    yes = Address.objects.get(email=NEW if who == OLD else OLD)
    word = consent.Word("words", "en", "x")
    clicks.choose(address=no, yes=False, word=word)
    clicks.choose(address=yes, yes=True, word=word)

    move(visitor, mail_server)

    assert moved(reader)
    assert not Tracking.objects.exists()


def test_a_no_from_a_mail_of_before_holds_for_the_new_mailbox(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    old = Address.objects.get(email=OLD)
    clicks.choose(address=old, yes=True, word=consent.Word("words", "en", "x"))
    move(visitor, mail_server)
    assert tracking.agrees(Address.objects.get(email=NEW))

    own = links.own_page_token(links.OwnPage(old.pk, "en"))
    visitor.post(links.untracked(own).removeprefix(links.absolute("")))

    assert not Tracking.objects.exists()
    proof = ConsentRecord.objects.latest("pk")
    assert (proof.act, proof.purpose, proof.person) == ("withdrawn", "tracking", reader)
    assert proof.address
    assert proof.address.email == NEW


@pytest.mark.parametrize("scope", ["cluster", "all"])
def test_a_mailbox_that_is_kept_out_is_moved_to_and_stays_kept_out(
    world: World, reader: Person, visitor: Client, mail_server: MailServer, scope: str
) -> None:
    """What one cluster did to the new mailbox is told to nobody, and is undone by nobody."""
    world.person(world.biom, email=NEW)
    twin = world.person(world.biom, email=OLD)
    new = Address.objects.get(email=NEW)
    consent.withdraw(
        address=new, scope=scope, cluster=reader.cluster if scope == "cluster" else None,
        reason="erased", source="erasure",
    )  # fmt: skip

    ask(visitor)
    asked = mails(mail_server)
    assert set(asked) == {OLD, NEW}
    visitor.post(asked[OLD][1], {"say": "yes"})
    assert "Both said yes" in visitor.post(asked[NEW][1], {"say": "yes"}).content.decode()

    assert moved(reader)
    assert moved(twin)
    standing = Suppression.objects.standing().get(address=new, scope=scope)
    assert standing.reason == "erased"
    judged = Person.objects.with_obstacle(timezone.localdate()).get(pk=reader.pk)
    assert vars(judged)["obstacle"] == "erased"


@pytest.mark.parametrize("why", ["erased", "undeliverable", "complained", "asked today"])
def test_the_old_mailbox_is_asked_whatever_is_known_of_the_new_one(
    world: World, reader: Person, visitor: Client, mail_server: MailServer, why: str
) -> None:
    world.person(world.biowin, email=NEW)
    new = Address.objects.get(email=NEW)
    if why == "erased":
        erasing.erase_mailbox(address=new)
    elif why == "undeliverable":
        Address.objects.filter(pk=new.pk).update(undeliverable_at=timezone.now())
    elif why == "complained":
        consent.withdraw(
            address=new, scope="cluster", cluster=world.biowin, reason="complaint", source="x"
        )
    else:
        Follow.objects.create(
            email=NEW, hmac=new.hmac, domain="new.example", alliance=world.alliance,
            cluster=world.biocat, topics=[], language="en", wording="", network="",
            asked_at=timezone.now(), mailed_at=timezone.now(), state="mailed",
        )  # fmt: skip

    assert "both mailboxes" in ask(visitor)
    asked = mails(mail_server)

    assert set(asked) == {OLD}
    assert NEW in asked[OLD][0]
    page = visitor.post(asked[OLD][1], {"say": "yes"}).content.decode()
    assert "As soon as the other" in page
    assert not moved(reader)


def test_a_wish_that_can_no_longer_be_met_ends_in_a_sentence_that_tells_nothing(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    ask(visitor)
    asked = mails(mail_server)
    visitor.post(asked[OLD][1], {"say": "yes"})
    Address.objects.filter(email=NEW).update(email=None, key=None, erased_at=timezone.now())

    page = visitor.post(asked[NEW][1], {"say": "yes"}).content.decode()

    assert "Nothing changes" in page
    assert "erased" not in page
    assert not moved(reader)


def test_whoever_is_erased_meanwhile_looks_like_somebody_who_said_no(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    ask(visitor)
    _text, link = mails(mail_server)[OLD]
    erasing.erase_mailbox(address=Address.objects.get(email=NEW))

    page = visitor.get(link).content.decode()

    assert "It was said no" in page
    assert NEW not in page
    assert AddressChange.objects.get().email == ""
    assert not moved(reader)


# --- clicks


def followed(*, counted: bool) -> None:
    """A link of the mail that came before, followed once."""
    sent = Delivery.objects.get(campaign__kind="mission-call")
    link = Link.objects.create(campaign=sent.campaign, url="https://a.example/", key="key")
    if counted:
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        Click.objects.create(link=link, hour=hour, machine=False, delivery=sent.pk, count=1)
    else:
        Visit.objects.create(
            link=link, delivery=sent.pk, visitor=bytes(16), machine=False,
            at=timezone.now() - dt.timedelta(seconds=30),
        )  # fmt: skip


def test_the_links_that_somebody_followed_stay_theirs(
    world: World, reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    old, word = Address.objects.get(email=OLD), consent.Word("words", "en", "x")
    world.call()
    clicks.choose(address=old, yes=True, word=word)
    followed(counted=True)
    move(visitor, mail_server)
    world.person(email=OLD, allow_shared=True)
    new = Address.objects.get(email=NEW)

    assert clicks.of_reader(old) == []
    assert [kept["times"] for kept in clicks.of_reader(new)] == [1]
    clicks.choose(address=old, yes=False, word=word)
    assert Click.objects.get().delivery
    clicks.choose(address=new, yes=False, word=word)
    assert Click.objects.get().delivery is None


def test_where_several_read_a_mailbox_nobody_reads_what_one_followed_elsewhere(
    world: World, reader: Person
) -> None:
    clicks.choose(
        address=Address.objects.get(email=OLD), yes=True, word=consent.Word("words", "en", "x")
    )
    world.call()
    followed(counted=True)
    world.person(email=NEW)
    people.change_address(person=reader, email=NEW, by=None, allow_shared=True)
    new = Address.objects.get(email=NEW)

    assert clicks.of_reader(new) == []
    clicks.forget_reader(new)
    assert Click.objects.get().delivery is None


def test_a_successor_s_yes_names_only_themselves(world: World, reader: Person) -> None:
    world.call()
    people.change_address(person=reader, email=NEW, by=None)
    world.person(email=OLD, allow_shared=True)
    old = Address.objects.get(email=OLD)
    clicks.choose(address=old, yes=True, word=consent.Word("words", "en", "x"))
    followed(counted=False)

    clicks.count()

    assert Click.objects.get().delivery is None


def test_a_yes_ends_where_nobody_s_mails_come_any_more(world: World, reader: Person) -> None:
    twin = world.person(world.biom, email=OLD)
    old = Address.objects.get(email=OLD)
    clicks.choose(address=old, yes=True, word=consent.Word("words", "en", "x"))

    people.change_address(person=reader, email=NEW, by=None)
    assert tracking.agrees(old)
    people.change_address(person=twin, email=NEW, by=None)
    assert not Tracking.objects.exists()


def test_a_yes_ends_at_a_mailbox_that_a_merge_leaves(world: World, reader: Person) -> None:
    old = Address.objects.get(email=OLD)
    clicks.choose(address=old, yes=True, word=consent.Word("words", "en", "x"))

    people.merge(keep=world.person(email=NEW), drop=reader, by=None)

    assert not Tracking.objects.exists()
