"""Transactional mails: deliveries of a standing campaign per kind, so nothing leaves outside the
ledger. Django's EMAIL_BACKEND writes such a row; a worker sends it.
"""

import re
import uuid
from collections.abc import Sequence
from email.message import EmailMessage as Mail

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from campaigns.mail import links
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import Reader
from campaigns.mail.transports.contract import Envelope
from campaigns.models import Batch, Campaign, Delivery, Installation, Letter
from crm.actions import addresses

STANDING = "letters"
_MESSAGE_ID = re.compile(rb"^Message-ID:.*\r\n(?:[ \t].*\r\n)*", re.IGNORECASE | re.MULTILINE)


def standing(kind: str) -> Campaign:
    """The standing campaign of a kind of letter; made when it is first needed."""
    campaign, _created = Campaign.objects.get_or_create(
        ref=kind,
        defaults={
            "kind": Campaign.Kind.LETTER,
            "status": Campaign.Status.SENDING,
            "fence_epoch": Installation.objects.get().epoch,
        },
    )
    return campaign


def write(*, to: str, mail: bytes, kind: str = STANDING, language: str = "en") -> Delivery:
    """Put a finished mail in the ledger; it leaves when the caller's transaction commits.

    Raises Refused or InvalidAddress for an address that cannot be written to.
    """
    with transaction.atomic():
        delivery = Delivery.objects.create(
            campaign=standing(kind),
            address=addresses.find_or_create(to),
            occasion=uuid.uuid4().hex,
            language=language,
        )
        Letter.objects.create(delivery=delivery, mail=_named(mail, delivery))
        Batch.objects.create(
            campaign=delivery.campaign, first_id=delivery.pk, last_id=delivery.pk, ids=[delivery.pk]
        )
    return delivery


def tell(
    *,
    to: str,
    subject: str,
    paragraphs: Sequence[str],
    link: tuple[str, str],
    sender: str,
    kind: str = STANDING,
    language: str = "en",
) -> Delivery:
    """Write somebody some paragraphs and where to go on: `link` is words and an address."""
    label, url = link
    subject = " ".join(subject.split())
    words = {"paragraphs": paragraphs, "link": {"label": label, "url": url}, "sender": sender}
    body = render_to_string("emails/letter/body.txt", {"subject": subject, **words})
    mail: Mail = EmailMessage(subject, body, to=[to]).message()
    return write(to=to, mail=_crlf(mail.as_bytes()), kind=kind, language=language)


class LedgerBackend(BaseEmailBackend):
    """Django's door for mail: every message becomes a row, one per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            mail: Mail = message.message()
            for recipient in message.recipients():
                write(to=recipient, mail=_crlf(mail.as_bytes()))
        return len(email_messages)


class LetterPress:
    """The finished bytes of letters, as a writer for the sending engine."""

    names_posts = False

    def envelope(self, reader: Reader) -> Envelope:
        """Raises CannotCompose for a letter that was settled or whose reader was erased."""
        kept = Letter.objects.filter(delivery=reader.delivery).first()
        if kept is None or reader.to is None:
            raise CannotCompose("This letter was already settled.")
        sender = links.mailbox(links.MailTo.BOUNCE, reader.delivery) or _sender()
        return Envelope(sender, reader.to, bytes(kept.mail), reader.delivery)


def _sender() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("<")[2].rstrip(">")


def _named(mail: bytes, delivery: Delivery) -> bytes:
    """The mail under a Message-ID that says which delivery it is, to us alone.

    Django gives one to a message for all its recipients.
    """
    head, gap, body = mail.partition(b"\r\n\r\n")
    domain = _sender().rpartition("@")[2]
    name = f"Message-ID: <{links.message_name(delivery.pk)}@{domain}>\r\n"
    return name.encode() + _MESSAGE_ID.sub(b"", head + b"\r\n") + gap[2:] + body


def _crlf(mail: bytes) -> bytes:
    return mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
