"""Exports: taking a list out, one's own files, fetching and deleting them."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.actions import exports
from crm.actions.errors import Refused
from crm.forms import tables
from crm.forms.exports import ExportForm
from crm.forms.nouns import NOUNS
from crm.forms.tables import Table, tidied
from crm.models import Export
from crm.resources.lists import own_columns
from crm.views.lists import explicit
from crm.views.requests import UserRequest, act, refusals, render_part, signed_in

KINDS = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Export.Format.VCARD: "text/vcard; charset=utf-8",
}


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    mine = Export.objects.visible_to(request.user)
    context = {"exports": mine[:100], "days": settings.EXPORT_DAYS}
    return render(request, "crm/exports/list.html", context)


def _many(request: UserRequest) -> bool:
    """Whether so much is taken out that one signs in once more."""
    form = ExportForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return False
    data = form.cleaned_data
    return _asked(request, data["of"], data["question"]).rows.count() > settings.EXPORT_CONFIRM


@signed_in
@reauthentication_required(enabled=_many)  # type: ignore[untyped-decorator]
def create(request: UserRequest) -> HttpResponse:
    asked: Any = request.POST
    if request.method != "POST":
        asked = {"of": request.GET.get("of"), "question": tidied(request.GET)}
    noun = asked["of"] if asked.get("of") in Export.Noun.values else Export.Noun.PEOPLE
    table = _asked(request, noun, asked.get("question", ""))
    number = table.rows.count()
    # Without its view: what is shown now is what is taken out, whatever becomes of the view. An
    # empty address would open the view that somebody made their first one: everything says so.
    question = (table.given if table.trouble else explicit(table)).urlencode() or "all=1"
    initial = {"of": noun, "question": question}
    form = ExportForm(asked) if request.method == "POST" else ExportForm(initial=initial)
    unguarded = settings.EXPORT_SECOND_FACTOR and not is_mfa_enabled(request.user)
    if form.is_bound and form.is_valid() and not unguarded:
        with refusals(form):
            export = exports.ask(
                by=request.user,
                noun=noun,
                question=question,
                file_format=form.cleaned_data["file_format"],
                columns=form.chosen(
                    [column.name for column in table.columns], own_columns(noun, request.user)
                ),
                language=(get_language() or "en")[:2],
                number=number,
            )
            if number <= settings.EXPORT_AT_ONCE:
                exports.make(export=export, rows=tables.rows)
            return redirect("crm:exports-show", export.key)
    context = {
        "form": form,
        "noun": noun,
        "question": question,
        "number": number,
        "unguarded": unguarded,
        "many": number > settings.EXPORT_CONFIRM,
        "days": settings.EXPORT_DAYS,
    }
    return render(request, "crm/exports/create.html", context)


@signed_in
@require_safe
def show(request: UserRequest, key: str) -> HttpResponse:
    export = get_object_or_404(Export.objects.visible_to(request.user), key=key)
    return render_part(request, "crm/exports/show.html", "state", {"export": export})


@signed_in
@require_safe
def fetch(request: UserRequest, key: str) -> HttpResponse:
    """The file itself."""
    export = get_object_or_404(Export.objects.visible_to(request.user), key=key)
    try:
        pieces = exports.fetch(export=export, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("crm:exports-show", key)
    response = StreamingHttpResponse(pieces, content_type=KINDS[Export.Format(export.file_format)])
    response["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    response["Content-Length"] = str(export.size)
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


@signed_in
@require_POST
def delete(request: UserRequest, key: str) -> HttpResponse:
    export = get_object_or_404(Export.objects.visible_to(request.user), key=key)
    return act(
        request,
        lambda: exports.delete(export=export, by=request.user),
        _("The file is deleted."),
        redirect("crm:exports-list"),
    )


def _asked(request: UserRequest, noun: str, question: str) -> Table:
    return Table(NOUNS[noun], request.user, QueryDict(question))
