"""Why we may write, and the ways to stop: every act leaves its proof."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from crm.actions import addresses, bases, wordings
from crm.models import (
    Address,
    Alliance,
    Basis,
    Cluster,
    ConsentRecord,
    Follow,
    LegalBasis,
    Person,
    PersonAddress,
    Subscription,
    Suppression,
    Topic,
    User,
    Wording,
)
from crm.rules.locks import WITHDRAWAL_BARRIER

READERS_WORD = (
    Suppression.Reason.UNSUBSCRIBED,
    Suppression.Reason.OBJECTED,
    Suppression.Reason.COMPLAINT,
)
"""What a reader said themselves, and not a mail server or a contact."""

# Freezing an audience and a withdrawal cannot see each other's uncommitted rows. A withdrawal
# holds this lock shared until it commits; a freeze takes it once, alone, before its lane opens.


def hold_withdrawals() -> None:
    """What follows in this transaction stops mails: a freeze waits for it, or it for the freeze."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WITHDRAWAL_BARRIER])


def _share(address: Address) -> None:
    """A merge of people with this mailbox waits for the withdrawal, or it for the merge.

    The foreign key would do so, too, but only at the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM crm_address WHERE id = %s FOR KEY SHARE", [address.pk])


def record_basis(
    *,
    person: Person,
    purpose: str,
    basis: str,
    source: str,
    by: User | None = None,
    alliance: Alliance | None = None,
    wording: str = "",
    language: str = "en",
    at: dt.datetime | None = None,
) -> LegalBasis:
    """Write down a legal basis with its proof; a later one replaces an earlier one.

    `wording` are the words that the person agreed to, in that language.
    """
    at = at or timezone.now()
    with transaction.atomic():
        record = ConsentRecord.objects.create(
            person=person,
            address=person.primary.address if person.primary else None,
            cluster_id=person.cluster_id,
            alliance=alliance,
            purpose=purpose,
            act=ConsentRecord.Act.GRANTED if basis == "consent" else ConsentRecord.Act.RECORDED,
            basis=basis,
            wording=_kept(source, language, wording),
            language=language if wording else "",
            source=source,
            by=by,
            at=at,
        )
        return _found(record)


def _found(record: ConsentRecord) -> LegalBasis:
    """What a proof founds, as far as the rules of the person's country let it hold."""
    legal_basis, _created = LegalBasis.objects.update_or_create(
        person=record.person,
        purpose=record.purpose,
        alliance=record.alliance,
        defaults={"basis": record.basis, "since": record.at.date(), "record": record},
    )
    assert record.person_id
    bases.judge([record.person_id])
    return legal_basis


def _kept(place: str, language: str, text: str) -> Wording | None:
    return wordings.keep(slug=place, language=language, text=text) if text else None


def subscribe(
    *,
    person: Person,
    topic: Topic,
    source: str,
    wording: str = "",
    language: str = "en",
    at: dt.datetime | None = None,
) -> Subscription:
    """A confirmed wish for a topic; asking twice changes nothing."""
    at = at or timezone.now()
    with transaction.atomic():
        subscription, created = Subscription.objects.get_or_create(
            person=person,
            topic=topic,
            defaults={"state": Subscription.State.ACTIVE, "since": at},
        )
        if created:
            record = ConsentRecord.objects.create(
                person=person,
                address=person.primary.address if person.primary else None,
                cluster_id=topic.controller_id,
                alliance=topic.alliance,
                topic=topic,
                purpose=topic.purpose,
                act=ConsentRecord.Act.CONFIRMED,
                wording=_kept(source, language, wording),
                language=language if wording else "",
                basis=Basis.CONSENT,
                source=source,
                at=at,
            )
            _found(record)
    return subscription


def settle(*, person: Person, topic: Topic) -> Subscription:
    """How a topic comes that comes unasked is told by a wish, too.

    Nobody asked for the topic, so it is no reason to write, and there is nothing to prove. What was
    left stays left: only a word of theirs begins it anew (`opt_in`).
    """
    with transaction.atomic():
        wish, _created = Subscription.objects.select_for_update(of=("self",)).get_or_create(
            person=person,
            topic=topic,
            defaults={"state": Subscription.State.ACTIVE, "since": timezone.now()},
        )
    return wish


@dataclass(frozen=True)
class Word:
    """What the owner of a mailbox agreed to on a page, and how that reached us."""

    wording: str
    language: str
    source: str
    network: str = ""
    message: str = ""
    place: str = ""
    """The short name of where the words stood; else it follows from the source."""
    asked_with: Wording | None = None
    """The words of the mail that led to the page."""


def kept(word: Word) -> Wording | None:
    """The words of it as a proof names them."""
    return _kept(word.place or word.source, word.language, word.wording)


