"""Form fields for days, hours on the wall, and time zones."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.rules import dates

# Offered first; every zone the system knows may be typed.
ZONES = (
    "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Rome", "Europe/Brussels",
    "Europe/London", "Asia/Tokyo", "Asia/Shanghai", "Asia/Seoul", "America/New_York",
    "America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "Australia/Adelaide", "UTC",
)  # fmt: skip


class DayField(forms.DateField):
    """A day, entered by the browser's calendar or as year-month-day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class PartialDateField(forms.CharField):
    """A day, a month or a year, as far as it is known: (first possible day, precision)."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            day, precision = value
            return day.isoformat()[: {dates.YEAR: 4, dates.MONTH: 7}.get(precision, 10)]
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return dates.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class HourField(forms.TimeField):
    """An hour of the day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput({"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs)


class WallClockField(forms.Field):
    """Day and hour as a clock on the wall shows them; which wall, a zone says."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = dt.datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise ValidationError(
                _("Write a day and an hour, like 2027-06-09 18:00."), code="invalid"
            ) from error
        return moment.replace(tzinfo=None)


class ZoneWidget(forms.TextInput):
    """A text input that offers the usual zones."""

    template_name = "crm/forms/zone.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        offered = f"{context['widget']['attrs'].get('id', name)}_zones"
        context["widget"]["attrs"]["list"] = offered
        return {**context, "zones": ZONES, "zones_id": offered}


class ZoneField(forms.CharField):
    """The name of a time zone."""

    widget = ZoneWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("time zone"))
        kwargs.setdefault("initial", "Europe/Paris")
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if name and name not in available_timezones():
            raise ValidationError(
                _("“%(name)s” is not a time zone. Write one like Europe/Paris."),
                params={"name": name},
            )
        return name


def on_the_wall(moment: dt.datetime, zone: str) -> dt.datetime:
    """The same moment as a clock in the zone shows it."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def in_zone(wall: dt.datetime, zone: str) -> dt.datetime:
    """The moment when a clock in the zone shows this."""
    return wall.replace(tzinfo=ZoneInfo(zone))
