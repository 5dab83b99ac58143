"""Mails that come back, through a real IMAP dialogue, into the ledger."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from icalendar import Calendar
from pytest_django.fixtures import Settings

from campaigns.actions import fetching, hooks, mailbox, sending
from campaigns.mail import links, reports
from campaigns.mail.imap import MailboxTrouble
from campaigns.mail.links import MailTo
from campaigns.models import BounceClass, Delivery, HookEvent
from crm.models import Answer
from crm.rules import calendars
from tests.kit import reports as kit
from tests.kit.authority import Authority
from tests.kit.imap import ImapServer
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"
    settings.MAILBOX_TIMEOUT = 2


@pytest.fixture
def server(settings: Settings) -> Iterator[ImapServer]:
    with ImapServer() as server:
        settings.MAILBOX_URL = server.url
        yield server


@pytest.fixture
def delivery(world: World) -> Delivery:
    """An undecided mail of the mission's call."""
    world.person(email="somebody@sme.example")
    world.call()
    Delivery.objects.update(state=State.UNKNOWN, generation=1)
    return Delivery.objects.get()


@pytest.fixture
def invited(world: World) -> Delivery:
    """An undecided mail of the invitation."""
    world.person(email="somebody@sme.example")
    world.invitation()
    Delivery.objects.update(state=State.UNKNOWN, generation=1)
    return Delivery.objects.get()


def looked(server: ImapServer) -> None:
    """One look into the mailbox, and everything stored understood."""
    fetching.fetch()
    hooks.process(seconds=60)


def bounce_address(delivery: Delivery) -> str:
    return links.mailbox(MailTo.BOUNCE, delivery.pk)


def message_id(delivery: Delivery) -> str:
    return f"<{links.message_name(delivery.pk)}@biocat.example>"


# --- what mails mean


@pytest.mark.parametrize("writer", kit.WRITERS)
@pytest.mark.parametrize("names", ["address", "message"])
def test_a_bounce_of_any_server_finds_its_delivery(
    delivery: Delivery, writer: str, names: str
) -> None:
    if names == "address":
        raw = kit.dsn(writer, to=bounce_address(delivery))
    else:
        raw = kit.dsn(writer, message_id=message_id(delivery))

    mailbox.understand(raw)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.bounce_class) == (State.FAILED, BounceClass.GONE)
    assert "5.1.1" in delivery.reply
    assert delivery.address.suppressions.get().reason == "hard_bounce"


@pytest.mark.parametrize(
    ("action", "status", "state", "delivered"),
    [
        ("delayed", "4.4.1", State.ACCEPTED, False),
        ("delivered", "2.0.0", State.ACCEPTED, True),
        ("relayed", "2.0.0", State.ACCEPTED, False),
        ("expanded", "2.0.0", State.ACCEPTED, False),
    ],
)
def test_reports_that_are_no_bounce_say_who_has_the_mail(
    delivery: Delivery, action: str, status: str, state: int, delivered: bool
) -> None:
    mailbox.understand(
        kit.dsn(to=bounce_address(delivery), action=action, status=status, said="250 ok")
    )

    delivery.refresh_from_db()
    assert (delivery.state, bool(delivery.delivered_at)) == (state, delivered)
    assert delivery.bounced_at is None


def test_our_fault_condemns_nobody(delivery: Delivery) -> None:
    said = "550 5.7.1 Our users do not want this"
    mailbox.understand(kit.dsn(to=bounce_address(delivery), status="5.7.1", said=said))

    delivery.refresh_from_db()
    assert delivery.bounce_class == BounceClass.REFUSED
    assert not delivery.address.suppressions.exists()


def test_a_bounce_in_words_of_an_old_server_counts_and_does_not_condemn(delivery: Delivery) -> None:
    raw = kit.plain(
        bounce_address(delivery),
        sender="MAILER-DAEMON@old.example",
        text="Hi. I wasn't able to deliver your mail:\n550 No such user here",
    )

    mailbox.understand(raw)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.bounce_class) == (State.FAILED, BounceClass.FULL)


def test_a_complaint_stops_everything_of_the_controller(delivery: Delivery, world: World) -> None:
    mailbox.understand(kit.complaint(message_id(delivery)))

    delivery.refresh_from_db()
    assert delivery.complained_at
    assert delivery.address.suppressions.get().cluster == world.biocat


