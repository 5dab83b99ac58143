"""A reader goes to another mailbox, and takes along what they are, wished, agreed to and left."""

from django.db import transaction
from django.utils import timezone

from crm.actions import addresses, consent, people, tracking
from crm.actions.consent import Word
from crm.actions.preferences import Preferences
from crm.models import Address, ConsentRecord, Person, Subscription, Suppression
from crm.models.consent import TRACKING

# What the reader said themselves goes with them; what servers said of a mailbox does not.
OWN_WORD = (*consent.READERS_WORD, Suppression.Reason.MANUAL)
Act = ConsentRecord.Act


def move(*, old: Address, email: str, word: Word) -> Address:
    """The owner of both mailboxes said so: whoever reads mails at the old one reads them there now.

    The old mailbox stays with each person, so that what was sent to it stays true. What either
    mailbox was kept from stays kept from it: who was erased by a cluster, or left it, at the new
    one gets nothing of it there before they ask for it. Raises Refused where the new one is erased.
    """
    with transaction.atomic():
        new = addresses.find_or_create(email)
        moving = Preferences(old).people
        tracking.take_along(old=old, new=new, word=word)
        for person in moving:
            people.change_address(
                person=person, email=email, by=None, allow_shared=True, own_word=True
            )
            _prove(person, new, word)
        for left in Suppression.objects.standing().filter(address=old, reason__in=OWN_WORD):
            consent.withdraw(
                address=new,
                scope=left.scope,
                topic=left.topic,
                cluster=left.cluster,
                alliance=left.alliance,
                reason=left.reason,
                source=word.source,
                delivery=left.delivery,
            )
    return new


def _prove(person: Person, new: Address, word: Word) -> None:
    """What was agreed to at the old mailbox holds at the new one, in its own words, by this act."""
    wishes = Subscription.objects.filter(person=person, state=Subscription.State.ACTIVE)
    said = ConsentRecord.objects.filter(
        person__in=person.selves, act__in=(Act.CONFIRMED, Act.GRANTED, Act.RECORDED)
    )
    of_topics = said.filter(topic__in=wishes.values("topic")).order_by("topic", "-at", "-pk")
    counting = {basis.record_id for basis in person.legal_bases.all()}
    counting |= {record.pk for record in of_topics.distinct("topic")}
    if tracking.agrees(new):
        of_clicks = said.filter(purpose=TRACKING).order_by("-at", "-pk")[:1]
        counting |= {record.pk for record in of_clicks}
    ConsentRecord.objects.bulk_create(
        [
            ConsentRecord(
                person=person,
                address=new,
                cluster_id=first.cluster_id,
                alliance_id=first.alliance_id,
                topic_id=first.topic_id,
                purpose=first.purpose,
                act=Act.MOVED,
                basis=first.basis,
                wording_id=first.wording_id,
                language=first.language,
                source=word.source,
                network=word.network,
                message=word.message,
                asked_with=word.asked_with,
                at=timezone.now(),
            )
            for first in ConsentRecord.objects.filter(pk__in=counting).order_by("pk")
        ]
    )
