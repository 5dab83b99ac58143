"""What comes back: refusals, complaints, answers. Facts are monotone, their order is irrelevant."""

import datetime as dt
import re

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models import BounceClass, Campaign, Delivery
from crm.actions import answers, consent
from crm.models import Address, Answer, Suppression

# The mailbox does not exist (RFC 3463): 5.1.1, 5.1.2, 5.1.10. 5.7.x is our fault, never theirs.
NO_SUCH_MAILBOX = re.compile(r"\b5\.1\.(1|2|10)\b")


def refused(*, delivery: Delivery, reply: str, phase: str) -> None:
    """A definite refusal. A mailbox that does not exist is never written to again, by anybody."""
    if phase not in ("rcpt", "dot") or not NO_SUCH_MAILBOX.search(reply):
        return
    now = timezone.now()
    consent.withdraw(
        address=delivery.address,
        scope=Suppression.Scope.ALL,
        reason=Suppression.Reason.HARD_BOUNCE,
        source="mail server",
        delivery=delivery.pk,
        at=now,
    )
    Delivery.objects.filter(pk=delivery.pk).update(
        bounced_at=Coalesce(F("bounced_at"), now), bounce_class=BounceClass.GONE
    )
    Address.objects.filter(pk=delivery.address_id, undeliverable_at=None).update(
        undeliverable_at=now, undeliverable_why=reply[:200]
    )


def complained(*, delivery: Delivery, source: str, at: dt.datetime | None = None) -> Suppression:
    """The reader marked the mail as spam: this controller never writes again."""
    at = at or timezone.now()
    assert delivery.person
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            complained_at=Coalesce(F("complained_at"), at)
        )
        return consent.withdraw(
            address=delivery.address,
            scope=Suppression.Scope.CLUSTER,
            cluster=delivery.person.cluster,
            person=delivery.person,
            reason=Suppression.Reason.COMPLAINT,
            source=source,
            delivery=delivery.pk,
            at=at,
        )


def used_its_links(delivery_id: int) -> None:
    """A reader who uses a mail's own links has it: an undecided delivery was accepted."""
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.UNKNOWN).update(
        state=Delivery.State.ACCEPTED, settled_at=timezone.now()
    )


def answered(*, delivery: Delivery, value: str, note: str = "") -> Answer:
    """Write down a reader's answer to a call or an invitation."""
    campaign: Campaign = delivery.campaign
    assert delivery.person
    with transaction.atomic():
        used_its_links(delivery.pk)
        return answers.give(
            person=delivery.person,
            value=value,
            mission=campaign.mission,
            event=campaign.event,
            delivery=delivery.pk,
            note=note,
        )
