"""Until when nothing of a press release is to be printed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from crm.forms.times import WallClockField, ZoneField, in_zone, on_the_wall


class EmbargoForm(forms.Form):
    """A moment on the clocks of a place; empty: no embargo."""

    until = WallClockField(
        required=False,
        label=_("Not to be published before"),
        help_text=_("Empty: it may be printed at once, and the release says so."),
    )
    zone = ZoneField(label=_("On the clocks of"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        zone = campaign.embargo_zone or campaign.timezone
        until = campaign.embargo_until
        initial = {"zone": zone, "until": on_the_wall(until, zone) if until else None}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    @property
    def moment(self) -> dt.datetime | None:
        until = self.cleaned_data["until"]
        return in_zone(until, self.cleaned_data["zone"]) if until else None
