"""Reminders of a call: planned, changed and taken out by whoever writes the call."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaigns.actions import overview, reminders
from campaigns.forms.reminders import PlanForm, ReminderForm
from campaigns.models import Campaign, Reminder
from campaigns.models.followups import readers_of
from campaigns.views.cards import Viewing
from campaigns.views.guard import guarded, lacks_factor
from campaigns.views.requests import editable, page_of, shell
from crm.models import User
from crm.views.requests import UserRequest, act, refusals, signed_in

S = Campaign.Status


@signed_in
def create(request: UserRequest, ref: str) -> HttpResponse:
    """Plan reminders; who lets many mails leave by themselves signs in once more."""
    call = editable(request, ref)
    mails = overview.summed(overview.read(call).lanes).expected
    return guarded(_create, mails)(request, call)


def _create(request: UserRequest, call: Campaign) -> HttpResponse:
    form = PlanForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            if lacks_factor(request.user):
                form.add_error(None, _("Who lets mails leave signs in with a second factor."))
            else:
                made = reminders.plan(call=call, by=request.user, **form.chosen)
                words = ngettext(
                    "One reminder is planned.", "%(n)s reminders are planned.", len(made)
                )
                messages.success(request, words % {"n": len(made)})
                return page_of(call)
    return render(request, "campaigns/reminders/create.html", shell(call, form=form))


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    """Another day or hour; the text is changed on the reminder's own page."""
    reminder = _mine(request, pk)
    form = ReminderForm(request.POST or None, reminder=reminder)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            reminders.change(reminder=reminder, by=request.user, **form.chosen)
            messages.success(request, _("Your changes are saved."))
            return page_of(reminder.call)
    context = shell(reminder.call, form=form, reminder=reminder)
    return render(request, "campaigns/reminders/edit.html", context)


@signed_in
def remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take one out of the plan."""
    reminder = _mine(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: reminders.remove(reminder=reminder, by=request.user),
            _("The reminder is taken out. Nothing of it leaves."),
            page_of(reminder.call),
        )
    context = shell(reminder.call, reminder=reminder, name=_name(reminder))
    return render(request, "campaigns/reminders/remove.html", context)


def _mine(request: UserRequest, pk: int) -> Reminder:
    rows = Reminder.objects.editable_by(request.user).with_what_it_hangs_on()
    return get_object_or_404(rows.select_related("call__alliance"), pk=pk)


# --- on the page of the call


def listed(call: Campaign, view: Viewing, user: User) -> list[dict[str, Any]]:
    """Each reminder of a call with its day and what becomes of it, in numbers of the user's lanes.

    What is planned is counted for who reads all of them.
    """
    rows = list(call.reminders.for_list(user))
    asked = any(row.campaign.status in Campaign.UNSTARTED for row in rows)
    today = None
    if view.reads_all and asked and call.started_at:
        today = readers_of(call, Campaign.FollowRule.UNANSWERED).count()
    return [_row(row, view, today) for row in rows]


def _row(reminder: Any, view: Viewing, today: int | None) -> dict[str, Any]:
    campaign = reminder.campaign
    waits = campaign.status in Campaign.UNSTARTED and not reminder.called_off
    tone, word = _badge(reminder)
    changes = view.edits and waits
    return {
        "name": _name(reminder),
        "url": reverse("campaigns:campaigns-show", args=[campaign.ref]),
        "tone": tone,
        "word": word,
        "said": _said(reminder, today),
        "signed": reminder.signed if waits and view.reads_all else None,
        "lanes": reminder.lanes,
        "edit": reverse("campaigns:reminders-edit", args=[reminder.pk]) if changes else "",
        "remove": reverse("campaigns:reminders-remove", args=[reminder.pk]) if changes else "",
    }


def _name(reminder: Reminder) -> str:
    names = {"n": reminder.days, "day": ""}
    if reminder.due_at is None:
        return ngettext("One day before", "%(n)s days before", reminder.days) % names
    names["day"] = _on_the_clocks(reminder.due_at, reminder.campaign, "DATE_FORMAT")
    words = ngettext("One day before %(day)s", "%(n)s days before %(day)s", reminder.days)
    return words % names


def _badge(reminder: Any) -> tuple[str, str]:
    campaign = reminder.campaign
    if reminder.called_off:
        return "", pgettext("reminder", "called off")
    if reminder.is_set_aside:
        return "wait", pgettext("reminder", "set aside")
    if campaign.status in Campaign.UNSTARTED:
        return (
            ("ok", pgettext("reminder", "planned"))
            if reminder.signed
            else ("wait", _("waits for signature"))
        )
    tones = {S.FINISHED: "ok", S.SENDING: "accent", S.PAUSED: "stop"}
    return tones.get(campaign.status, ""), campaign.get_status_display()


def _said(reminder: Any, today: int | None) -> str:
    campaign = reminder.campaign
    if reminder.called_off:
        return str(reminder.get_called_off_display())
    if reminder.is_set_aside:
        return _("A copy of the database set it aside. It leaves once its day is saved anew.")
    at = campaign.finished_at if campaign.status in Campaign.ENDED else campaign.send_at
    names = {
        "when": _on_the_clocks(at, campaign, "DATETIME_FORMAT") if at else "",
        "zone": campaign.timezone,
        "n": today,
        "mails": reminder.mails or 0,
    }
    return _sentence(campaign, today) % names


def _sentence(campaign: Campaign, today: int | None) -> str:
    if campaign.status == S.FINISHED:
        return _("Sent until %(when)s (%(zone)s): %(mails)s mails.")
    if campaign.status == S.CANCELLED:
        return _("Cancelled. What had not left never leaves.")
    if campaign.status not in Campaign.UNSTARTED:
        return _("On its way since %(when)s (%(zone)s).")
    if campaign.send_at and campaign.send_at <= timezone.now():
        return _("It was due on %(when)s (%(zone)s), and leaves with the first signature.")
    if today is None:
        return _("Goes on %(when)s (%(zone)s) to those without an answer by then.")
    return _("Goes on %(when)s (%(zone)s) to those without an answer; today %(n)s.")


def _on_the_clocks(moment: dt.datetime, campaign: Campaign, pattern: str) -> str:
    return date_format(timezone.localtime(moment, ZoneInfo(campaign.timezone)), pattern)