def opt_in(
    *,
    person: Person,
    address: Address,
    topic: Topic,
    word: Word,
    request: Follow | None = None,
    frequency: str = "",
    beside: Collection[int] = (),
) -> Subscription:
    """A wish for a topic, said by the mailbox's owner; of a form's request the proof stands, too.

    What the reader had left that stands in the way of this topic is lifted, for it is their own
    later word, and nothing else of it but what they want in the same act: topics whose ids stand in
    `beside`. Without a `frequency` posts come as they did. Who never left the topic goes on where
    they were.
    """
    at = timezone.now()
    said: dict[str, Any] = {
        "person": person,
        "address": address,
        "cluster_id": person.cluster_id,
        "alliance": topic.alliance,
        "topic": topic,
        "purpose": topic.purpose,
        "basis": Basis.CONSENT,
        "source": word.source,
    }
    with transaction.atomic():
        if request:
            ConsentRecord.objects.create(
                act=ConsentRecord.Act.REQUESTED,
                wording=_kept(
                    f"follow-form-{request.alliance.slug}", request.shown_in, request.wording
                ),
                language=request.shown_in,
                network=request.network,
                at=request.asked_at,
                **said,
            )
        record = ConsentRecord.objects.create(
            act=ConsentRecord.Act.CONFIRMED,
            wording=kept(word),
            language=word.language,
            network=word.network,
            message=word.message,
            asked_with=word.asked_with,
            at=at,
            **said,
        )
        _found(record)
        stood_in_the_way = _make_way(
            address=address, cluster_id=person.cluster_id, topic=topic, beside=beside, at=at
        )
        wish, created = Subscription.objects.select_for_update(of=("self",)).get_or_create(
            person=person,
            topic=topic,
            defaults={"state": Subscription.State.ACTIVE, "since": at},
        )
        if not created and (stood_in_the_way or wish.state != Subscription.State.ACTIVE):
            wish.begin_anew(at)
        if request:
            wish.markets = request.markets
            frequency = frequency or request.frequency
        if frequency:
            wish.choose(frequency, at)
        wish.save()
    return wish


def _make_way(
    *, address: Address, cluster_id: int, topic: Topic, beside: Collection[int], at: dt.datetime
) -> bool:
    """Lift what keeps the topic's mails from a mailbox; of what was wider the rest stays left.

    Returns whether there was anything.
    """
    # Nobody opts in with a mailbox that is erased; one cluster may have erased its record of it.
    own_word = (
        Suppression.Reason.UNSUBSCRIBED,
        Suppression.Reason.OBJECTED,
        Suppression.Reason.ERASED,
    )
    standing = Suppression.objects.standing().filter(address=address, reason__in=own_word)
    wider = list(
        standing.filter(
            Q(scope=Suppression.Scope.ALL)
            | Q(scope=Suppression.Scope.ALLIANCE, alliance=topic.alliance_id)
            | Q(scope=Suppression.Scope.CLUSTER, cluster=cluster_id)
        )
    )
    kept = {topic.pk, *beside}
    only_here = not _heard_elsewhere(address, cluster_id)
    lifted = standing.filter(topic=topic).update(lifted_at=at)
    Suppression.objects.filter(pk__in=[each.pk for each in wider]).update(lifted_at=at)
    Suppression.objects.bulk_create(
        [
            Suppression(address=address, reason=each.reason, created_at=at, **scope)
            for each in wider
            for scope in _rest_of(each, cluster_id, kept, only_here)
        ],
        ignore_conflicts=True,  # what was left by itself as well stays as it is
    )
    if not only_here and any(each.scope == Suppression.Scope.CLUSTER for each in wider):
        wishes = Subscription.objects.filter(
            person__cluster=cluster_id,
            person__addresses__address=address,
            person__addresses__is_primary=True,
            state=Subscription.State.ACTIVE,
        )
        wishes.exclude(topic__in=kept).update(state=Subscription.State.LEFT, left_at=at)
    return bool(lifted or wider)


def _heard_elsewhere(address: Address, cluster_id: int) -> bool:
    """Whether mails of another cluster come to the mailbox, which was not left."""
    left = Suppression.objects.standing().filter(address=address)
    if left.filter(scope=Suppression.Scope.ALL).exists():
        return False
    uses = PersonAddress.objects.filter(
        address=address, is_primary=True, person__merged_into=None, person__erased_at=None
    )
    of_others = uses.exclude(person__cluster=cluster_id)
    return of_others.exclude(
        person__cluster__in=left.filter(scope=Suppression.Scope.CLUSTER).values("cluster")
    ).exists()


