"""Entering and changing a mission: its facts, deadlines and the route for outsiders."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.allied import AlliedForm
from crm.forms.texts import TextsFormField
from crm.forms.times import PartialDateField, WallClockField, ZoneField, in_zone, on_the_wall
from crm.models import (
    Alliance,
    Cluster,
    Deadline,
    ExternalRoute,
    Market,
    Membership,
    Mission,
    Region,
)
from crm.rules import dates

COARSENESS = (dates.DAY, dates.MONTH, dates.YEAR)


class MissionForm(AlliedForm):
    """A mission's own facts, every text in every language."""

    names = TextsFormField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name in addresses"),
        help_text=_("Small letters, digits and hyphens, like japan-2027. It stays for good."),
    )
    alliances = forms.ModelMultipleChoiceField(
        Alliance.objects.none(), label=_("For"), widget=forms.CheckboxSelectMultiple
    )
    lead_cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Led by"), empty_label=_("choose one")
    )
    market = forms.ModelChoiceField(
        Market.objects.all(), label=_("Market"), empty_label=_("choose one")
    )
    starts = PartialDateField(
        label=_("First day"),
        help_text=_("As far as it is known: 2027-10-09, or 2027-10, or 2027."),
    )
    ends = PartialDateField(
        label=_("Last day"), required=False, help_text=_("Left empty: the same.")
    )
    status = forms.ChoiceField(label=_("Status"), choices=Mission.Status.choices)
    leads = TextsFormField(label=_("What it is, in a few sentences"), rows=5, required=False)
    terms = TextsFormField(label=_("Price and conditions"), rows=4, required=False)
    eligible_regions = forms.ModelMultipleChoiceField(
        Region.objects.all(),
        label=_("Regions that may apply"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Readers from elsewhere are sent to the other organiser's call. None: all."),
    )
    eligible_categories = forms.MultipleChoiceField(
        label=_("Categories that may apply"),
        choices=Membership.Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None: all."),
    )
    public = forms.BooleanField(label=_("Has a public page"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("starts"):
            return values
        first, start_precision = values.pop("starts")
        last, end_precision = values.pop("ends", None) or (first, start_precision)
        precision = max(start_precision, end_precision, key=COARSENESS.index)
        end = dates.last_day(last, precision)
        if end < first:
            self.add_error("ends", gettext("The last day lies before the first one."))
        values["during"] = (first, end + dt.timedelta(days=1))
        values["precision"] = precision
        return values


def present(mission: Mission) -> dict[str, Any]:
    """What the form shows of a mission as it is."""
    last = mission.during.upper - dt.timedelta(days=1)
    return {
        **{
            name: getattr(mission, name)
            for name in (
                "names", "leads", "terms", "lead_cluster", "market", "status",
                "eligible_categories", "public", "version",
            )
        },
        "alliances": mission.alliances.all(),
        "eligible_regions": mission.eligible_regions.all(),
        "starts": (mission.during.lower, mission.precision),
        "ends": (last, mission.precision),
    }  # fmt: skip


class DeadlineForm(forms.Form):
    """A date by which somebody must have done something."""

    things = TextsFormField(label=_("What is due"), max_length=200)
    wall = WallClockField(label=_("When"))
    timezone = ZoneField()
    audience = forms.ChoiceField(label=_("Who must do it"), choices=Deadline.Audience.choices)
    soft = forms.BooleanField(label=_("Recommended, not final"), required=False)

    def clean(self) -> dict[str, Any]:
        return _with_moment(super().clean() or self.cleaned_data)


def present_deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "things": deadline.things,
        "wall": on_the_wall(deadline.at, deadline.timezone),
        "timezone": deadline.timezone,
        "audience": deadline.audience,
        "soft": deadline.soft,
    }


class ExternalRouteForm(forms.Form):
    """Where an organisation from outside the eligible regions applies instead."""

    organiser = forms.CharField(label=_("Organiser"), max_length=200)
    url = forms.URLField(label=_("Address of the other call"), assume_scheme="https")
    wall = WallClockField(label=_("Deadline"))
    timezone = ZoneField()
    texts = TextsFormField(label=_("What to tell the reader"), rows=4)

    def clean(self) -> dict[str, Any]:
        return _with_moment(super().clean() or self.cleaned_data)


def present_route(route: ExternalRoute) -> dict[str, Any]:
    return {
        "organiser": route.organiser,
        "url": route.url,
        "wall": on_the_wall(route.at, route.timezone),
        "timezone": route.timezone,
        "texts": route.texts,
    }


def _with_moment(values: dict[str, Any]) -> dict[str, Any]:
    """The clock on the wall and its zone as one moment, `at`."""
    wall = values.pop("wall", None)
    if wall and values.get("timezone"):
        values["at"] = in_zone(wall, values["timezone"])
    return values