def test_a_complaint_that_hides_the_mail_is_found_by_its_return_path(delivery: Delivery) -> None:
    mailbox.understand(kit.complaint(sender=bounce_address(delivery)))

    delivery.refresh_from_db()
    assert delivery.complained_at


def test_not_spam_is_no_complaint(delivery: Delivery) -> None:
    mailbox.understand(kit.complaint(message_id(delivery), kind="not-spam"))

    delivery.refresh_from_db()
    assert (delivery.complained_at, delivery.state) == (None, State.UNKNOWN)


def test_a_mail_to_the_unsubscribe_address_leaves_what_the_link_leaves(delivery: Delivery) -> None:
    mailbox.understand(kit.plain(links.mailbox(MailTo.LEAVE, delivery.pk).upper()))

    delivery.refresh_from_db()
    suppression = delivery.address.suppressions.get()
    assert (suppression.reason, delivery.state) == ("unsubscribed", State.ACCEPTED)
    assert suppression.scope == ("topic" if delivery.campaign.topic else "cluster")


def calendar_answer(
    delivery: Delivery, attendee: str = "Somebody@sme.example", **values: str
) -> bytes:
    assert delivery.campaign.event
    uid = values.pop("uid", calendars.uid(delivery.campaign.event.calendar_uid))
    to = values.pop("to", links.mailbox(MailTo.CALENDAR, delivery.pk))
    return kit.calendar_answer(to, uid, attendee, **values)


@pytest.mark.parametrize(
    ("partstat", "value"),
    [("ACCEPTED", "coming"), ("TENTATIVE", "maybe"), ("DECLINED", "not-coming")],
)
def test_the_buttons_of_a_calendar_program_are_answers(
    invited: Delivery, partstat: str, value: str
) -> None:
    mailbox.understand(calendar_answer(invited, partstat=partstat))

    answer = Answer.objects.get()
    assert (answer.value, answer.person, answer.delivery) == (value, invited.person, invited.pk)
    invited.refresh_from_db()
    assert invited.state == State.ACCEPTED


@pytest.mark.parametrize(
    "values",
    [
        {"to": "replies@liaison.example"},
        {"to": "replies+c1.aaaaaaaaaaaaaaaa@liaison.example"},
        {"uid": "another@liaison.example"},
        {"attendee": "a.colleague@sme.example"},
        {"partstat": "DELEGATED"},
    ],
)
def test_a_calendar_answer_that_proves_nothing_is_for_people(
    invited: Delivery, values: dict[str, str]
) -> None:
    raw = calendar_answer(invited, **values)

    mailbox.understand(raw)

    assert mailbox.meaning(raw) == reports.ForPeople()
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied\n", "X-Autoreply: yes\n", "Precedence: auto_reply\n"],
)
def test_out_of_office_answers_are_nothing(delivery: Delivery, header: str) -> None:
    raw = kit.plain(bounce_address(delivery), subject="Out of office", headers=header)

    mailbox.understand(raw)

    assert mailbox.meaning(raw) == reports.Automatic()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN


def test_what_our_own_mails_ask_for_comes_back_to_their_deliveries(
    world: World, mail_server: MailServer
) -> None:
    reader = world.person(email="somebody@sme.example")
    sending.work(world.invitation())
    mail = mail_server.mail_to("somebody@sme.example")
    file = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    (leave,) = re.findall("<mailto:([^>?]+)", mail["List-Unsubscribe"])
    organizer, attendee = (
        re.sub("(?i)^mailto:", "", str(event[name])) for name in ("ORGANIZER", "ATTENDEE")
    )

    mailbox.understand(kit.calendar_answer(organizer, str(event["UID"]), attendee))
    mailbox.understand(kit.dsn("Exim", to=mail_server.senders[0], said="552 5.2.2 Full"))
    mailbox.understand(kit.plain(leave))

    assert Answer.objects.get().person == reader
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.bounce_class) == (State.ACCEPTED, BounceClass.FULL)
    assert delivery.address.suppressions.get().reason == "unsubscribed"


# --- hostile mails


