"""The question that a list's address asks: its search, its filters, its order.

The list page shows a page of the answer; an export takes all of it, perhaps hours later.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from crm.forms import organisations as of_organisations
from crm.forms import people as of_people
from crm.forms.filters import Choice, Filter
from crm.models import Cluster, Organisation, Person, User

UNASKED = ("page", "of")
"""What stands in a list's address and changes nothing about which rows it has."""


@dataclass(frozen=True)
class Question:
    """`rows` are those that the search leaves; the filters narrow them further."""

    rows: Any
    filters: list[Filter]
    search: str
    archived: bool

    def on(self, query: QueryDict) -> dict[str, Choice]:
        """Of each filter the choice that is on."""
        return {
            each.param: choice
            for each in self.filters
            for choice in each.choices
            if query.get(each.param) == choice.value
        }


def people(user: User, query: QueryDict) -> Question:
    search, archived = query.get("q", "").strip(), query.get("archived") == "1"
    rows = Person.objects.visible_to(user).filter(
        merged_into=None, erased_at=None, archived_at__isnull=not archived
    )
    if search:
        rows = rows.matching(search, user)
    scope = user.scope
    clusters = tuple(Cluster.objects.visible_to(user))
    readable = [c for c in clusters if scope.admin or c.pk in scope.reads]
    rows = rows.with_obstacle(timezone.localdate())
    return Question(rows, of_people.filters(user, readable), search, archived)


def organisations(user: User, query: QueryDict) -> Question:
    search, archived = query.get("q", "").strip(), query.get("archived") == "1"
    rows = Organisation.objects.visible_to(user).filter(
        merged_into=None, archived_at__isnull=not archived
    )
    if search:
        rows = rows.matching(search)
    return Question(rows, of_organisations.filters(user), search, archived)


def rows(noun: str, user: User, question: str) -> QuerySet[Any]:
    """Everything that the list of this address shows to the user, in its order."""
    query = QueryDict(question)
    asked = people(user, query) if noun == "people" else organisations(user, query)
    narrowed = Q()
    for choice in asked.on(query).values():
        narrowed &= choice.keeps
    found = asked.rows.filter(narrowed)
    if noun == "organisations":
        found = found.for_list(user)
    return found  # type: ignore[no-any-return]


def tidied(query: QueryDict) -> str:
    """A list's question as it is kept: without what says nothing about its rows."""
    kept = query.copy()
    for name in UNASKED:
        kept.pop(name, None)
    return kept.urlencode()
