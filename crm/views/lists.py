"""What the list pages share: pages of fifty, and filters as chips that are links."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, QueryDict

from crm.forms.filters import Choice, Filter

PAGE = 50


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that was told how many rows there are."""

    def __init__(self, rows: QuerySet[Model], total: int) -> None:
        super().__init__(rows, PAGE)
        self.__dict__["count"] = total


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    on: bool
    count: int | None


@dataclass(frozen=True)
class Group:
    label: str
    chips: list[Chip]


@dataclass(frozen=True)
class Listing:
    """A filtered list: its page of rows, the chips that are on, and those that could be."""

    page: Page[Model]
    total: int
    on: list[Chip]
    groups: list[Group]
    kept: list[tuple[str, str]]
    """What a new search in this list keeps of the address."""


def listing(
    request: HttpRequest, rows: QuerySet[Model], filters: Iterable[Filter], shown: QuerySet[Model]
) -> Listing:
    """Narrow `rows` by the filters in the address and count every other choice in one query.

    `shown` is `rows` with everything that one line of the list needs.
    """
    filters = list(filters)
    on = {
        each.param: choice
        for each in filters
        for choice in each.choices
        if request.GET.get(each.param) == choice.value
    }
    counts = rows.order_by().aggregate(
        total=_count(_all_but(None, on)),
        **{
            f"{each.param}_{number}": _count(_all_but(each.param, on) & choice.keeps)
            for each in filters
            if each.counted
            for number, choice in enumerate(each.choices)
        },
    )
    groups, active = [], []
    for each in filters:
        chips = []
        for number, choice in enumerate(each.choices):
            count = counts[f"{each.param}_{number}"] if each.counted else None
            chosen = on.get(each.param) is choice
            if chosen:
                label = f"{each.label}: {choice.label}"
                active.append(Chip(label, _url(request, each.param, None), True, None))
            elif count is None or count:
                url = _url(request, each.param, choice.value)
                chips.append(Chip(choice.label, url, False, count))
        if chips:
            groups.append(Group(each.label, chips))
    pages = CountedPaginator(shown.filter(_all_but(None, on)), counts["total"])
    kept = [(param, choice.value) for param, choice in on.items()]
    kept += [("archived", "1")] if request.GET.get("archived") == "1" else []
    page = pages.get_page(request.GET.get("page"))
    return Listing(page, counts["total"], active, groups, kept)


def _count(kept: Q) -> Count:
    return Count("pk", filter=kept) if kept else Count("pk")


def _all_but(param: str | None, on: dict[str, Choice]) -> Q:
    kept = Q()
    for other, choice in on.items():
        if other != param:
            kept &= choice.keeps
    return kept


def _url(request: HttpRequest, param: str, value: str | None) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    query.pop(param, None)
    if value is not None:
        query[param] = value
    return f"?{query.urlencode()}" if query else request.path
