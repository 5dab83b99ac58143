"""One cell of a list, opened for writing and shown again. Without htmx the edit page does it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.actions import organisations, people
from crm.actions.errors import Refused
from crm.forms import edits
from crm.forms.nouns import ORGANISATIONS, PEOPLE, Noun
from crm.forms.tables import Table
from crm.models import Membership, Organisation, Person
from crm.views.lists import lines_of
from crm.views.requests import UserRequest, signed_in


@signed_in
def person(request: UserRequest, pk: int, field: str) -> HttpResponse:
    row = get_object_or_404(Person.objects.editable_by(request.user), pk=pk)
    if field not in edits.PERSON:
        raise Http404
    posts = list(row.positions.current()[:2]) if field == "job" else []
    if field == "job" and len(posts) != 1:
        return _elsewhere(request, "crm:people-move", pk)
    present: dict[str, Any] = {
        "name": {"given": row.given, "family": row.family},
        "job": {"job": posts[0].job if posts else ""},
    }.get(field) or {field: getattr(row, field)}

    def save(values: dict[str, Any], version: int, _was: str) -> None:
        if field == "job":
            people.correct_job(position=posts[0], by=request.user, version=version, **values)
        else:
            people.edit(person=row, by=request.user, version=version, **values)

    form = edits.EditForm(
        request.POST or None,
        field=field,
        auto_id=f"cell-{pk}-%s",
        initial=present | {"version": row.version},
    )
    return _answer(request, PEOPLE, row.pk, field, form, save)


@signed_in
def organisation(request: UserRequest, pk: int, field: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if field not in edits.ORGANISATION:
        raise Http404
    kept = list(
        Membership.objects.editable_by(request.user)
        .filter(organisation=row, archived_at=None)
        .order_by("pk")
    )
    core = field in ("city", "website")
    if core:
        get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    elif len(kept) != 1:
        raise Http404
    value = getattr(row if core else kept[0], field)

    def save(values: dict[str, Any], version: int, was: str) -> None:
        if core:
            organisations.edit(organisation=row, by=request.user, version=version, **values)
        else:
            organisations.set_kept(
                membership=kept[0], by=request.user, field=field, value=values[field], was=was
            )

    initial = {field: value, "version": row.version, "was": "" if value is None else value}
    form = edits.EditForm(
        request.POST or None, field=field, auto_id=f"cell-{pk}-%s", initial=initial
    )
    return _answer(request, ORGANISATIONS, row.pk, field, form, save)


def _answer(
    request: UserRequest,
    noun: Noun,
    pk: int,
    field: str,
    form: edits.EditForm,
    save: Callable[[dict[str, Any], int, str], None],
) -> HttpResponse:
    """The cell as it is, the form in it, or why it was refused."""
    if not request.htmx and request.method != "POST":
        return redirect(f"crm:{noun.plural}-edit", pk)
    closing = request.method != "POST" and request.GET.get("close") == "1"
    if request.method == "POST" and form.is_valid():
        try:
            save(form.values, form.cleaned_data["version"] or 0, form.cleaned_data["was"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            closing = True
    if not request.htmx:
        if closing:
            messages.success(request, _("Your changes are saved."))
        else:
            messages.error(request, " ".join(str(e) for es in form.errors.values() for e in es))
        return redirect(f"crm:{noun.plural}-show", pk)
    context: dict[str, Any] = {"form": form, "pk": pk, "field": field, "noun": noun}
    if closing:
        context |= _shown(request, noun, pk, field)
    return render(request, "components/cell_open.html", context)


def _shown(request: UserRequest, noun: Noun, pk: int, field: str) -> dict[str, Any]:
    query = QueryDict(mutable=True)
    query["columns"] = field
    (line,) = lines_of(Table(noun, request.user, query), [pk])
    drawn = line.cells[0][1] if line.cells else ""
    return {"closed": True, "line": line, "drawn": drawn}


def _elsewhere(request: UserRequest, page: str, pk: int) -> HttpResponse:
    """A page of its own does it; htmx is told to go there."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse(page, args=[pk])})
    return redirect(page, pk)
