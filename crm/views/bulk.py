"""Bulk actions: one page that says how many and whom, then it is done, and can be undone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import bulk
from crm.forms.bulk import VALUES, BulkForm
from crm.forms.nouns import NOUNS
from crm.forms.tables import Table
from crm.models import BulkAct, Organisation, Person
from crm.models.codes import language_name
from crm.views.lists import explicit
from crm.views.people import what_follows_archiving
from crm.views.requests import UserRequest, act, refusals, signed_in

EXAMPLES = 8


@signed_in
def confirm(request: UserRequest, noun: str) -> HttpResponse:
    """How many rows, some of them by name, and the value; a POST does it."""
    if noun not in NOUNS or not request.user.scope.keeps_records:
        raise Http404
    table = Table(NOUNS[noun], request.user, request.GET)
    verb = request.GET.get("act", "")
    acts = [(str(value), str(BulkAct.Act(value).label)) for value in bulk.ACTS[table.noun.name]]
    if verb not in dict(acts):
        verb = ""
    chosen = _chosen(request, table)
    count = len(chosen)
    choices: dict[str, Any] = {
        question: list(table.questions[question].choices)
        for question, _label in VALUES.values()
        if question in table.questions
    }
    form = BulkForm(request.POST or None, act=verb, choices=choices, initial={"expected": count})
    back = f"{reverse(f'crm:{noun}-list')}?{explicit(table).urlencode() or 'all=1'}"
    if request.method == "POST" and form.is_valid() and verb:
        if form.cleaned_data["expected"] != count:
            form = BulkForm(act=verb, choices=choices, initial={"expected": count})
            messages.error(request, _("The list changed meanwhile. Look at the number again."))
        else:
            with refusals(form):
                entry = bulk.apply(
                    noun=table.noun.name,
                    ids=chosen,
                    act=verb,
                    value=form.cleaned_data.get("value", ""),
                    by=request.user,
                )
                return redirect("crm:bulk-show", entry.pk)
    rows = _rows(request, table.noun.name, chosen[:EXAMPLES])
    context = {
        "form": form,
        "noun": noun,
        "act": dict(acts).get(verb, ""),
        "verb": verb,
        "acts": acts,
        "count": count,
        "examples": rows,
        "more": count - len(rows),
        "too_many": count > bulk.most(verb),
        "most": bulk.most(verb),
        "what_follows": what_follows_archiving(),
        "back": back,
        "kept": [(k, v) for k, values in request.GET.lists() for v in values if k != "act"],
    }
    return render(request, "crm/bulk/confirm.html", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    """What was done, what was left alone and why, and the way back."""
    entry = get_object_or_404(BulkAct.objects.visible_to(request.user), pk=pk)
    noun = "people" if entry.noun == "person" else "organisations"
    context = {
        "entry": entry,
        "sentence": bulk.said(entry),
        "value": language_name(entry.value) if entry.act == BulkAct.Act.LANGUAGE else entry.said,
        "noun": noun,
        "show": f"crm:{noun}-show",
        "rows": _changed(request, entry, [int(pk) for pk in entry.before][:EXAMPLES]),
        "left": _changed(request, entry, entry.kept),
    }
    return render(request, "crm/bulk/show.html", context)


@signed_in
def undo(request: UserRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(BulkAct.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: bulk.undo(entry=entry, by=request.user),
            _("It is undone."),
            redirect("crm:bulk-show", entry.pk),
        )
    return render(request, "crm/bulk/undo.html", {"entry": entry, "sentence": bulk.said(entry)})


def _chosen(request: UserRequest, table: Table) -> list[int]:
    """The ids that may be changed: of those ticked, or of all that the list shows.

    Typed ids are only looked up among the rows of the user's own.
    """
    editable: Any
    if table.noun.name == "person":
        editable = Person.objects.editable_by(request.user)
    else:
        editable = Organisation.objects.visible_to(request.user)
        if not request.user.scope.admin:
            editable = editable.filter(memberships__cluster__in=request.user.scope.contact_for)
    if request.GET.get("all_rows") == "1":
        rows = table.rows.filter(pk__in=editable.values("pk"))
    else:
        given = [int(pk) for pk in request.GET.getlist("ids") if pk.isdecimal() and len(pk) < 18]
        rows = editable.filter(pk__in=given, merged_into=None)
    ordered = rows.order_by("name_folded", "pk").values_list("pk", flat=True)
    return list(dict.fromkeys(ordered[: bulk.MOST + 1]))


def _changed(request: UserRequest, entry: BulkAct, ids: list[int]) -> list[Any]:
    if entry.noun == "organisation":
        ids = bulk.organisations_of(entry, ids)
    return _rows(request, entry.noun, ids)


def _rows(request: UserRequest, noun: str, ids: list[int]) -> list[Any]:
    if noun == "person":
        return list(Person.objects.editable_by(request.user).filter(pk__in=ids))
    return list(Organisation.objects.visible_to(request.user).filter(pk__in=ids))
