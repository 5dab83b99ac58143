"""People of whom nothing is in force any more: archived, and a year later emptied.

Archived first, so that a contact sees them go and brings back whom they know better. That somebody
works at a member company is a reason to know them, even where nobody may write to them.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from campaigns.actions import forgetting
from campaigns.models import Delivery
from crm.actions import erasing, people
from crm.models import (
    Answer,
    ConsentRecord,
    Membership,
    Note,
    Person,
    PersonAddress,
    Position,
    RightsRequest,
)
from crm.models.history import history_of

PIECE = 200
"""People that one transaction archives or empties at most."""


def idle(before: dt.datetime) -> QuerySet[Person]:
    """In an address book, and neither needed nor heard of, written to or changed since."""
    found = _needless(Person.objects.current().filter(created_at__lt=before), before)
    of_them: dict[str, Any] = {"person": OuterRef("pk")}
    changed: dict[str, Any] = {"pgh_created_at__gte": before}
    for rows in (
        ConsentRecord.objects.filter(at__gte=before, **of_them),
        Answer.objects.filter(at__gte=before, **of_them),
        Note.objects.filter(at__gte=before, **of_them),
        history_of(Person).objects.filter(pgh_obj=OuterRef("pk"), **changed),
        history_of(PersonAddress).objects.filter(**of_them, **changed),
        history_of(Position).objects.filter(**of_them, **changed),
    ):
        found = found.exclude(Exists(rows))
    return found


def archive(before: dt.datetime) -> int:
    """Take some of them out of lists; each is audited, and can be restored. How many they were."""
    with transaction.atomic():
        found = idle(before).select_for_update(of=("self",), skip_locked=True).order_by("pk")
        gone = list(found[:PIECE])
        for person in gone:
            people.archive(person=person, by=None)
    return len(gone)


def archived(before: dt.datetime) -> QuerySet[Person]:
    """Archived for so long, by a contact or by the rule, and still needed for nothing."""
    shelved = Person.objects.filter(erased_at=None, merged_into=None, archived_at__lt=before)
    return _needless(shelved, before)


def empty(before: dt.datetime) -> int:
    """Empty some of them; whoever is needed again at this moment stays. How many they were."""
    return erasing.empty(people=archived(before), most=PIECE)


def _needless(found: QuerySet[Person], since: dt.datetime) -> QuerySet[Person]:
    """Without a reason or a wish in force since, a mail that is still told, a post at a member
    company, an open request."""
    of_them: dict[str, Any] = {"person": OuterRef("pk")}
    here = Membership.objects.filter(
        organisation=OuterRef("organisation"),
        cluster=OuterRef("person__cluster"),
        standing=Membership.Standing.MEMBER,
        archived_at=None,
    )
    for rows in (
        forgetting.held_reasons(since).filter(**of_them),
        forgetting.held_wishes(since).filter(**of_them),
        Delivery.objects.filter(**of_them),
        Position.objects.current().filter(Exists(here), **of_them),
        RightsRequest.objects.open().filter(**of_them),
    ):
        found = found.exclude(Exists(rows))
    return found
