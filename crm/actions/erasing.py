"""Erasing: a cluster's record of somebody, or a mailbox and everybody who holds it, for good.

What becomes of each table stands in docs/privacy.md and is done by what `settings.TRACES` names.
What stays of a mailbox is its keyed hash, by which it is kept out from then on.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from crm.actions import audit, consent, erasure_log
from crm.actions.errors import Refused
from crm.models import (
    Address,
    Cluster,
    ContactPoint,
    Erasure,
    Person,
    PersonAddress,
    Suppression,
    User,
)
from crm.models.history import history_of

SOURCE = "erasure"
Scope = Erasure.Scope


@dataclass(frozen=True)
class Traces:
    """By what somebody who is erased is found in the tables."""

    people: tuple[int, ...]
    """Their records, and those that were merged into them."""
    clusters: tuple[int, ...]
    names: tuple[str, ...]
    emptied: tuple[Address, ...]
    """Mailboxes that nobody else holds, as they were written."""
    left: tuple[Address, ...]
    """Mailboxes that others go on using: they are only taken off these people."""

    @property
    def addresses(self) -> list[int]:
        return [address.pk for address in (*self.emptied, *self.left)]


def erase_person(*, person: Person, by: User | None, at: dt.datetime | None = None) -> None:
    """Erase one cluster's record of somebody, and what was merged with it. Twice is as once.

    A mailbox that nobody else holds is emptied; of one that another cluster's contact has, this
    cluster's mails are stopped for good. Either way no list brings it back.
    """
    with transaction.atomic():
        consent.hold_withdrawals()
        people = _held(_selves([person.pk]))
        if not people:
            return
        _log(_forget(people, frozenset(), by), people, by, at)
        audit.record(by=by, verb="erase", row=person, cluster=person.cluster)


def erase_mailbox(*, address: Address, at: dt.datetime | None = None) -> None:
    """Its owner wants it erased: the mailbox, and whoever holds it in any list. Twice is as once.

    Where several people of one cluster share it, nobody knows who of them asks: they lose the
    mailbox and stay.
    """
    with transaction.atomic():
        consent.hold_withdrawals()
        people = _held(_selves(sole_holders(address)), address)
        address.refresh_from_db()
        if address.erased_at:
            return
        _log(_forget(people, frozenset([address.pk]), None), people, None, at)
        audit.record(by=None, verb="erase", row=address, count=len(people))


def empty(*, people: QuerySet[Person], most: int) -> int:
    """Empty records that nobody needs any more, with what was merged into them: `most` at once.

    Nobody asked for it, so nothing keeps them out: by their own word or with a list they may come
    again. Their mailboxes are only taken off them, and keep what was left by them. No log tells it:
    the rule that finds them finds them in a restored copy, too. Returns how many were found.
    """
    with transaction.atomic():
        chosen = list(people.order_by("pk").values_list("pk", flat=True)[:most])
        held = _held(_selves(chosen))
        still = _selves(people.filter(pk__in=chosen).values_list("pk", flat=True))
        gone = [person for person in held if person.pk in still]
        traces = _traces(gone, frozenset())
        traces = replace(traces, emptied=(), left=(*traces.emptied, *traces.left))
        for forget in _forgetting():
            forget(traces)
        for person in gone:
            audit.record(by=None, verb="empty", row=person, cluster=person.cluster)
    return len(chosen)


def sole_holders(address: Address) -> list[int]:
    """Whose the mailbox is: of each cluster, unless several people there read it.

    Whoever reads their mails elsewhere by now is none of them. A cluster may have said that several
    read it; of those who followed by themselves nobody has.
    """
    uses = PersonAddress.objects.filter(
        address=address, is_primary=True, person__erased_at=None, person__merged_into=None
    )
    holders = Person.objects.filter(pk__in=uses.values("person"))
    several = {
        cluster
        for cluster in holders.values_list("cluster", flat=True).distinct()
        if holders.current().filter(cluster=cluster).count() > 1
    }
    said = uses.filter(kind=PersonAddress.Kind.SHARED).exclude(person__kind=Person.Kind.FOLLOWER)
    sole = holders.exclude(cluster__in=several).exclude(pk__in=said.values("person"))
    return list(sole.values_list("pk", flat=True))


def replay(entry: erasure_log.Entry) -> bool:
    """Erase once more what a copy of the database brought back; False if nothing was to be done.

    A mailbox that the copy does not know is written down as erased, so that it stays out.
    """
    with transaction.atomic():
        if Erasure.objects.filter(key=entry.key).exists():
            return False
        consent.hold_withdrawals()
        address = Address.objects.filter(hmac=entry.hmac).first() if entry.hmac else None
        if entry.hmac and address is None:
            address = Address.objects.create(hmac=entry.hmac, domain="", erased_at=entry.at)
        extra = address if entry.scope == Scope.MAILBOX else None
        people = _held(_selves(_again(entry)), extra)
        _forget(people, frozenset([extra.pk] if extra else ()), None)
        if address:
            address.refresh_from_db()
            everywhere = entry.scope == Scope.MAILBOX or address.erased_at
            _stop(address, None if everywhere else entry.cluster, None)
        Erasure.objects.create(
            key=entry.key,
            hmac=entry.hmac,
            scope=entry.scope,
            cluster_id=entry.cluster,
            people=entry.people,
            at=entry.at,
            by=User.objects.filter(pk=entry.by).first() if entry.by else None,
            logged_at=timezone.now(),
        )
    return True


def replay_all() -> int:
    """Every erasure of the file that this database does not know. Returns how many."""
    return sum(replay(entry) for entry in erasure_log.read())


def refuse_erased(person: Person) -> None:
    """Nothing is written down about somebody who was erased."""
    if person.erased_at:
        raise Refused(_("This person was erased. Nothing is kept about them any more."))


def _selves(pks: Iterable[int]) -> set[int]:
    """These records, whatever was merged into them, and what they were merged into."""
    found: set[int] = set()
    more = set(pks)
    while more:
        found |= more
        rows = Person.objects.filter(Q(pk__in=more) | Q(merged_into__in=more))
        pairs = rows.values_list("pk", "merged_into")
        more = {pk for pair in pairs for pk in pair if pk} - found
    return found


def _held(pks: set[int], address: Address | None = None) -> list[Person]:
    """Those of them who are not erased yet; held, after their mailboxes, until it is done."""
    uses = PersonAddress.objects.filter(person__in=pks)
    mailboxes = Q(pk__in=uses.values("address"))
    if address:
        mailboxes |= Q(pk=address.pk)
    list(Address.objects.filter(mailboxes).select_for_update().order_by("pk"))
    rows = Person.objects.filter(pk__in=pks, erased_at=None).select_for_update(of=("self",))
    return list(rows.order_by("pk"))


def _forget(people: list[Person], owned: frozenset[int], by: User | None) -> Traces:
    """Stop every mail and empty every table; `owned` are mailboxes whose owner asks."""
    traces = _traces(people, owned)
    for address in traces.emptied:
        _stop(address, None, by)
    for address in traces.left:
        for cluster in (None,) if address.pk in owned else traces.clusters:
            _stop(address, cluster, by)
    for forget in _forgetting():
        forget(traces)
    return traces


def _traces(people: list[Person], owned: frozenset[int]) -> Traces:
    pks = [person.pk for person in people]
    used = {*owned}
    for uses in (PersonAddress.objects, history_of(PersonAddress).objects):
        used |= set(uses.filter(person__in=pks).values_list("address_id", flat=True))
    others = PersonAddress.objects.filter(address__in=used - owned).exclude(person__in=pks)
    shared = set(others.values_list("address_id", flat=True))
    mailboxes = list(Address.objects.filter(pk__in=used, erased_at=None).order_by("pk"))
    left = {each.pk for each in mailboxes if each.pk in shared or _is_of_staff(each)}
    return Traces(
        people=tuple(pks),
        clusters=tuple(sorted({person.cluster_id for person in people})),
        names=tuple({f"{p.given} {p.family}".strip() for p in people} - {""}),
        emptied=tuple(each for each in mailboxes if each.pk not in left),
        left=tuple(each for each in mailboxes if each.pk in left),
    )


def _is_of_staff(address: Address) -> bool:
    """Whoever works with Liaison goes on getting its letters, whatever lists they stood in."""
    users = User.objects.filter(email__iexact=address.email, is_active=True)
    desks = ContactPoint.objects.valid_on(timezone.localdate()).filter(email__iexact=address.email)
    return users.exists() or desks.exists()


def _stop(address: Address, cluster: int | None, by: User | None) -> None:
    """Never write to it again: this cluster, or nobody at all."""
    stopped = consent.withdraw(
        address=address,
        scope=Suppression.Scope.CLUSTER if cluster else Suppression.Scope.ALL,
        cluster=Cluster.objects.get(pk=cluster) if cluster else None,
        reason=Suppression.Reason.ERASED,
        source=SOURCE,
        by=by,
    )
    Suppression.objects.filter(pk=stopped.pk).exclude(reason=Suppression.Reason.ERASED).update(
        reason=Suppression.Reason.ERASED
    )


@cache
def _forgetting() -> list[Callable[[Traces], None]]:
    return [import_string(path) for path in settings.TRACES]


def _log(traces: Traces, people: list[Person], by: User | None, at: dt.datetime | None) -> None:
    """A row for each mailbox; for people without one, a row for each cluster."""
    told: dict[str, Any] = {
        "people": [[person.pk, person.created_at.isoformat()] for person in people],
        "at": at or timezone.now(),
        "by": by,
    }
    stopped = Suppression.objects.standing().filter(
        address__in=traces.left, scope="all", reason="erased"
    )
    everywhere = {*stopped.values_list("address", flat=True)}
    rows = [Erasure(hmac=each.hmac, scope=Scope.MAILBOX, **told) for each in traces.emptied]
    for address in traces.left:
        if address.pk in everywhere:
            rows.append(Erasure(hmac=address.hmac, scope=Scope.MAILBOX, **told))
            continue
        rows += [
            Erasure(hmac=address.hmac, scope=Scope.CLUSTER, cluster_id=cluster, **told)
            for cluster in traces.clusters
        ]
    if not rows:
        rows = [
            Erasure(scope=Scope.CLUSTER, cluster_id=cluster, **told) for cluster in traces.clusters
        ]
    Erasure.objects.bulk_create(rows)
    transaction.on_commit(erasure_log.keep, robust=True)


def _again(entry: erasure_log.Entry) -> list[int]:
    """Of the people that went those whom this copy has: the same id, made at the same moment."""
    made = {pk: dt.datetime.fromisoformat(at) for pk, at in entry.people}
    rows = Person.objects.filter(pk__in=made, erased_at=None)
    return [person.pk for person in rows if person.created_at == made[person.pk]]
