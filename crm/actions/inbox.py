"""The development sink's own record of what arrived, and the moods of its mailboxes."""

import email
from email.policy import default as modern

from django.db import models
from django.utils import timezone

from crm.models import InboxMail


def keep(*, mail_from: str, rcpt_to: str, raw: bytes, answered: bool = True) -> InboxMail:
    """Keep one mail as it came over the line."""
    mail = email.message_from_bytes(raw, policy=modern)
    return InboxMail.objects.create(
        mail_from=mail_from,
        rcpt_to=rcpt_to.casefold(),
        subject=str(mail["subject"] or "")[:500],
        message_id=str(mail["message-id"] or "")[:200],
        language=str(mail["content-language"] or "")[:10],
        raw=raw,
        answered=answered,
    )


def complaints() -> models.QuerySet[InboxMail]:
    """Mails whose reader presses "this is spam": the sink's feedback loop, not yet passed on."""
    return InboxMail.objects.filter(rcpt_to__startswith="complaint", complained_at=None)


def passed_on(mail: InboxMail) -> None:
    InboxMail.objects.filter(pk=mail.pk).update(complained_at=timezone.now())
