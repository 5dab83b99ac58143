"""What comes back: refusals, complaints, answers. Facts are monotone, their order is irrelevant.

Two rules make it so. Of each fact the earliest moment counts, and the gravest kind of bounce. And
evidence that somebody has the mail outweighs a bounce, which may be of a second mailbox behind
the first; only the mail server's own refusal of the very attempt is final.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Least
from django.utils import timezone

from campaigns.actions import statements
from campaigns.models import BounceClass, Campaign, Delivery, Digest, DigestItem, Letter, Post
from campaigns.rules import bounces
from crm.actions import answers, consent
from crm.models import (
    Address,
    Answer,
    Cluster,
    Frequency,
    Subscription,
    Suppression,
    Topic,
)

log = logging.getLogger(__name__)

Kind = Literal["accepted", "delivered", "deferred", "bounced", "complained", "unsubscribed"]

# The phases in which a server refused this mail; others are our own trouble with it.
SERVERS_PHASES = ("mail", "rcpt", "data", "dot", "provider")

# Whoever has the mail has it, whatever we thought. Of an attempt that is under way or over, only
# a fact about this attempt says so; what merely waits for another try need not be tried again.
HAS_IT = """
UPDATE campaigns_delivery d SET state = 3, settled_at = clock_timestamp()
FROM unnest(%(deliveries)s::bigint[], %(generations)s::int[]) AS f (delivery, generation)
WHERE d.id = f.delivery AND d.generation > 0 AND d.state <> 3
  AND (d.state NOT IN (2, 4, 8) OR f.generation IS NULL OR d.generation = f.generation)
  AND NOT EXISTS (
    SELECT FROM campaigns_attempt a
    WHERE a.delivery_id = d.id AND a.generation = d.generation AND a.outcome = 'failed')
RETURNING d.id
"""

# A bounce decides what nobody decided. If the server then says that it accepted the mail, that
# counts (see `transitions.SETTLE`). A bounce that names no attempt is taken for one of the first: a
# later one must not fail because an old bounce is told again.
CAME_BACK = """
UPDATE campaigns_delivery d SET state = 4, settled_at = clock_timestamp()
FROM unnest(%(deliveries)s::bigint[], %(generations)s::int[]) AS f (delivery, generation)
WHERE d.id = f.delivery AND d.state IN (2, 8) AND coalesce(f.generation, 1) = d.generation
RETURNING d.id
"""

# Whoever holds one of these rows may want another of them, so we wait for none.
FREE = """
SELECT id FROM campaigns_delivery WHERE id = ANY(%(deliveries)s::bigint[])
FOR NO KEY UPDATE SKIP LOCKED
"""

DELIVERED = """
UPDATE campaigns_delivery d SET delivered_at = f.at
FROM (SELECT delivery, min(at) AS at
      FROM unnest(%(deliveries)s::bigint[], %(moments)s::timestamptz[]) AS t (delivery, at)
      GROUP BY delivery) f
