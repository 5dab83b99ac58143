"""Forms of a call's reminders: before which deadline, how many days, at what hour."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Reminder
from campaigns.models.reminders import LONGEST
from crm.forms.times import HourField
from crm.models import Deadline
from crm.models.texts import in_language

MOST = 6
"""Reminders that are planned at once."""


class DaysField(forms.CharField):
    """Numbers of days, with commas between them."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        words = [word for word in re.split(r"[\s,;]+", text) if word]
        if not words or not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError(_("Write numbers with commas between them: 14, 7, 2"))
        days = {int(word[:4]) for word in words}
        if min(days) < 1 or max(days) > LONGEST:
            raise ValidationError(_("Write numbers from 1 to %(most)s."), params={"most": LONGEST})
        if len(days) > MOST:
            raise ValidationError(
                _("At most %(n)s reminders at once: who is asked too often leaves."),
                params={"n": MOST},
            )
        return sorted(days, reverse=True)


class PlanForm(forms.Form):
    """New reminders of a call. Of an event there is one deadline: its beginning."""

    deadline = forms.ModelChoiceField(
        queryset=Deadline.objects.none(), label=_("Before which deadline"), empty_label=None
    )
    days = DaysField(
        label=_("How many days before"),
        max_length=60,
        help_text=_("Several with commas between them: each becomes a reminder of its own."),
    )
    hour = HourField(label=_("At what hour"))

    def __init__(self, *args: Any, call: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"days": "14, 7, 2", "hour": dt.time(9)}, **kwargs})
        self.fields["hour"].help_text = _("On the clocks of %(zone)s.") % {"zone": call.timezone}
        if call.mission is None:
            del self.fields["deadline"]
            return
        field: Any = self.fields["deadline"]
        own = call.mission.deadlines.filter(audience=Deadline.Audience.MEMBERS)
        field.queryset = own.ahead(timezone.now())
        field.label_from_instance = _said

    @property
    def is_possible(self) -> bool:
        """Whether there is a deadline ahead."""
        field: Any = self.fields.get("deadline")
        return field is None or field.queryset.exists()

    @property
    def chosen(self) -> dict[str, Any]:
        return {"deadline": None, **self.cleaned_data}


class ReminderForm(PlanForm):
    """One reminder: when it leaves."""

    days = forms.IntegerField(  # type: ignore[assignment]  # one instead of several
        label=_("How many days before"), min_value=1, max_value=LONGEST
    )

    def __init__(self, *args: Any, reminder: Reminder, **kwargs: Any) -> None:
        present = {
            "deadline": reminder.deadline_id, "days": reminder.days, "hour": reminder.hour,
        }  # fmt: skip
        super().__init__(*args, call=reminder.call, initial=present, **kwargs)


def _said(deadline: Deadline) -> str:
    thing = in_language(deadline.things, (get_language() or "en",))
    return f"{date_format(timezone.localtime(deadline.at), 'DATE_FORMAT')} · {thing}"
