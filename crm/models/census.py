"""How many organisations and people each cluster keeps, for those who may know the numbers."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from crm.models.network import Cluster
from crm.models.organisations import Membership
from crm.models.people import Person
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
    kept = Membership.objects.filter(
        cluster__in=clusters,
        archived_at=None,
        organisation__archived_at=None,
        organisation__merged_into=None,
    )
    organisations = dict(kept.order_by().values_list("cluster").annotate(n=Count("pk")))
    known = Person.objects.current().filter(cluster__in=clusters).with_obstacle(day)
    people = {
        row["cluster"]: row
        for row in known.order_by()
        .values("cluster")
        .annotate(n=Count("pk"), mailable=Count("pk", filter=Q(obstacle="")))
    }
    nobody = {"n": 0, "mailable": 0}
    return [
        Counted(
            cluster,
            organisations.get(cluster.pk, 0),
            people.get(cluster.pk, nobody)["n"],
            people.get(cluster.pk, nobody)["mailable"],
        )
        for cluster in clusters
    ]