WHERE d.id = f.delivery AND (d.delivered_at IS NULL OR d.delivered_at > f.at)
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a provider or a mail told about a delivery, or about one attempt of it."""

    kind: Kind
    delivery_id: int
    at: dt.datetime
    source: str
    generation: int | None = None
    status: str = ""
    text: str = ""


def record(fact: Fact) -> None:
    """Write a fact down. The same again, or in another order, gives the same final state.

    About a delivery that is not in this ledger there is nothing to write.
    """
    delivery = (
        Delivery.objects.select_related("address", "person__cluster", "campaign__topic")
        .filter(pk=fact.delivery_id)
        .first()
    )
    if delivery is None:
        log.warning("%s tells of delivery %s, which is not here.", fact.source, fact.delivery_id)
        return
    with transaction.atomic():
        if fact.kind == "bounced":
            kind = bounces.judge(status=fact.status, text=fact.text)
            # Servers name the mailbox; of one that is erased nothing is written down any more.
            text = "" if delivery.address.erased_at else fact.text
            said = " ".join(part for part in (fact.status, text) if part)
            _bounced(delivery, BounceClass(kind), said=said, source=fact.source, at=fact.at)
            # What the earliest of several bounces said is shown.
            Delivery.objects.filter(pk=delivery.pk, bounced_at__gte=fact.at).update(
                reply=said[:160]
            )
            _settle(CAME_BACK, [fact.delivery_id], [fact.generation])
            return
        if fact.kind == "delivered":
            _note(delivery, delivered_at=fact.at)
        elif fact.kind == "complained":
            complained(delivery=delivery, source=fact.source, at=fact.at)
        elif fact.kind == "unsubscribed":
            _leave(delivery, fact)
        _settle(HAS_IT, [fact.delivery_id], [fact.generation])


def receipts(facts: Sequence[Fact]) -> set[int]:
    """Write down at once that many mails were accepted or delivered: nearly all that is told.

    Returns the deliveries that were free; what is told of others is to be recorded one by one.
    """
    with transaction.atomic():
        ids = [fact.delivery_id for fact in facts]
        free = {row[0] for row in statements.rows(FREE, {"deliveries": ids})}
        facts = [fact for fact in facts if fact.delivery_id in free]
        delivered = [fact for fact in facts if fact.kind == "delivered"]
        values = {
            "deliveries": [fact.delivery_id for fact in delivered],
            "moments": [fact.at for fact in delivered],
        }
        statements.run(DELIVERED, values)
        _settle(HAS_IT, [fact.delivery_id for fact in facts], [fact.generation for fact in facts])
    return free


def refused(*, delivery: Delivery, reply: str, phase: str, code: int | None = None) -> None:
    """A definite refusal by a mail server. Does nothing about our own trouble with a mail.

    A refusal of our sender says nothing about the reader's mailbox, whatever its code.
    """
    if phase not in SERVERS_PHASES:
        return
    kind = BounceClass(bounces.judge(code=code, text=reply))
    if phase == "mail" and kind != BounceClass.REFUSED:
        kind = BounceClass.OTHER
    with transaction.atomic():
        _bounced(delivery, kind, said=reply, source="mail server", at=timezone.now())


def complained(*, delivery: Delivery, source: str, at: dt.datetime | None = None) -> None:
    """The reader marked the mail as spam: this controller never writes again."""
    at, reader = at or timezone.now(), delivery.person
    with transaction.atomic():
        if reader:
            for mailbox in _mailboxes(delivery.address, [delivery]):
                _withdraw(
                    delivery,
                    at,
                    mailbox=mailbox,
                    scope=Suppression.Scope.CLUSTER,
                    cluster=reader.cluster,
                    person=reader,
                    reason=Suppression.Reason.COMPLAINT,
                    source=source,
                )
        _note(delivery, complained_at=at)


def unsubscribed(
    *, address: Address, campaign: Campaign, cluster: Cluster, source: str, scope: str = ""
) -> tuple[str, list[Topic]]:
    """The reader left by the link of a mail; without a scope, the narrowest one.

    Whoever uses a mail's links has it. Returns the scope that was left, and which topics: where
    nobody knows any more what a mail was about, it is all of its alliance, for something must be
    left.
    """
    scope = scope or narrowest(campaign)
    with transaction.atomic():
        mails = _mails(campaign, address)
        scope, topics = _what(campaign, address, scope)
        for mailbox in _mailboxes(address, mails):
            for topic in topics:
                consent.withdraw(
                    address=mailbox,
                    scope=scope,
                    topic=topic,
                    cluster=cluster if scope == Suppression.Scope.CLUSTER else None,
                    alliance=campaign.alliance if scope == Suppression.Scope.ALLIANCE else None,
                    reason=Suppression.Reason.UNSUBSCRIBED,
                    source=source,
                    delivery=mails[0].pk if mails else None,
                )
        for mail in mails:
            used_its_links(mail.pk)
    return scope, [topic for topic in topics if topic]


def objected(
    *, address: Address, campaign: Campaign, cluster: Cluster, source: str, scope: str = ""
) -> tuple[str, list[Topic]]:
    """The reader objects to being written to (GDPR, Art. 21(2)), by a link of the first mail.

    Their controller writes nothing to them any more, whatever about; with a wider `scope` the
    alliance or everybody stops, too. Repeatable. Returns what `unsubscribed` does.
    """
    scope = scope or Suppression.Scope.CLUSTER
    with transaction.atomic():
        mails = _mails(campaign, address)
        objector = next((mail.person for mail in mails if mail.person), None)
        for mailbox in _mailboxes(address, mails):
            for each in dict.fromkeys((Suppression.Scope.CLUSTER.value, scope)):
                consent.withdraw(
                    address=mailbox,
                    scope=each,
                    cluster=cluster if each == Suppression.Scope.CLUSTER else None,
                    alliance=campaign.alliance if each == Suppression.Scope.ALLIANCE else None,
                    reason=Suppression.Reason.OBJECTED,
                    source=source,
                    person=objector,
                    delivery=mails[0].pk if mails else None,
                )
        for mail in mails:
            used_its_links(mail.pk)
    return scope, []


def _mails(campaign: Campaign, address: Address) -> list[Delivery]:
    sent = Delivery.objects.filter(campaign=campaign, address=address)
    return list(sent.select_related("person__cluster").order_by("pk"))


def _mailboxes(address: Address, mails: Sequence[Delivery]) -> list[Address]:
    """The mailbox of a link, and where those read their mails now to whom it was sent there."""
    now = Address.objects.filter(uses__person__in=_readers(mails), uses__is_primary=True)
    return [address, *now.exclude(pk=address.pk).order_by("pk").distinct()]


def _readers(mails: Sequence[Delivery]) -> set[int | None]:
    """To whom these were sent, under the records that they have now."""
    return {mail.person.merged_into_id or mail.person_id for mail in mails if mail.person}


def narrowest(campaign: Campaign) -> str:
    """What somebody leaves who says no more than "unsubscribe": the topic, if there is one.

    Of a digest all that comes in digests of its alliance.
    """
    of_topics = campaign.topic_id or campaign.is_digest
    return Suppression.Scope.TOPIC if of_topics else Suppression.Scope.CLUSTER


def _what(
    campaign: Campaign, address: Address, scope: str
) -> tuple[str, Sequence[Topic] | Sequence[None]]:
    """What is left truly, in this scope or the next wider one, and of which topics."""
    if scope != Suppression.Scope.TOPIC:
        return scope, [None]
    topics = _topics(campaign, address)
    return (scope, topics) if topics else (Suppression.Scope.ALLIANCE.value, [None])


def _topics(campaign: Campaign, address: Address) -> list[Topic]:
    """What a reader leaves by a mail without saying more.

    Of a digest what it told them, as far as that is still known, and what comes to them in digests;
    else whatever that digest told anybody.
    """
    if campaign.topic:
        return [campaign.topic]
    mails = _mails(campaign, address)
    told = [mail.pk for mail in mails]
    asked = Subscription.objects.filter(
        Q(person__in=_readers(mails))
        | Q(person__addresses__address=address, person__addresses__is_primary=True),
        topic__alliance=campaign.alliance,
    )
    topics = Topic.objects.filter(
        Q(pk__in=DigestItem.objects.filter(delivery__in=told).values("topic"))
        | Q(pk__in=asked.exclude(frequency=Frequency.EACH).values("topic"))
    ).order_by("pk")
    if topics:
        return list(topics)
    turn = Digest.objects.filter(campaign=campaign).first()
    posts = Post.objects.filter(pk__in=[int(pk) for pk in turn.posts] if turn else [])
    told_anybody = Topic.objects.filter(pk__in=posts.values("topic")).order_by("pk")
    return list(told_anybody.filter(pk__in=asked.values("topic"))) or list(told_anybody)


def used_its_links(delivery_id: int) -> None:
    """A reader who uses a mail's own links has it: an undecided delivery was accepted."""
    _settle(HAS_IT, [delivery_id], [None])


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


