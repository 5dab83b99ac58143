"""How many organisations and people each cluster keeps, for those who may know the numbers."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import CharField, Count, F, Q, QuerySet, Value

from crm.models.addresses import Address
from crm.models.basis_rules import Purpose
from crm.models.consent import LegalBasis, Suppression
from crm.models.lasting import lasts, still
from crm.models.network import Cluster
from crm.models.numbers import LASTS, MANY, numbers
from crm.models.organisations import Membership, Organisation
from crm.models.people import Person, PersonAddress
from crm.models.scope import Viewer


@dataclass(frozen=True)
class Counted:
    """One cluster's numbers."""

    cluster: Cluster
    organisations: int
    people: int
    mailable: int


def census(user: Viewer, day: dt.date) -> list[Counted]:
    """The numbers of every cluster whose counts the user may know, in three queries."""
    clusters = list(Cluster.objects.counted_for(user, day).select_related("region"))
    kept = Membership.objects.filter(cluster__in=clusters, archived_at=None).exclude(
        organisation__in=Organisation.objects.gone().order_by().values("pk")  # few: read once
    )
    known = Person.objects.current().filter(cluster__in=clusters)
    first, second = (
        rows.order_by()
        .annotate(what=Value(name, CharField()))
        .values_list("what", "cluster")
        .annotate(n=Count("*"))
        for name, rows in (("organisations", kept), ("people", known))
    )
    of = tuple(cluster.pk for cluster in clusters)
    counts: dict[str, dict[int, int]] = {"organisations": {}, "people": {}}
    for what, cluster, n in numbers(("kept", of), lambda: list(first.union(second, all=True))):
        counts[what][cluster] = n
    organisations, people = counts["organisations"], counts["people"]

    def mailable_now() -> dict[int, int]:
        return dict(_mailable(known, day).order_by().values_list("cluster").annotate(n=Count("*")))

    if sum(people.values()) < MANY:
        mailable = mailable_now()
    else:
        # Each person is judged for it, a quarter of a second for 100,000: too long for every act.
        mailable = (
            cache.get_or_set(f"mailable:{day}:{','.join(map(str, of))}", mailable_now, LASTS) or {}
        )
    return [
        Counted(
            cluster,
            organisations.get(cluster.pk, 0),
            people.get(cluster.pk, 0),
            min(mailable.get(cluster.pk, 0), people.get(cluster.pk, 0)),
        )
        for cluster in clusters
    ]


def _mailable(people: QuerySet[Person], day: dt.date) -> QuerySet[Person]:
    """Those without an obstacle, told by sets: asked of each person it takes six times as long.

    It means the same as `PersonQuerySet.with_obstacle`.
    """
    primary = PersonAddress.objects.filter(is_primary=True)
    gone = Address.objects.filter(Q(undeliverable_at__isnull=False) | Q(key=None))
    stopped = primary.filter(
        Q(address__suppressions__scope=Suppression.Scope.ALL)
        | Q(
            address__suppressions__scope=Suppression.Scope.CLUSTER,
            address__suppressions__cluster=F("person__cluster"),
        ),
        address__suppressions__lifted_at=None,
    )
    founded = LegalBasis.objects.allowed().filter(
        lasts("expires_on", day), purpose=Purpose.MISSIONS
    )
    return people.filter(
        ~still("paused_until", day),
        pk__in=primary.exclude(address_id__in=gone.values("pk")).values("person_id"),
    ).filter(Q(pk__in=founded.values("person_id")), ~Q(pk__in=stopped.values("person_id")))
