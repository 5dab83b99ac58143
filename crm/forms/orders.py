"""Orders of a list by what stands in another table: a post, or how a cluster keeps it.

Walking that table in its order finds the first fifty without sorting a hundred thousand rows.
"""

from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from crm.models import Membership, Position
from crm.models.questions import Asker
from crm.models.scope import Scope

Links = tuple[QuerySet[Any], str, list[Any]]

POSTS = ("organisation", "job")
KEPT = ("category", "standing", "employees")
BY_LINK = {"person": POSTS, "organisation": KEPT}
BY_INDEX = {
    ("language",): ("language", "name_folded", "pk"),
    ("created_at",): ("-created_at", "name_folded", "pk"),
}
"""Orders of people that an index has: read from its other end, the whole list is the other way."""


def by_index(order: tuple[str, ...], *, down: bool) -> tuple[str, ...]:
    """An order that an index has, or its reverse."""
    if order[0].startswith("-") == down:
        return order
    return tuple(field[1:] if field.startswith("-") else f"-{field}" for field in order)


def links(
    noun: str, name: str, rows: QuerySet[Any], scope: Scope, *, down: bool, whole: Q | None = None
) -> Links:
    """One link for each of the rows that has one, the column with the row's id, and the order.

    Rows without a link come after all others. `whole` is what all organisations of a list that
    nothing narrows have in common: to see them, it is enough that one's cluster keeps them.
    """
    if noun == "person":
        present = Position.objects.current()
        if name == "job":
            present = present.exclude(job="")
            fields: tuple[str, ...] = ("job", "person_id")
        else:
            fields = ("organisation__name_folded", "organisation_id", "person_id")
        if not scope.admin:
            present = present.filter(cluster_id__in=scope.reads)
        # All of them one way, as an index has them from its one end or its other.
        order = [_way(field, down=down) for field in fields]
        linked: QuerySet[Any] = _first_posts(present).filter(person__in=rows.values("pk"))
        return linked, "person_id", order
    asker = Asker.of(scope)
    kept = Membership.objects.filter(asker.own(), archived_at=None)
    fits = whole or Q(organisation__in=rows.values("pk"))
    if name == "employees":
        kept = kept.exclude(employees=None)
    else:
        kept = kept.annotate(rank=_ranked(name))
    by = _way("employees" if name == "employees" else "rank", down=down)
    order = [by, "organisation__name_folded", "organisation_id"]
    if not asker.everything and len(asker.clusters) == 1:  # which keeps each of them once
        linked = kept.filter(fits)
    else:
        linked = _first_memberships(kept).filter(fits)
    return linked, "organisation_id", order


def _first_posts(present: QuerySet[Position]) -> QuerySet[Position]:
    """Whoever has two of them stands where the first one puts them.

    Only where the post is not known to be it, others are looked at. As a comparison with one row:
    PostgreSQL would make a table of all posts for `NOT EXISTS`.
    """
    others = present.filter(person=OuterRef("person")).order_by("-is_first", "pk")
    return present.filter(Q(is_first=True) | Q(pk=Subquery(others.values("pk")[:1])))


def _first_memberships(kept: QuerySet[Membership]) -> QuerySet[Membership]:
    """An organisation that several clusters keep stands where its home cluster puts it."""
    at_home = Q(cluster=F("organisation__home_cluster"))
    others = kept.filter(organisation=OuterRef("organisation")).order_by(
        Case(When(at_home, then=0), default=1), "pk"
    )
    return kept.filter(at_home | Q(pk=Subquery(others.values("pk")[:1])))


def _way(field: str, *, down: bool) -> str:
    return f"-{field}" if down else field


def _ranked(name: str) -> Case:
    """Codes in the order in which they are offered: a founder before an SME, a member first."""
    values = {"category": Membership.Category, "standing": Membership.Standing}[name].values
    ranks = (When(**{name: value, "then": Value(rank)}) for rank, value in enumerate(values))
    return Case(*ranks, default=Value(len(values)))
