"""What a list's address asks for: conditions, search, order, columns, and the rows they give."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.forms.nouns import NOUNS, PEOPLE, Noun
from crm.forms.orders import BY_INDEX, BY_LINK, POSTS, by_index, links
from crm.models import User
from crm.models.numbers import numbers
from crm.models.questions import Asker, Question, compiled, excludes, vocabulary_of
from crm.models.questions.vocabulary import Word
from crm.models.scope import asked_by
from crm.models.search import best_first, is_forgiven, page_and_groups, page_of_found
from crm.models.statements import answers
from crm.rules.conditions import RELATIVE, InvalidCondition
from crm.rules.numbers import written_number
from crm.rules.queries import Leaf, leaf_of, leaves_of, tree_of

SEARCH_LONGEST = 100
HEAD = 300
"""So many rows at the head of a list are looked at in 3 ms; for more PostgreSQL reads the table."""


class Table:
    """One list as one user asks for it. Everything that leaves the list (bulk, export) asks it."""

    def __init__(self, noun: Noun, user: User, query: QueryDict) -> None:
        self.noun, self.user, self.given = noun, user, query
        self.asker = Asker.of(user.scope)
        self.vocabulary = vocabulary_of(user, noun.name)
        self.questions = noun.questions(self.vocabulary)
        self.trouble = ""
        self.view = self._view()
        self.from_view = bool(self.view) and not (set(query) - {"view", "page"})
        self.leaves = self._leaves()
        self.search = query.get("q", "").replace("\x00", "").strip()[:SEARCH_LONGEST]
        self.archived = query.get("archived") == "1"
        self.condition = self._condition(self.leaves)
        self._seen: dict[int, list[int]] = {}
        """Ids of a page that came along with something else."""

    def _view(self) -> Word | None:
        views = {str(word.pk): word for word in self.vocabulary.views}
        if "view" in self.given:
            return views.get(str(self.given["view"]))
        if set(self.given) - {"page"}:
            return None
        mine = (w for w in views.values() if w.more["default"] and w.more["mine"] == self.user.pk)
        return next(mine, None)

    @property
    def view_is_mine(self) -> bool:
        """Whether I may change the view: it is mine, or its maker left and I keep its cluster."""
        if self.view is None:
            return False
        more, cluster = self.view.more, self.view.cluster
        left = not more["active"] and cluster in self.user.scope.contact_for
        return bool(more["mine"] == self.user.pk or left)

    @property
    def is_changed_view(self) -> bool:
        """Whether the list is no longer as its view was saved."""
        return self.view is not None and not self.from_view and not self.trouble

    def _leaves(self) -> list[Leaf]:
        """What is asked. Where a part of it cannot be asked, nothing is shown, and why."""
        if self.from_view and self.view:
            try:
                leaves = leaves_of(self.view.more["conditions"])
            except InvalidCondition:
                self.trouble = _("This view asks for something that a list cannot show.")
                return []
            known = [leaf for leaf in leaves if leaf.field in self.questions]
            lost = len(known) < len(leaves)
        else:
            found = (leaf_of(name, values, self.questions) for name, values in self.given.lists())
            known = [leaf for leaf in found if leaf]
            asked = {name.partition("__")[0] for name in self.given}
            lost = any(name.startswith("custom_") and name not in self.questions for name in asked)
        if lost:
            self.trouble = _(
                "This list asks for a field that is archived, or that you do not read. "
                "Choose another view, or show all."
            )
        return known

    def _condition(self, leaves: Iterable[Leaf]) -> Q:
        tree = tree_of(leaves)
        try:
            condition = compiled(tree, self.questions, self.asker) if tree else Q()
        except InvalidCondition as problem:
            self.trouble = self.trouble or str(problem)
        return Q(pk__in=()) if self.trouble else condition

    def _rows(self, condition: Q, *, close: bool) -> QuerySet[Any]:
        rows = self.noun.rows(self.user).filter(archived_at__isnull=not self.archived)
        if self.search:
            condition &= self.noun.like(self.search) if close else self._exact
        return rows.filter(condition).order_by()

    @property
    def _exact(self) -> Q:
        return self.noun.found(self.search, self.asker)

    @property
    def _whole(self) -> tuple[Any, ...]:
        """Of a list that nothing narrows: all that its statements depend on."""
        if self.leaves or self.search or self.trouble:
            return ()
        return self.noun.name, self.archived, *asked_by(self.user)

    @cached_property
    def close(self) -> bool:
        """Whether nothing fits exactly, so that what is spelt nearly like it is shown."""
        return self._forgiven and not self._rows(self.condition, close=False).exists()

    @property
    def _forgiven(self) -> bool:
        """Whether what is searched for may be a typo."""
        return is_forgiven(self.search)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Everything the list shows, over all pages, in no order."""
        return self._rows(self.condition, close=self.close)

    @property
    def ordered(self) -> QuerySet[Any]:
        """The same in the order of the list, but for orders by what stands in another table."""
        rows = self.rows
        if self._ordered_by_link:
            return rows.order_by("name_folded", "pk")
        return rows.order_by(*self._order())

    @cached_property
    def sort(self) -> str:
        wanted = self.given.get("sort", "")
        if self.from_view and self.view:
            wanted = self.view.more["sort"]
        return wanted if self.sortable(wanted.lstrip("-")) else ""

    def sortable(self, name: str) -> bool:
        question = self.questions.get(name)
        if question is None or (question.own and not self._inside):
            return False
        return bool(question.sort) or (self._by_link(name) and (self._inside or name in POSTS))

    @property
    def _ordered_by_link(self) -> bool:
        return self._by_link(self.sort.lstrip("-"))

    def _by_link(self, name: str) -> bool:
        return name in BY_LINK[self.noun.name]

    def _order(self) -> tuple[Any, ...]:
        if not self.sort:
            if self.search:
                return best_first(self.search, close=self.close)
            return ("name_folded", "pk")
        down = self.sort.startswith("-")
        question = self.questions[self.sort.lstrip("-")]
        paths = question.sort
        told = not (question.own and self.user.scope.shared_clusters)
        if self.noun is PEOPLE and told and paths in BY_INDEX:
            return by_index(BY_INDEX[paths], down=down)
        by: list[Any] = [F(path) for path in paths]
        if not told:
            # Where a row stands would tell what its cluster keeps for itself.
            by = [Case(When(self.asker.own(), then=path)) for path in by]
        first = [b.desc(nulls_last=True) if down else b.asc(nulls_last=True) for b in by]
        if paths == ("name_folded",):
            return ("-name_folded", "-pk") if down else ("name_folded", "pk")
        return (*first, "name_folded", "pk")

    def ids(self, start: int, stop: int) -> list[int]:
        """The ids of one page."""
        if start in self._seen:
            return self._seen[start]
        page = range(start, stop)
        if not self._ordered_by_link:
            if self._is_sparse:
                return page_of_found(self.rows, order=self._order(), page=page)
            return self._paged("ids", lambda: self.ordered.values_list("pk"), page)
        found = self._paged("linked", self._links, page)
        if len(found) < stop - start:  # rows without one come last
            links = self._links().order_by()
            held = links.count()
            rest = self.rows.exclude(pk__in=links).order_by("name_folded", "pk")
            ids = rest.values_list("pk", flat=True)
            found += ids[max(0, start - held) : max(0, stop - held)]
        return found

    def _links(self) -> QuerySet[Any]:
        """The ids of the rows that an order by what stands in another table has a place for."""
        whole = None
        if self._whole and self.noun is not PEOPLE:
            whole = Q(
                organisation__merged_into=None, organisation__archived_at__isnull=not self.archived
            )
        linked, row, order = links(
            self.noun.name,
            self.sort.lstrip("-"),
            self.rows,
            self.user.scope,
            down=self.sort.startswith("-"),
            whole=whole,
        )
        return linked.order_by(*order).values_list(row)

    @cached_property
    def _is_sparse(self) -> bool:
        """Whether hardly anybody may fit, judged by the head of the list.

        PostgreSQL takes a list's first fifty by walking it, since it expects to meet them soon; for
        nobody it walked 100,000 people in 440 ms. Found all at once and then put in order they took
        37; but where every third fits that takes 100, and walking 2. What is excluded is found all
        at once either way.
        """
        asked = [leaf for leaf in self.leaves if self.questions[leaf.field].gathers]
        if not asked or excludes(self._condition(asked)):
            return False
        whole = self.noun.rows(self.user).filter(archived_at__isnull=not self.archived).values("pk")
        head = whole.order_by("name_folded", "pk")[:HEAD]
        if self.asker.everything:  # where names that begin alike are of one region
            head = head[: HEAD // 2].union(whole.order_by("pk")[: HEAD // 2], all=True)
        return self.rows.filter(pk__in=head).count() < HEAD // 100

    def _paged(self, what: str, question: Callable[[], QuerySet[Any]], page: range) -> list[int]:
        if self._whole:
            return [pk for (pk,) in answers((what, self.sort, *self._whole), question, page)]
        return [pk for (pk,) in question()[page.start : page.stop]]

    @cached_property
    def columns(self) -> list[Question]:
        """The name first, then what was chosen, in the order of the registry."""
        wanted = set(",".join(self.given.getlist("columns")).split(","))
        if self.from_view and self.view:
            wanted = set(self.view.more["columns"])
        wanted &= set(self.questions)
        if not wanted:
            wanted = set(self.noun.columns)
            if self.noun is PEOPLE and not self.vocabulary.tags:
                wanted -= {"tag"}
            if len(self.vocabulary.clusters) < 2:
                wanted -= {"cluster", "home"}
        return [
            question
            for question in self.columns_there_are
            if question.name in wanted or question.name == "name"
        ]

    @property
    def columns_there_are(self) -> list[Question]:
        """Those that this user can have; a coordinator none that stay inside a cluster."""
        return [q for q in self.questions.values() if q.shown and (self._inside or not q.own)]

    @property
    def _inside(self) -> bool:
        """Whether there is a cluster that this user reads whole."""
        return bool(self.asker.everything or self.asker.clusters)

    @property
    def costly(self) -> bool:
        """Whether counting all rows would take longer than showing some."""
        return any(self.questions[leaf.field].costly for leaf in self.leaves)

    def counted(self, page: range) -> tuple[int, dict[str, dict[Any, int]]]:
        """How many rows there are in all, and for each facet how many of each value.

        A facet's own condition does not narrow its counts. One grouped query tells it all; where
        somebody searches, or asks of organisations what stands in other tables, it brings the ids
        of this page along.
        """
        told = self.asker.everything or not self.user.scope.shared_clusters
        facets = {
            name: q.facet for name, q in self.questions.items() if q.facet and (told or not q.own)
        }
        asked = [leaf for leaf in self.leaves if leaf.field in facets and leaf.operator == "in"]
        others = [leaf for leaf in self.leaves if leaf not in asked]
        paths = tuple(facets.values())
        # Whoever reads everybody names all clusters: the index that begins with them has the
        # groups in order, which halves the time of counting a hundred thousand.
        clusters: tuple[int, ...] = ()
        if self.asker.everything and "cluster" in facets and not self.search:
            clusters = tuple(word.pk for word in self.vocabulary.clusters)
        condition, fits = self._condition(others), self._condition(asked)

        together = self.search or (others and self.noun is not PEOPLE)

        def rows() -> QuerySet[Any]:
            return self._rows(condition, close=self.close)

        def counted() -> QuerySet[Any]:
            counting = rows()
            if clusters:
                counting = counting.filter(cluster__in=clusters)
            groups: QuerySet[Any] = counting.values_list(*paths).annotate(n=Count("*"))
            return groups

        def grouped() -> list[tuple[Any, ...]]:
            if self._whole:
                key = ("counted", paths, clusters, *self._whole)
                return numbers(key, lambda: answers(key, counted))
            if not together or self._ordered_by_link:
                return list(counted())
            ids, groups = page_and_groups(
                rows(), fits=fits, order=self._order(), facets=paths, page=page
            )
            self._seen = {page.start: ids}
            return groups

        self.close = False
        total, counts = self._summed(grouped(), list(facets), asked)
        if self._forgiven and not total:
            self.close = True
            total, counts = self._summed(grouped(), list(facets), asked)
        return total, counts

    def _summed(
        self, groups: Iterable[tuple[Any, ...]], names: list[str], asked: list[Leaf]
    ) -> tuple[int, dict[str, dict[Any, int]]]:
        known = self.vocabulary
        slugs: dict[str, dict[Any, str]] = {
            name: {word.pk: word.more["slug"] for word in words}
            for name, words in (("cluster", known.clusters), ("region", known.regions))
        }
        total = 0
        counts: dict[str, dict[Any, int]] = {name: {} for name in names}
        for *values, n in groups:
            said = {
                name: slugs.get(name, {}).get(value, value) or "none"
                for name, value in zip(names, values, strict=True)
            }
            failed = {
                leaf.field for leaf in asked if (said[leaf.field] in leaf.values) == leaf.negated
            }
            total += n if not failed else 0
            for name in names:
                if failed <= {name}:
                    counts[name][said[name]] = counts[name].get(said[name], 0) + n
        return total, counts

    def said(self, leaf: Leaf) -> str:
        """A condition in words."""
        return said(self.questions[leaf.field], leaf)


def said(question: Question, leaf: Leaf) -> str:
    """A condition in words."""
    names = dict(question.choices)
    values = ", ".join(str(names.get(value, value)) for value in leaf.values)
    pattern = {
        ("in", False): _("%(name)s: %(values)s"),
        ("in", True): _("%(name)s: not %(values)s"),
        ("contains", False): _("%(name)s contains “%(values)s”"),
        ("contains", True): _("%(name)s does not contain “%(values)s”"),
        ("empty", False): _("%(name)s: not known"),
        ("empty", True): _("%(name)s: known"),
    }.get((leaf.operator, leaf.negated))
    if leaf.operator in RELATIVE:
        pattern = _near(leaf)
    elif pattern is None:
        pattern = _compared(leaf, number=question.kind == "number")
    return pattern % {"name": question.label, "values": values}


def _near(leaf: Leaf) -> str:
    days = min((written_number(value) or 0 for value in leaf.values), default=0)
    if leaf.operator == "next":
        of_next = ngettext(
            "%(name)s: in the next %(values)s day", "%(name)s: in the next %(values)s days", days
        )
        not_next = ngettext(
            "%(name)s: not in the next %(values)s day",
            "%(name)s: not in the next %(values)s days",
            days,
        )
        return not_next if leaf.negated else of_next
    of_last = ngettext(
        "%(name)s: in the last %(values)s day", "%(name)s: in the last %(values)s days", days
    )
    not_last = ngettext(
        "%(name)s: not in the last %(values)s day",
        "%(name)s: not in the last %(values)s days",
        days,
    )
    return not_last if leaf.negated else of_last


def _compared(leaf: Leaf, *, number: bool) -> str:
    first = (leaf.operator == "before") != leaf.negated
    if number:
        return _("%(name)s: less than %(values)s") if first else _("%(name)s: more than %(values)s")
    return _("%(name)s: before %(values)s") if first else _("%(name)s: after %(values)s")


UNASKED = ("page", "of")
"""What stands in a list's address and changes nothing about which rows it has."""


def rows(plural: str, user: User, question: str) -> tuple[QuerySet[Any], list[int]]:
    """Everything that the list of this address shows to the user, and the ids in its order."""
    noun = NOUNS[plural]
    table = Table(noun, user, QueryDict(question))
    ordered = table.ids(0, settings.EXPORT_MOST)
    found: Any = table.rows
    day = timezone.localdate()
    return found.with_obstacle(day) if noun is PEOPLE else found.in_lines(user), ordered


def tidied(query: QueryDict) -> str:
    """A list's question as it is kept: without what says nothing about its rows."""
    kept = query.copy()
    for name in UNASKED:
        kept.pop(name, None)
    return kept.urlencode()
