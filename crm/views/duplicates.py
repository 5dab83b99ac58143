"""The worklist of possible duplicates: each pair side by side, with a word on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import duplicates
from crm.models import Duplicate, Import, Organisation, Person
from crm.models.duplicates import COUNTED
from crm.views.lists import Chip
from crm.views.requests import UserRequest, act, signed_in

PAGE = 10
NOUNS = {"people": "person", "organisations": "organisation"}


@dataclass(frozen=True)
class Pair:
    """A proposal with its two records."""

    row: Duplicate
    sides: tuple[Any, Any]
    may_decide: bool


@signed_in
@require_safe
def list(request: UserRequest, nouns: str) -> HttpResponse:  # noqa: A001
    if nouns not in NOUNS:
        raise Http404
    dismissed = request.GET.get("dismissed") == "1"
    mine = Duplicate.objects.visible_to(request.user)
    brought = _import(request)
    if brought:
        mine = mine.brought_by(brought)
    query = f"?import={brought.pk}" if brought else ""
    counts = mine.open().counted()
    shown = mine.living(NOUNS[nouns])
    shown = shown.filter(state=Duplicate.State.DISMISSED) if dismissed else shown.open()
    pages = Paginator(shown.select_related("cluster"), PAGE)
    if not dismissed:  # counted already
        pages.__dict__["count"] = counts.get(NOUNS[nouns], 0)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "nouns": nouns,
        "dismissed": dismissed,
        "brought": brought,
        "page": page,
        "pairs": _pairs(request, nouns, page),
        "total": page.paginator.count,
        "more": not dismissed and page.paginator.count > COUNTED,
        "several": len(request.user.scope.clusters) > 1 or request.user.scope.admin,
        "chips": [
            Chip(
                str(label),
                reverse("crm:duplicates-list", args=[name]) + query,
                name == nouns and not dismissed,
                counts.get(NOUNS[name], 0),
            )
            for name, label in (("people", _("People")), ("organisations", _("Organisations")))
        ],
    }
    return render(request, "crm/duplicates/list.html", context)


def _import(request: UserRequest) -> Import | None:
    """The import whose people and organisations are asked for."""
    asked = request.GET.get("import", "")
    if not asked:
        return None
    if not (asked.isdecimal() and len(asked) < 10):
        raise Http404
    return get_object_or_404(Import.objects.visible_to(request.user).for_list(), pk=asked)


@signed_in
def dismiss(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Duplicate.objects.editable_by(request.user), pk=pk)
    return _decided(
        request,
        found,
        lambda: duplicates.dismiss(duplicate=found, by=request.user),
        _("These are two. The pair will not be proposed again."),
    )


@signed_in
def reopen(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Duplicate.objects.editable_by(request.user), pk=pk)
    return _decided(
        request,
        found,
        lambda: duplicates.reopen(duplicate=found, by=request.user),
        _("The pair is back in the list."),
    )


def _decided(request: UserRequest, found: Duplicate, action: Any, done: str) -> HttpResponse:
    nouns = next(nouns for nouns, noun in NOUNS.items() if noun == found.noun)
    then = redirect("crm:duplicates-list", nouns)
    # There is nothing to ask before it: a link to it leads to the list.
    return act(request, action, done, then) if request.method == "POST" else then


def _pairs(request: UserRequest, nouns: str, page: Iterable[Any]) -> "list[Pair]":  # type: ignore[valid-type]
    """Both records of each proposal, in a fixed number of queries."""
    rows = [*page]
    ids = {pk for row in rows for pk in (row.first, row.second)}
    records: dict[int, Any] = _people(request, ids) if nouns == "people" else _kept(request, ids)
    scope = request.user.scope
    return [
        Pair(
            row,
            (records[row.first], records[row.second]),
            scope.admin or row.cluster_id in scope.contact_for,
        )
        for row in rows
        if row.first in records and row.second in records
    ]


def _people(request: UserRequest, ids: Iterable[int]) -> dict[int, Person]:
    found = Person.objects.visible_to(request.user).filter(pk__in=ids).for_list()
    return {row.pk: row for row in found.with_obstacle(timezone.localdate())}


def _kept(request: UserRequest, ids: Iterable[int]) -> dict[int, Organisation]:
    found = Organisation.objects.visible_to(request.user).filter(pk__in=ids)
    return {row.pk: row for row in found.in_lines(request.user)}
