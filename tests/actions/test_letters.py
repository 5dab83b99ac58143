"""Transactional mails: rows of the ledger like every other."""

import datetime as dt

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import leases, letters, sending, sweeping, transitions
from campaigns.actions.transitions import Answer
from campaigns.mail import links
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Batch, Campaign, Deferral, Delivery, Letter
from crm.actions import consent
from crm.actions.errors import Refused
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.usefixtures("installation")
ADA = "ada@lab.example"


@pytest.fixture(autouse=True)
def ledger_backend(settings: object) -> None:
    """Django's test runner puts its own mailbox in the place of ours."""
    settings.EMAIL_BACKEND = "campaigns.actions.letters.LedgerBackend"  # type: ignore[attr-defined]


def leave() -> None:
    for campaign in sweeping.tick():
        sending.work(campaign)


def test_a_mail_of_django_is_written_down_and_then_leaves(mail_server: MailServer) -> None:
    send_mail("Your password", "Line one\n.hidden dot\nÜnal", None, [ADA])
    assert mail_server.readers == []
    assert Delivery.objects.get().state == Delivery.State.PENDING

    leave()

    mail = mail_server.mail_to(ADA)
    assert mail["Subject"] == "Your password"
    assert mail.get_content().replace("\r", "").rstrip() == "Line one\n.hidden dot\nÜnal"
    assert Delivery.objects.get().state == Delivery.State.ACCEPTED


def test_a_letter_is_forgotten_once_it_left(mail_server: MailServer) -> None:
    send_mail("Secret", "https link", None, [ADA])

    leave()

    assert not Letter.objects.exists()


def test_every_recipient_gets_a_row_and_no_blind_copy_is_shown(mail_server: MailServer) -> None:
    mail = EmailMultiAlternatives("Hello", "Text", to=[ADA], bcc=["eve@lab.example"])
    mail.attach_alternative("<p>Text</p>", "text/html")
    mail.send()

    leave()

    assert mail_server.readers == [ADA, "eve@lab.example"]
    assert all(b"eve@" not in raw for _to, raw in mail_server.arrived)


def test_a_letter_of_a_transaction_that_failed_never_leaves(mail_server: MailServer) -> None:
    with transaction.atomic():
        send_mail("Hello", "Text", None, [ADA])
        transaction.set_rollback(True)

    leave()

    assert mail_server.readers == []
    assert not Delivery.objects.exists()


def test_the_same_letter_twice_is_two_letters(mail_server: MailServer) -> None:
    for _time in range(2):
        send_mail("Sign in", "Link", None, [ADA])

    leave()

    assert mail_server.readers == [ADA, ADA]
    assert Campaign.objects.get().kind == Campaign.Kind.LETTER


def test_who_left_all_mailings_still_gets_a_letter(world: World, mail_server: MailServer) -> None:
    person = world.person()
    assert person.primary
    consent.withdraw(
        address=person.primary.address, scope="all", reason="unsubscribed", source="test"
    )
    send_mail("Your password", "Link", None, [person.email])

    leave()

    assert mail_server.readers == [person.email]


def test_an_address_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(Refused, match="is not an e-mail address"):
        letters.write(to="nobody", mail=b"")

    assert not Delivery.objects.exists()


def test_a_letter_that_expired_is_forgotten_too(mail_server: MailServer) -> None:
    send_mail("Secret", "Link", None, ["later@busy.example"])
    leave()
    long_ago = timezone.now() - dt.timedelta(days=4)
    Delivery.objects.update(first_tried_at=long_ago)
    Deferral.objects.update(not_before=long_ago)

    sweeping.tick()

    assert Delivery.objects.get().state == Delivery.State.EXPIRED
    assert not Letter.objects.exists()


def test_a_letter_that_turns_out_not_to_have_left_leaves_after_all(
    mail_server: MailServer,
) -> None:
    delivery = letters.write(to=ADA, mail=b"Subject: Hello\r\n\r\nHello\r\n")
    lease = leases.claim(delivery.campaign)
    assert lease
    armed = transitions.arm(lease, [delivery.pk])
    Batch.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    transitions.take_back()
    Batch.objects.update(done_at=timezone.now())

    unsent = Outcome(End.DEFERRED, transitions.UNSENT, None, "Not sent: the line was lost.")
    transitions.settle([Answer(delivery.pk, armed[delivery.pk], unsent)])
    leave()
    leave()

    assert mail_server.readers == [ADA]


def test_what_a_letter_is_told_by_can_be_matched_to_it(
    mail_server: MailServer, settings: Settings
) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"
    EmailMessage("Hello", "Text", None, [ADA, "eve@lab.example"]).send()

    leave()

    names = []
    for delivery, sender in zip(Delivery.objects.order_by("pk"), mail_server.senders, strict=True):
        mail = mail_server.mail_to(delivery.address.email or "")
        (name,) = mail.get_all("Message-ID", [])
        names.append(links.delivery_id(name))
        assert links.read_mailbox(sender) == (links.MailTo.BOUNCE, delivery.pk)
    assert names == list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
