"""Somebody's word that their cluster shall not write to them at all (GDPR, Art. 21(2))."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.actions import consent
from crm.models import (
    Address,
    ConsentRecord,
    Person,
    PersonAddress,
    Subscription,
    Suppression,
    Topic,
    User,
)

Act = ConsentRecord.Act
MOVED = "change of address"


def record(*, person: Person, source: str, by: User | None) -> None:
    """Stop all that their cluster writes to them, and keep why. Repeatable.

    Of somebody without a mailbox the objection is kept for the one that may be entered later.
    """
    with transaction.atomic():
        primary = PersonAddress.objects.filter(person=person, is_primary=True).first()
        if primary:
            consent.withdraw(
                address=primary.address,
                scope=Suppression.Scope.CLUSTER,
                cluster=person.cluster,
                reason=Suppression.Reason.OBJECTED,
                source=source,
                person=person,
                by=by,
            )
        elif not stands_for(person):
            ConsentRecord.objects.create(
                person=person,
                cluster=person.cluster,
                act=Act.OBJECTED,
                source=source,
                by=by,
                at=timezone.now(),
            )


def take_along(*, person: Person, old: Address | None, by: User | None) -> None:
    """What somebody stopped at the old mailbox does not come to the one that was entered instead.

    Of an old mailbox that several people read nobody knows whose word it was: rather no mail to one
    of them than one to somebody who left. Where others' mails come to the new one already, what
    this cluster concludes holds for this cluster alone.
    """
    with transaction.atomic():
        if stands_for(person):
            record(person=person, source=MOVED, by=by)
        primary = PersonAddress.objects.filter(person=person, is_primary=True).first()
        if not old or not primary:
            return
        said = Suppression.objects.standing().concerning(person.cluster_id)
        said = said.filter(address=old, reason__in=consent.READERS_WORD)
        used = PersonAddress.objects.filter(address=primary.address_id, is_primary=True)
        is_theirs = not used.exclude(person__in=person.selves).exists()
        for left in said.select_related("topic", "cluster", "alliance").order_by("pk"):
            scope: dict[str, Any]
            if is_theirs:
                scope = {
                    "scope": left.scope,
                    "topic": left.topic,
                    "cluster": left.cluster,
                    "alliance": left.alliance,
                }
            elif left.topic:
                _leave(person, left.topic, by)
                continue
            else:
                scope = {"scope": Suppression.Scope.CLUSTER, "cluster": person.cluster}
            consent.withdraw(
                address=primary.address, reason=left.reason, source=MOVED, person=person,
                delivery=left.delivery, by=by, **scope,
            )  # fmt: skip


def _leave(person: Person, topic: Topic, by: User | None) -> None:
    """They alone, of those who read the mailbox."""
    now, left = timezone.now(), Subscription.State.LEFT
    wish, created = Subscription.objects.get_or_create(
        person=person, topic=topic, defaults={"state": left, "since": now, "left_at": now}
    )
    if not created:
        if wish.state == left:
            return
        wish.state, wish.left_at = left, now
        wish.save(update_fields=["state", "left_at"])
    ConsentRecord.objects.create(
        person=person,
        cluster=person.cluster,
        alliance=topic.alliance,
        topic=topic,
        purpose=topic.purpose,
        act=Act.WITHDRAWN,
        source=MOVED,
        by=by,
        at=now,
    )


def stands_for(person: Person) -> bool:
    """Whether their last word to their cluster is that it shall not write to them."""
    said = ConsentRecord.objects.filter(
        Q(act=Act.OBJECTED, topic=None, alliance=None) | Q(act=Act.CONFIRMED, topic__isnull=False),
        Q(cluster=person.cluster_id) | Q(cluster=None),  # to everybody is to them as well
        person__in=person.selves,
    )
    last = said.order_by("at", "pk").last()
    return last is not None and last.act == Act.OBJECTED