def test_a_forged_address_changes_nothing(delivery: Delivery) -> None:
    genuine = bounce_address(delivery)
    forged = genuine.replace(f"+b{delivery.pk}.", f"+b{delivery.pk + 1}.")
    for raw in (
        kit.dsn(to=forged),
        kit.plain(forged.replace("+b", "+u")),
        kit.complaint("<d1.x@y>"),
    ):
        mailbox.understand(raw)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.bounced_at) == (State.UNKNOWN, None)
    assert not delivery.address.suppressions.exists()


def nested(levels: int) -> bytes:
    top = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels)
    )
    return b"To: replies@liaison.example\r\n" + top.encode() + b"Content-Type: text/plain\r\n\r\nx"


HOSTILE = {
    "nothing": b"",
    "no headers": b"\r\n\r\nonly words",
    "zeros": b"\0" * 5000,
    "any bytes": bytes(range(256)) * 100,
    "100 levels": nested(100),
    "99 levels": nested(99),
    "100000 levels": nested(100_000),
    "broken report": kit.dsn(
        status="5.3.0", said="\udce9 \0 \x85".encode("utf-8", "surrogateescape").decode("latin1")
    ),
    "report cut short": kit.dsn(status="5.3.0", said="No")[:900],
    "unknown charset": kit.plain(text="x").replace(b"utf-8", b"no-such-set"),
    "bad encoding": kit.plain().replace(b"Content-Type", b"Content-Transfer-Encoding: base64\r\nC"),
    "boundary of nothing": b'Content-Type: multipart/report; boundary=""\r\n\r\n----\r\n',
    "report type of many": b"Content-Type: multipart/report; report-type*=x''%FF\r\n\r\n",
    "no calendar": kit.calendar_answer("x@y.example", "u", "a@b.example").replace(b"BEGIN", b"END"),
    "message of messages": b"Content-Type: message/rfc822\r\n\r\n" * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_never_breaks_anything(delivery: Delivery, name: str) -> None:
    mailbox.understand(HOSTILE[name])
    mailbox.understand(b"To: " + bounce_address(delivery).encode() + b"\r\n" + HOSTILE[name])
    address = links.mailbox(MailTo.CALENDAR, delivery.pk).encode()
    mailbox.understand(b"To: " + address + b"\r\n" + HOSTILE[name])

    delivery.refresh_from_db()
    assert not delivery.address.suppressions.exists()


def test_of_twenty_megabytes_the_first_one_is_read(server: ImapServer, delivery: Delivery) -> None:
    raw = kit.dsn(to=bounce_address(delivery))
    server.put(raw + b"x" * 20_000_000)

    looked(server)

    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert len(HookEvent.objects.get().payload["raw"]) < 1_400_000


# --- the mailbox


def test_what_is_ours_is_stored_and_filed_away_and_people_keep_their_mail(
    server: ImapServer, delivery: Delivery
) -> None:
    ours, theirs = kit.dsn(to=bounce_address(delivery)), kit.plain()
    elsewhere = kit.dsn(message_id="<d12.of@another.example>")
    for raw in (theirs, ours, elsewhere):
        server.put(raw)

    first, second = fetching.fetch(), fetching.fetch()

    assert (first, second) == (fetching.Post(1, 2), fetching.Post(0, 0))
    assert server.raws("INBOX") == [theirs, elsewhere]
    assert [mail.flags for mail in server.folders["INBOX"]] == [{"\\Flagged"}, {"\\Flagged"}]
    assert server.raws("Processed") == [ours]
    assert HookEvent.objects.get().provider == "mailbox"


@pytest.mark.parametrize("offers", ["", "UIDPLUS"])
def test_a_server_that_cannot_move_copies(
    server: ImapServer, delivery: Delivery, offers: str
) -> None:
    server.offers = offers
    raw = kit.dsn(to=bounce_address(delivery))
    server.put(raw)

    fetching.fetch()
    fetching.fetch()

    assert server.raws("Processed") == [raw]
    assert server.raws("INBOX") == ([] if offers else [raw])
    assert HookEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        ("LOGIN", {"answer": "NO [UNAVAILABLE] later"}),
        ("SELECT", {"answer": "NO there is no such folder"}),
        ("SEARCH", {"answer": "BAD what?"}),
        ("SEARCH", {"cut": True}),
        ("FETCH", {"cut": True}),
        ("FETCH", {"cut": True, "size": 100_000}),
        ("FETCH", {"size": 99_999_999_999}),
        ("FETCH", {"size": 5}),
        ("FETCH", {"stall": 3}),
        ("STORE", {"cut": True}),
        ("MOVE", {"cut": True}),
        ("MOVE", {"cut": True, "after": True}),
        ("MOVE", {"answer": "NO over quota"}),
    ],
)
def test_a_server_that_lies_loses_nothing_and_repeats_nothing(
    server: ImapServer, delivery: Delivery, verb: str, what: dict[str, object]
) -> None:
    raw, other = kit.dsn(to=bounce_address(delivery)), kit.plain(text="Call me")
    server.put(raw)
    server.put(other)
    server.lie(verb, **what)
    if what.get("answer") and verb == "MOVE":
        server.lie(verb, **what)  # the second try, in a folder just made

    with pytest.raises(MailboxTrouble):
        fetching.fetch()
    looked(server)

    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert HookEvent.objects.count() == 1
    assert (server.raws("INBOX"), server.raws("Processed")) == ([other], [raw])


