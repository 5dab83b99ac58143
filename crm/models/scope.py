"""What a user may see: computed once per request, then used by every noun's queryset.

Predicates are plain `column = ANY(ids)`; no queryset joins the permission tables.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, QuerySet, Value
from django.utils import timezone

from crm.models.statements import answers

if TYPE_CHECKING:
    from crm.models.users import User

Viewer = Union["User", AnonymousUser]


@dataclass(frozen=True)
class Scope:
    """The ids that decide visibility."""

    admin: bool = False
    clusters: frozenset[int] = frozenset()
    """Clusters whose records the user reads."""
    contact_for: frozenset[int] = frozenset()
    """Clusters whose records the user keeps."""
    coordinates: frozenset[int] = frozenset()
    """Alliances the user writes calls for."""
    alliances: frozenset[int] = frozenset()
    """Alliances the user belongs to in any way."""
    reads_alliances: frozenset[int] = frozenset()
    """Alliances whose shared records the user reads (coordinator, or reader of the alliance)."""
    shared_clusters: frozenset[int] = frozenset()
    """Clusters that share their core records with an alliance in `reads_alliances`."""
    allied_clusters: frozenset[int] = frozenset()
    """Every cluster in one of `alliances`: their public facts, never their lists."""

    @property
    def reads(self) -> frozenset[int]:
        """Clusters whose people and organisations appear, whole or reduced."""
        return self.clusters | self.shared_clusters

    def reads_whole(self, cluster_id: int) -> bool:
        """Whether this cluster's people are read with address, phone and consent."""
        return self.admin or cluster_id in self.clusters

    @property
    def keeps_records(self) -> bool:
        """Whether there is a cluster whose organisations and people the user enters."""
        return self.admin or bool(self.contact_for)

    @property
    def leads(self) -> bool:
        """Whether the user may enter missions and events."""
        return self.admin or bool(self.coordinates)

    @property
    def anything(self) -> bool:
        return bool(self.admin or self.clusters or self.alliances)


NOTHING = Scope()


def scope_of(user: Viewer) -> Scope:
    """The scope kept on the user for this request; somebody not signed in sees nothing."""
    return getattr(user, "scope", NOTHING)


def asked_by(user: Viewer) -> tuple[int | None, Scope, dt.date]:
    """All that what a user may see depends on: the key of a statement that asks for them."""
    return user.pk, scope_of(user), timezone.localdate()


def todays_scope(user: Viewer) -> Scope:
    """Compute today's scope of a user."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    today = timezone.localdate()
    grants, participations = [], []
    for role, cluster, alliance, sharing, during in answers(
        ("scope", user.pk, today), lambda: _grants_and_participations(user, today)
    ):
        if role:
            grants.append((role, cluster, alliance))
        else:
            participations.append((alliance, cluster, sharing, during))
    if any(role == "admin" for role, _cluster, _alliance in grants):
        return Scope(admin=True)
    own = frozenset(cluster for _role, cluster, _alliance in grants if cluster)
    reads_alliances = frozenset(alliance for _role, _cluster, alliance in grants if alliance)
    alliances, allied, shared = set(reads_alliances), set(own), set()
    for alliance, cluster, _sharing, _during in participations:
        if cluster in own:
            alliances.add(alliance)
    for alliance, cluster, sharing, during in participations:
        if alliance in alliances:
            allied.add(cluster)
        if alliance in reads_alliances and sharing == "core" and today in during:
            shared.add(cluster)
    return Scope(
        clusters=own,
        contact_for=frozenset(c for role, c, _alliance in grants if c and role == "contact"),
        coordinates=frozenset(a for role, _c, a in grants if a and role == "coordinator"),
        alliances=frozenset(alliances),
        reads_alliances=reads_alliances,
        shared_clusters=frozenset(shared) - own,
        allied_clusters=frozenset(allied),
    )


def _grants_and_participations(user: "User", today: dt.date) -> QuerySet[Any, Any]:
    """In one question, for every page asks it. A participation has no role."""
    Participation = apps.get_model("crm", "Participation")
    asked = ("role", "cluster_id", "alliance_id", "sharing", "during")
    held = user.grants.valid_on(today).order_by().annotate(sharing=Value(None, CharField()))
    taken_part = Participation.objects.order_by().values_list(Value(""), *asked[1:])
    return held.values_list(*asked).union(taken_part, all=True)
