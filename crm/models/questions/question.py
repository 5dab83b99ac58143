"""One question that rows can be asked, and how its answers become a condition in SQL."""

import datetime as dt
import operator as operators
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.models.scope import Scope
from crm.rules.conditions import RELATIVE, InvalidCondition, fold_tree
from crm.rules.numbers import written_number

Choices = Iterable[tuple[str, str | Promise]]
NONE = "none"
"""The value of a choice that means: not known."""
MOST_DAYS = 3660


@dataclass(frozen=True)
class Asker:
    """Who asks: what a cluster keeps for itself answers only for the clusters they read."""

    everything: bool = False
    clusters: frozenset[int] = frozenset()
    reads: frozenset[int] = frozenset()
    """Whose people the asker sees at all, whole or reduced."""

    @classmethod
    def of(cls, scope: Scope) -> "Asker":
        return cls(scope.admin, scope.clusters, scope.reads)

    def own(self, path: str = "cluster_id__in") -> Q:
        """Rows of clusters that the asker reads whole."""
        return Q() if self.everything else Q(**{path: self.clusters})


EVERYBODY = Asker(everything=True)
"""An audience asks each cluster's people by what their own cluster says.

Whether its author may ask that is decided before: see `campaigns.models.conditions`.
"""

Condition = Callable[[str, list[str], Asker], Q]


@dataclass(frozen=True)
class Question:
    """A fact of a row: its name, what it is called, how it is asked, sorted and shared."""

    name: str
    label: str | Promise
    kind: str
    """choice, text, day or number."""
    condition: Condition
    choices: Choices = ()
    """Of a choice: each value with its name."""
    own: bool = False
    """Told only by and to the cluster that keeps the row."""
    sort: tuple[Any, ...] = ()
    """What the list is ordered by; nothing where it cannot be."""
    shown: bool = True
    """Whether it can be a column."""
    facet: str = ""
    """The row's own column whose values are counted beside the list."""
    filtered: bool = True
    costly: bool = False
    """Where it is asked, a list counts its rows up to a thousand, and no chips."""
    by_row: bool = False
    """Of a costly one: whether its rows are met by walking the list, however few they are."""
    key: str = ""
    """Of a cluster's own question: where the rows keep the answer."""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def operators(self) -> tuple[str, ...]:
        """What can be asked of it."""
        return {
            "choice": ("in", "empty"),
            "text": ("contains", "in", "empty"),
            "day": ("before", "after", "in", *RELATIVE, "empty"),
            "number": ("before", "after", "in", "empty"),
        }[self.kind]

    @property
    def gathers(self) -> bool:
        """Whether its rows are better found all at once where they are few."""
        return self.costly and not self.by_row

    @property
    def numeric(self) -> bool:
        """Whether its column is one of numbers."""
        return self.kind == "number"

    def ask(self, operator: str, values: list[str], asker: Asker) -> Q:
        """The condition. Raises InvalidCondition."""
        if operator not in self.operators or not self.filtered:
            raise InvalidCondition(_("“%s” cannot be asked like that.") % self.label)
        if operator in RELATIVE:
            kept = any_of([self._near(operator, as_days(value), asker) for value in values])
        else:
            kept = self.condition(operator, values, asker)
        # Whoever reads nobody reduced sees only rows that they may ask everything of.
        reduced = not asker.everything and not asker.reads <= asker.clusters
        return asker.own() & kept if self.own and reduced else kept

    def _near(self, operator: str, days: int, asker: Asker) -> Q:
        """So many days before or after today: asked anew every day, it is another time."""
        today = timezone.localdate()
        first, last = (-days, 0) if operator == "last" else (0, days)
        after, before = (today + dt.timedelta(days=n) for n in (first - 1, last + 1))
        return self.condition("after", [after.isoformat()], asker) & self.condition(
            "before", [before.isoformat()], asker
        )

    def among(self, choices: Choices) -> "Question":
        return replace(self, choices=tuple(choices))


def compiled(tree: Mapping[str, Any], questions: Mapping[str, Question], asker: Asker) -> Q:
    """A tree of conditions as one Q. Raises InvalidCondition."""

    def leaf(name: str, operator: str, values: list[str]) -> Q:
        if name not in questions:
            raise InvalidCondition(_("“%s” is nothing that can be asked here.") % name[:60])
        return questions[name].ask(operator, values, asker)

    def negate(part: Q) -> Q:
        return ~part

    return fold_tree(tree, leaf=leaf, all_of=_all, any_of=any_of, negate=negate)


def excludes(condition: Q) -> bool:
    """Whether rows fit for something that they are not."""
    parts = (part for part in condition.children if isinstance(part, Q))
    return condition.negated or any(map(excludes, parts))


def any_of(parts: list[Q]) -> Q:
    return reduce(operators.or_, parts)


def _all(parts: list[Q]) -> Q:
    return reduce(operators.and_, parts)


def column(path: str, *, fold: Callable[[str], str] = str) -> Condition:
    """Asked of a column with texts or codes."""

    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        if operator == "empty":
            return Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
        if operator == "contains":
            return any_of([Q(**{f"{path}__icontains": fold(value)}) for value in values])
        known = [value for value in values if value != NONE]
        found = Q(**{f"{path}__in": known}) if known else Q(pk__in=())
        if NONE in values:
            found |= Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
        return found

    return condition


def reference(path: str, named_by: str) -> Condition:
    """Asked of a reference to another row, by a name of that row."""

    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        nothing = Q(**{f"{path}__isnull": True})
        if operator == "empty":
            return nothing
        known = [value for value in values if value != NONE]
        if named_by == "pk":
            known = [value for value in known if value.isdecimal() and len(value) < 18]
        found = Q(**{f"{path}__{named_by}__in": known}) if known else Q(pk__in=())
        return found | nothing if NONE in values else found

    return condition


def day(path: str) -> Condition:
    """Asked of a date or a moment, by its day."""

    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        if operator == "empty":
            return Q(**{f"{path}__isnull": True})
        days = [as_day(value) for value in values]
        lookup = {"before": "__lt", "after": "__gt", "in": ""}[operator]
        return any_of([Q(**{f"{path}{lookup}": value}) for value in days])

    return condition


def number(path: str) -> Condition:
    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        if operator == "empty":
            return Q(**{f"{path}__isnull": True})
        lookup = {"before": "__lt", "after": "__gt", "in": ""}[operator]
        return any_of([Q(**{f"{path}{lookup}": as_number(value)}) for value in values])

    return condition


def as_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidCondition(
            _("“%s” is not a day. Write it like 2027-05-31.") % text[:40]
        ) from error


def as_days(text: str) -> int:
    """A number of days, up to some years."""
    days = written_number(text)
    if not days or days > MOST_DAYS:
        raise InvalidCondition(_("“%s” is not a number of days.") % text[:40])
    return days


def as_number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise InvalidCondition(_("“%s” is not a number.") % text[:40]) from error
    if not value.is_finite() or abs(value) >= 10**9:
        raise InvalidCondition(_("“%s” is too large a number.") % text[:40])
    return value
