"""Programmes of missions and events: shown day by day, published version by version."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from crm.actions import missions
from crm.forms.programmes import LabelForm, item_forms, present
from crm.models import ProgrammeItem, ProgrammeVersion
from crm.models.texts import in_language
from crm.rules.dates import day_said
from crm.rules.numbers import written_number
from crm.views.allied import editable_subject
from crm.views.requests import UserRequest, refusals, signed_in

EMPTY_ROWS = 3


@signed_in
def edit(
    request: UserRequest, mission: str | None = None, event: str | None = None
) -> HttpResponse:
    """The newest version as rows; saving publishes the next one."""
    subject = editable_subject(request, mission, event)
    newest = subject.record.programme
    rows = present(newest)
    more = request.POST.get("more") == "1"
    given = request.POST.copy() if request.method == "POST" else None
    if given is not None and more:
        shown = written_number(given.get("form-TOTAL_FORMS", "")) or 0
        given["form-TOTAL_FORMS"] = str(shown + EMPTY_ROWS)
    extra = EMPTY_ROWS if rows else 2 * EMPTY_ROWS
    items = item_forms(extra)(given, initial=rows)
    label = LabelForm(given, initial={"label": newest.label if newest else "provisional"})
    if given is not None and not more and items.is_valid() and label.is_valid():
        with refusals(label):
            version = missions.publish_programme(
                mission=subject.mission,
                event=subject.event,
                items=items.items,
                label=label.cleaned_data["label"],
                by=request.user,
            )
            messages.success(request, _("Version %s of the programme is published.") % version.n)
            return subject.page
    context = {"subject": subject.record, "items": items, "label": label, "back": subject.page.url}
    return render(request, "crm/programmes/edit.html", context)


def days_of(version: ProgrammeVersion | None, language: str) -> list[dict[str, Any]]:
    """The programme as the page draws it: a list of days with their entries."""
    if version is None:
        return []
    days = []
    for day, entries in groupby(version.items.order_by("day", "sequence"), lambda item: item.day):
        items = list(entries)
        cities = list(dict.fromkeys(item.city for item in items if item.city))
        days.append(
            {
                "date_label": day_said(day, language),
                "city": ", ".join(cities),
                "items": [_drawn(item, language) for item in items],
            }
        )
    return days


def _drawn(item: ProgrammeItem, language: str) -> dict[str, Any]:
    return {
        "time_label": _time(item),
        "title": in_language(item.titles, (language,)),
        "place": item.place,
        "kind_label": item.get_kind_display(),
        "optional": item.optional,
        "with_": item.co_organisers,
    }


def _time(item: ProgrammeItem) -> str:
    if item.starts is None:
        return "" if item.part == ProgrammeItem.Part.DAY else str(item.get_part_display())
    hours = [time_format(hour) for hour in (item.starts, item.ends) if hour]
    return "–".join(hours)