def _bounced(
    delivery: Delivery, kind: BounceClass, *, said: str, source: str, at: dt.datetime
) -> None:
    """Note a bounce; suppress the address where its kind, or its repetition, condemns it."""
    if kind == BounceClass.GONE or (kind == BounceClass.FULL and _confirmed(delivery, at)):
        new = _withdraw(
            delivery,
            at,
            mailbox=delivery.address,
            scope=Suppression.Scope.ALL,
            reason=Suppression.Reason.HARD_BOUNCE,
            source=source,
        )
        if new:
            Address.objects.filter(pk=delivery.address_id, undeliverable_at=None).update(
                undeliverable_at=at, undeliverable_why=said[:200]
            )
    _note(delivery, bounced_at=at, bounce_class=kind)


def _confirmed(delivery: Delivery, at: dt.datetime) -> bool:
    """Whether enough campaigns found the mailbox full; each counts once."""
    at = min(at, delivery.bounced_at or at)
    # Two of them at once must see each other.
    Address.objects.select_for_update(no_key=True).get(pk=delivery.address_id)
    rows = Delivery.objects.filter(
        address=delivery.address_id, bounce_class=BounceClass.FULL, bounced_at__isnull=False
    ).exclude(pk=delivery.pk)
    moments = {row.campaign_id: row.bounced_at for row in rows if row.bounced_at}
    return bounces.confirmed((moments | {delivery.campaign_id: at}).values())


def _leave(delivery: Delivery, fact: Fact) -> None:
    campaign = delivery.campaign
    scope = narrowest(campaign)
    cluster = delivery.person.cluster if delivery.person else None
    if scope == Suppression.Scope.CLUSTER and cluster is None:
        return
    scope, topics = _what(campaign, delivery.address, scope)
    for mailbox in _mailboxes(delivery.address, [delivery]):
        for topic in topics:
            _withdraw(
                delivery,
                fact.at,
                mailbox=mailbox,
                scope=scope,
                topic=topic,
                cluster=cluster if scope == Suppression.Scope.CLUSTER else None,
                alliance=campaign.alliance if scope == Suppression.Scope.ALLIANCE else None,
                person=delivery.person,
                reason=Suppression.Reason.UNSUBSCRIBED,
                source=fact.source,
            )


def _withdraw(
    delivery: Delivery, at: dt.datetime, *, mailbox: Address, scope: str, **names: Any
) -> bool:
    """Suppress, unless the reader came back after this."""
    where = {name: names.get(name) for name in ("topic", "cluster", "alliance")}
    if consent.came_back(address=mailbox, at=at, scope=scope, **where):
        return False
    consent.withdraw(address=mailbox, scope=scope, delivery=delivery.pk, at=at, **names)
    return True


def _note(delivery: Delivery, **facts: Any) -> None:
    """The least of each fact counts: the earliest moment, the gravest kind."""
    Delivery.objects.filter(pk=delivery.pk).update(
        **{name: Least(F(name), Value(value)) for name, value in facts.items()}
    )


def _settle(statement: str, deliveries: Sequence[int], generations: Sequence[int | None]) -> None:
    values = {"deliveries": deliveries, "generations": generations}
    if settled := [row[0] for row in statements.rows(statement, values)]:
        Letter.objects.filter(delivery__in=settled).delete()