def test_a_restored_mailbox_has_no_second_effect(server: ImapServer, delivery: Delivery) -> None:
    server.put(kit.dsn(to=bounce_address(delivery)))
    server.lie("MOVE", cut=True)
    with pytest.raises(MailboxTrouble):
        fetching.fetch()
    server.renumber()

    looked(server)

    assert HookEvent.objects.count() == 1
    assert server.raws("INBOX") == []


def test_a_mail_that_another_program_takes_away_is_no_trouble(server: ImapServer, db: None) -> None:
    server.put(kit.plain())
    server.lie("FETCH", answer="OK there is nothing of that number any more")

    assert fetching.fetch() == fetching.Post()


def test_a_server_that_drips_cannot_hold_the_worker(
    server: ImapServer, settings: Settings, db: None
) -> None:
    settings.MAILBOX_RUN = 1
    settings.MAILBOX_TIMEOUT = 60
    server.put(kit.plain())
    server.lie("FETCH", stall=5)

    with pytest.raises(MailboxTrouble, match="broke off"):
        fetching.fetch()


def test_without_a_mailbox_nothing_happens(settings: Settings, db: None) -> None:
    settings.MAILBOX_URL = ""

    assert fetching.fetch() == fetching.Post()


@pytest.mark.django_db(transaction=True)
def test_two_never_read_at_once(server: ImapServer, delivery: Delivery) -> None:
    server.put(kit.plain())
    server.lie("SEARCH", stall=1)

    def slowly() -> None:
        fetching.fetch()
        connection.close()

    first = threading.Thread(target=slowly)
    first.start()
    deadline = time.monotonic() + 10
    while "SEARCH" not in server.asked and time.monotonic() < deadline:
        time.sleep(0.01)
    second = fetching.fetch()
    first.join()

    assert second == fetching.Post()
    assert server.asked.count("LOGIN") == 1


def test_a_certificate_must_be_trusted(settings: Settings, tmp_path: Path, db: None) -> None:
    authority = Authority(tmp_path)
    with ImapServer(tls=authority.server()) as server:
        server.put(kit.plain())
        settings.MAILBOX_URL = server.url
        with pytest.raises(MailboxTrouble, match=r"not to be trusted.*\?ca="):
            fetching.fetch()

        settings.MAILBOX_URL = f"{server.url}?ca={authority.file}"
        assert fetching.fetch() == fetching.Post(for_people=1)


@pytest.mark.parametrize("url", ["imaps://host/INBOX", "pop3://a:b@host", "imap://a:b@host:x/"])
def test_a_url_that_is_none_says_how_it_looks(settings: Settings, db: None, url: str) -> None:
    settings.MAILBOX_URL = url

    with pytest.raises(MailboxTrouble, match="MAILBOX_URL"):
        fetching.fetch()


def test_the_command_says_what_it_found(
    server: ImapServer, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    server.put(kit.plain())

    call_command("read_mailbox")

    assert capsys.readouterr().out == "stored=0 for_people=1\n"


def test_the_command_needs_a_mailbox_that_answers(settings: Settings, db: None) -> None:
    settings.MAILBOX_URL = ""
    with pytest.raises(CommandError, match="There is no mailbox"):
        call_command("read_mailbox")

    settings.MAILBOX_URL = "imap://a:b@127.0.0.1:1/INBOX"
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:1 cannot be read"):
        call_command("read_mailbox")
