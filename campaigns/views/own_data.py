"""A mailbox's owner sees, corrects, takes out and erases what is kept: GET shows, POST acts."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from campaigns.actions import erasures, own_data
from campaigns.forms.own_data import OwnDataForm
from campaigns.views.preferences import opened
from campaigns.views.public import gone
from crm.actions import preferences, taking_out
from crm.actions.preferences import Preferences
from crm.models import Address
from crm.rules.formulas import escaped
from crm.views.requests import refusals


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def show(request: HttpRequest, token: str) -> HttpResponse:
    present, language, refused = opened(request, token)
    if refused or present is None:
        return refused or gone(request)
    with translation.override(language):
        asked = request.POST.get("do", "") if request.method == "POST" else ""
        if asked in ("json", "csv"):
            return _file(present.address, language, asked)
        records = preferences.own_records(present.address)
        form = OwnDataForm(
            request.POST if asked == "correct" else None, records=records, language=language
        )
        done = ""
        if asked == "correct" and records and form.is_valid():
            with refusals(form):
                preferences.correct(address=present.address, **form.cleaned_data)
                done = _("Saved. It holds in every list that has you.")
        context = {"form": form, "records": records, "done": done}
        return _shown(request, "campaigns/own_data/show.html", present, language, token, context)


@csrf_exempt  # as above
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """What erasing means; the button has a mail sent to the mailbox, and nothing else."""
    present, language, refused = opened(request, token)
    if refused or present is None:
        return refused or gone(request)
    with translation.override(language):
        if request.method == "POST":
            erasures.ask(address=present.address, language=language)
        context = {"asked": request.method == "POST"}
        return _shown(request, "campaigns/own_data/erase.html", present, language, token, context)


def _shown(
    request: HttpRequest,
    template: str,
    present: Preferences,
    language: str,
    token: str,
    context: dict[str, Any],
) -> HttpResponse:
    shared = {"present": present, "token": token, "language": language}
    response = render(request, template, shared | context)
    response["Content-Language"] = language
    response["Cache-Control"] = "private, no-store"
    return response


def _file(address: Address, language: str, file_format: str) -> HttpResponse:
    """All of it, for a person to read or for a program (GDPR, Art. 15 and 20)."""
    taken = own_data.taken_out(address, language)
    response: HttpResponse
    if file_format == "json":
        response = JsonResponse(taken, json_dumps_params={"indent": 1, "ensure_ascii": False})
    else:
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        writer = csv.writer(response)
        writer.writerow([_("What"), _("Value")])
        writer.writerows((path, escaped(value)) for path, value in taking_out.flat(taken))
    response["Content-Disposition"] = f'attachment; filename="my-data.{file_format}"'
    response["Cache-Control"] = "private, no-store"
    return response
