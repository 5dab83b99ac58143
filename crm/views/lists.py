"""What the list pages of people and organisations show: pages of fifty, chips, columns, tabs."""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from crm.forms.cells import Cell, Shown, cell, posts_of
from crm.forms.edits import ORGANISATION, PERSON
from crm.forms.nouns import PEOPLE, memberships_of, page_of
from crm.forms.tables import Table
from crm.models import Organisation, Person
from crm.models.questions import Question
from crm.rules.conditions import RELATIVE
from crm.rules.names import fold
from crm.rules.queries import Leaf, leaf_of

PAGE = 50
_WRITTEN_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
WRITTEN = {"person": PERSON, "organisation": ORGANISATION}
"""The columns whose cells can be written where they stand."""
COUNTED = 2 * PAGE
"""So many rows beyond a page's first are looked for where counting them all would take long."""


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that was told how many rows there are, and asks the table for a page's ids."""

    def __init__(self, table: Table, total: int) -> None:
        super().__init__([], PAGE)
        self.table = table
        self.__dict__["count"] = total

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * PAGE
        return Page(self.ids(start, min(start + PAGE, self.count)), number, self)

    def ids(self, start: int, stop: int) -> list[int]:
        return self.table.ids(start, stop) if stop else []


class GlancedPaginator(CountedPaginator):
    """One that looks a few pages ahead: one question gives a page's ids and tells what follows."""

    def __init__(self, table: Table, start: int) -> None:
        self.start, self.known = start, table.ids(start, start + COUNTED + 1)
        if self.start and not self.known:  # nothing is so far down
            self.start, self.known = 0, table.ids(0, COUNTED + 1)
        super().__init__(table, self.start + len(self.known))
        self.more = self.count - 1 if len(self.known) > COUNTED else 0

    def there(self) -> Page[Any]:
        return self.page(self.start // PAGE + 1)

    def ids(self, start: int, stop: int) -> list[int]:
        return self.known[start - self.start : stop - self.start]


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    on: bool = False
    count: int | None = None
    here: bool = False
    """Nothing is narrowed: this is what one sees, and there is nothing to take away."""


@dataclass(frozen=True)
class Group:
    label: str
    chips: list[Chip]


@dataclass(frozen=True)
class Heading:
    """A column's head: where it leads, and how the list is ordered by it now."""

    question: Question
    url: str = ""
    order: str = ""
    """ascending, descending or nothing."""


@dataclass(frozen=True)
class Line:
    """One row as it is shown; everything in it is text already, ready to be put into its place."""

    row: Any
    pk: str
    name: Cell
    cells: list[tuple[str, str, str]]
    """Of each further column: its cell's attributes, the cell drawn, the link to write in it."""
    editable: bool = False
    edit: str = ""
    """The link that opens the name."""
    show_url: str = ""

    @property
    def others(self) -> str:
        """The further cells as they stand in the row: a template takes three times as long."""
        return format_html_join("\n", "<td{}>{}{}</td>", self.cells)


@dataclass(frozen=True)
class Listing:
    """A list as a page shows it."""

    table: Table
    page: Page[Any]
    total: int
    on: list[Chip]
    groups: list[Group]
    headings: list[Heading]
    lines: list[Line] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    """What a new search in this list keeps of the address."""

    more: int = 0
    """Where the rows were not counted to the end: there are more than so many."""
    address: str = "?"
    """Of this list, without its page."""

    @property
    def asked(self) -> list[Question]:
        """What can be filtered by, beyond the chips."""
        inside = bool(self.table.asker.everything or self.table.asker.clusters)
        asked = (q for q in self.table.questions.values() if q.filtered and (inside or not q.own))
        return sorted(asked, key=lambda question: str(question.label).casefold())

    @property
    def operators(self) -> list[tuple[str, str]]:
        return [
            ("", gettext("is")),
            ("not", gettext("is not")),
            ("contains", gettext("contains")),
            ("not_contains", gettext("does not contain")),
            ("before", gettext("before, or less than")),
            ("after", gettext("after, or more than")),
            ("last", gettext("in the last … days")),
            ("not_last", gettext("not in the last … days")),
            ("next", gettext("in the next … days")),
            ("empty", gettext("is not known")),
            ("not_empty", gettext("is known")),
        ]

    @property
    def search(self) -> str:
        return self.table.search


def listing(request: HttpRequest, table: Table) -> Listing:
    """Everything that the page of a list needs, in few queries."""
    counts: dict[str, dict[Any, int]] = {}
    more = 0
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1
    start = PAGE * max(0, number - 1)
    if table.costly:
        glanced = GlancedPaginator(table, start)
        total, page, more = glanced.count, glanced.there(), glanced.more
    else:
        total, counts = table.counted(range(start, start + PAGE))
        page = CountedPaginator(table, total).get_page(wanted)
    query = explicit(table)
    return Listing(
        table,
        page,
        total,
        [_on(table, query, leaf) for leaf in table.leaves],
        _groups(table, query, counts),
        [_heading(table, query, question) for question in table.columns],
        lines_of(table, list(page.object_list)),
        [(name, value) for name, values in query.lists() for value in values if name != "q"],
        address=_url(query.urlencode()),
        more=more,
    )


def asked_for(table: Table) -> str:
    """The address with the condition that somebody put together in the form, or ""."""
    given = table.given
    name, how, value = given.get("ask", ""), given.get("how", ""), given.get("value", "").strip()
    question = table.questions.get(name)
    if question is None:
        return ""
    leaf = leaf_of(f"{name}__{how}" if how else name, [value or "1"], table.questions)
    if leaf is None or not (value or leaf.operator == "empty"):
        return ""
    if question.kind == "choice" and leaf.operator in ("in", "contains"):
        leaf = replace(leaf, operator="in", values=_meant(question, value))
    elif question.kind == "day" and value and leaf.operator not in RELATIVE:
        leaf = replace(leaf, values=(_as_day(value),))
    query = explicit(table)
    for param, part in leaf.pairs:
        if part not in query.getlist(param):
            query.appendlist(param, part)
    return _url(query.urlencode())


def _meant(question: Question, value: str) -> tuple[str, ...]:
    """The choices that somebody means by a word: the one of that name, else those that hold it."""
    said = fold(value)
    names = [(code, fold(str(label))) for code, label in question.choices]
    called = [code for code, label in names if said in (fold(code), label)]
    return tuple(called or [code for code, label in names if said in label]) or (value,)


def _as_day(value: str) -> str:
    """A day as the address has it, also where somebody wrote it as Europeans do."""
    if found := _WRITTEN_DAY.fullmatch(value):
        day, month, year = map(int, found.groups())
        with suppress(ValueError):
            return dt.date(year, month, day).isoformat()
    return value


def explicit(table: Table) -> QueryDict:
    """The address that asks for this list without its saved view; its page left out."""
    query = QueryDict(mutable=True)
    if table.view:
        query["view"] = str(table.view.pk)
        query["all"] = "1"  # the view's own conditions count no more: these are all
    for leaf in table.leaves:
        for param, value in leaf.pairs:
            query.appendlist(param, value)
    if table.search:
        query["q"] = table.search
    if table.archived:
        query["archived"] = "1"
    if table.sort:
        query["sort"] = table.sort
    columns = ",".join(question.name for question in table.columns)
    if (table.from_view and table.view and table.view.more["columns"]) or table.given.get(
        "columns"
    ):
        query["columns"] = columns
    return query


def lines_of(table: Table, ids: list[int]) -> list[Line]:
    user, scope = table.user, table.user.scope
    rows = page_of(table.noun, user, ids) if ids else []
    kept = memberships_of(user, ids) if table.noun is not PEOPLE and ids else {}
    names = {
        name: {str(value): str(label) for value, label in question.choices}
        for name, question in table.questions.items()
        if name in ("tag", "owner", "market")
    }
    names["cluster"] = {str(word.pk): word.name for word in table.vocabulary.clusters}
    # Fifty rows with some links each: a link is made once and filled in.
    show = reverse(table.noun.show, args=[0]).replace("/0/", "/%d/")
    opening = {
        column.name: render_to_string(
            "components/cell_edit.html", {"noun": table.noun, "pk": 0, "field": column.name}
        )
        for column in table.columns
        if column.name in WRITTEN[table.noun.name]
    }

    def link(column: Question, pk: int, edits: set[str]) -> str:
        if column.name not in edits:
            return ""
        return SafeString(" " + opening[column.name].replace("/0/", f"/{pk}/"))

    name, *others = table.columns
    attributes = {
        column.name: format_html(
            ' class="num" data-label="{}"' if column.numeric else ' data-label="{}"', column.label
        )
        for column in others
    }
    drawn = _Drawn()
    lines = []
    for row in rows:
        if isinstance(row, Person):
            shown = Shown(names, scope.reads_whole(row.cluster_id))
            editable = scope.admin or row.cluster_id in scope.contact_for
            edits = set(PERSON) if editable else set()
            if len(posts_of(row)) != 1:
                edits.discard("job")
        else:
            assert isinstance(row, Organisation)
            held = kept.get(row.pk, [])
            shown = Shown(names, bool(held), tuple(held), vars(row)["people_count"])
            mine = [m for m in held if scope.admin or m.cluster_id in scope.contact_for]
            editable = bool(mine)
            home = scope.admin or row.home_cluster_id in scope.contact_for
            edits = {"city", "website"} if home else set()
            edits |= {"category", "standing", "employees"} if len(mine) == 1 else set()
        lines.append(
            Line(
                row,
                str(row.pk),
                cell(row, name, shown),
                [
                    (
                        attributes[column.name],
                        drawn[cell(row, column, shown)],
                        link(column, row.pk, edits),
                    )
                    for column in others
                ],
                editable,
                link(name, row.pk, edits),
                show % row.pk,
            )
        )
    return lines


class _Drawn(dict[Cell, str]):
    """Cells as they stand on the page. Those that are alike are drawn once."""

    def __missing__(self, cell: Cell) -> str:
        if cell.is_plain:
            return escape(cell.text)
        if cell.lines:
            drawn = format_html_join("", "<div>{}{}</div>", map(_post, cell.lines))
        else:
            drawn = render_to_string("components/cell.html", {"cell": cell})
        self[cell] = drawn
        return drawn


def _post(line: tuple[str, str]) -> tuple[str, str]:
    """Nearly everybody has another one: a template for each takes a twentieth of the page."""
    text, small = line
    return text, format_html(' <span class="small muted">{}</span>', small) if small else ""


def _on(table: Table, query: QueryDict, leaf: Leaf) -> Chip:
    return Chip(table.said(leaf), _url(_without(query, leaf.param)), True)


def _groups(table: Table, query: QueryDict, counts: dict[str, dict[Any, int]]) -> list[Group]:
    groups = []
    here = query.urlencode()
    for name in table.noun.chips:
        question = table.questions[name]
        if question.own and not (table.asker.everything or table.asker.clusters):
            continue
        if name == "cluster" and len(question.choices) < 2:  # type: ignore[arg-type]
            continue
        on = query.getlist(name)
        chips = []
        for value, label in question.choices:
            if value in on:
                continue
            count = counts[name].get(value, 0) if name in counts else None
            if count != 0:
                rest = _without(query, name) if name == "mailable" else here
                chips.append(Chip(str(label), _url(rest, (name, value)), False, count))
        if chips:
            groups.append(Group(str(question.label), chips))
    return groups


def _heading(table: Table, query: QueryDict, question: Question) -> Heading:
    if not table.sortable(question.name):
        return Heading(question)
    order = ""
    sort = table.sort or ("" if table.search else "name")
    if sort.lstrip("-") == question.name:
        order = "descending" if sort.startswith("-") else "ascending"
    wanted = f"-{question.name}" if order == "ascending" else question.name
    return Heading(question, _url(_without(query, "sort"), ("sort", wanted)), order)


def _without(query: QueryDict, name: str) -> str:
    if name not in query:
        return query.urlencode()
    rest = query.copy()
    del rest[name]
    return rest.urlencode()


def _url(*asked: str | tuple[str, str]) -> str:
    """An address of this list, of what stands in an address already and of further pairs."""
    parts = [part if isinstance(part, str) else urlencode([part]) for part in asked]
    return f"?{'&'.join(filter(None, parts))}" if any(parts) else "?all=1"