def _rest_of(
    left: Suppression, cluster_id: int, kept: set[int], only_here: bool
) -> list[dict[str, Any]]:
    """What somebody who had left all this does not want even now, in narrower scopes.

    A topic is left for whoever writes about it. So who left one cluster, and gets the topics of its
    alliances from another, leaves none of those: just their wishes with this one end.
    """
    scopes = Suppression.Scope
    others = Topic.objects.exclude(pk__in=kept)
    if left.scope == scopes.CLUSTER:
        here = Q(cluster=cluster_id)
        if only_here:
            here |= Q(alliance__participations__cluster=cluster_id)
        others = others.filter(here).distinct()
    elif left.scope == scopes.ALLIANCE:
        others = others.filter(alliance=left.alliance_id)
    rest: list[dict[str, Any]] = [{"scope": scopes.TOPIC, "topic": other} for other in others]
    if left.scope == scopes.ALL:
        clusters = Cluster.objects.exclude(pk=cluster_id)
        rest += [{"scope": scopes.CLUSTER, "cluster": each} for each in clusters]
    return rest


def withdraw(
    *,
    address: Address,
    scope: str,
    reason: str,
    source: str,
    topic: Topic | None = None,
    cluster: Cluster | None = None,
    alliance: Alliance | None = None,
    delivery: int | None = None,
    person: Person | None = None,
    by: User | None = None,
    at: dt.datetime | None = None,
) -> Suppression:
    """Never write to this address again in this scope. Effective when it returns; repeatable.

    Waiting deliveries stop in the same transaction (a trigger on suppressions sees to it). A mail
    that came before its reader moved to another mailbox stops what comes to that one, unless they
    asked for it there since.
    """
    at = at or timezone.now()
    names: dict[str, Any] = {
        "scope": scope, "topic": topic, "cluster": cluster, "alliance": alliance
    }  # fmt: skip
    of_all = scope == Suppression.Scope.ALL
    word = ConsentRecord(
        person=person,
        address=address,
        cluster=cluster or (person.cluster if person and not of_all else None),
        alliance=alliance,
        topic=topic,
        act=ConsentRecord.Act.OBJECTED
        if reason == Suppression.Reason.OBJECTED
        else ConsentRecord.Act.WITHDRAWN,
        source=source,
        delivery=delivery,
        by=by,
        at=at,
    )
    with transaction.atomic():
        hold_withdrawals()
        _share(address)
        suppression, created = Suppression.objects.get_or_create(
            address=address,
            lifted_at=None,
            defaults={"reason": reason, "delivery": delivery, "created_at": at},
            **names,
        )
        if created or _says_more(suppression, reason, word):
            if not created:
                suppression.refresh_from_db()
            if topic:
                # Who reads their mails elsewhere now is told below, and a successor is not they.
                Subscription.objects.filter(
                    person__addresses__address=address,
                    person__addresses__is_primary=True,
                    topic=topic,
                ).update(state=Subscription.State.LEFT, left_at=at)
            word.save()
        for moved_to in addresses.moved_to(address) if reason in READERS_WORD else ():
            if not came_back(address=moved_to, at=at, **names):
                withdraw(
                    address=moved_to, reason=reason, source=source, delivery=delivery,
                    person=person, by=by, at=at, **names,
                )  # fmt: skip
    return suppression


def came_back(
    *,
    address: Address,
    at: dt.datetime,
    scope: str,
    topic: Topic | None = None,
    cluster: Cluster | None = None,
    alliance: Alliance | None = None,
) -> bool:
    """Whether the reader asked for it again after this: an old fact told again is no new wish."""
    return Suppression.objects.filter(
        address=address,
        scope=scope,
        topic=topic,
        cluster=cluster,
        alliance=alliance,
        lifted_at__gte=at,
    ).exists()


def _says_more(standing: Suppression, reason: str, word: ConsentRecord) -> bool:
    """Whether a word about what is stopped already is a new one, to be proved by itself."""
    rows = Suppression.objects.filter(pk=standing.pk)
    # What a merge concluded goes with the merge's undoing; the reader's own word stays.
    own = rows.filter(merge__isnull=False)
    if own.update(merge=None, reason=reason, delivery=word.delivery, created_at=word.at):
        return True
    if reason != Suppression.Reason.OBJECTED or standing.reason == reason:
        return False
    # Whoever had left may object as well; an objection to what a server or a contact stopped stands
    # beside it, once.
    if rows.filter(reason=Suppression.Reason.UNSUBSCRIBED).update(reason=reason):
        return True
    said = ConsentRecord.objects.filter(
        address=standing.address_id,
        act=ConsentRecord.Act.OBJECTED,
        cluster=word.cluster_id,
        alliance=standing.alliance_id,
        topic=standing.topic_id,
        at__gte=standing.created_at,
    )
    return not said.exists()
