"""Somebody's word that their cluster shall not write to them at all (GDPR, Art. 21(2))."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.actions import consent
from crm.models import ConsentRecord, Person, PersonAddress, Suppression, User

Act = ConsentRecord.Act


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


def stands_for(person: Person) -> bool:
    """Whether their last word to their cluster is that it shall not write to them."""
    said = ConsentRecord.objects.filter(
        Q(act=Act.OBJECTED, topic=None, alliance=None) | Q(act=Act.CONFIRMED, topic__isnull=False),
        person__in=person.selves,
        cluster=person.cluster_id,
    )
    last = said.order_by("at", "pk").last()
    return last is not None and last.act == Act.OBJECTED
