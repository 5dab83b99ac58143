"""Forms of a lane: a word with a decision, the region's own introduction, the lanes' dates."""

import datetime as dt
import json
from collections import Counter
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.forms.contents import MARKUP
from campaigns.models import Campaign, Release
from campaigns.rules import markup
from campaigns.rules.blocks import host_of
from campaigns.rules.merge import unknown_fields
from crm.forms.texts import TextsFormField
from crm.forms.times import WallClockField, ZoneField, in_zone, on_the_wall


class NoteForm(forms.Form):
    """Why a lane is held or declined; everybody who sees the lane reads it."""

    note = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 3, "autofocus": True})
    )


class IntroductionForm(forms.Form):
    """A few sentences of the region's own, per language."""

    texts = TextsFormField(
        rows=5,
        required=False,
        max_length=4000,
        label=_("Introduction"),
        help_text=format_lazy(
            "{} {}",
            _(
                "It stands at the top of the mail to this region's readers. In a language without "
                "one, the mail begins with the call itself."
            ),
            MARKUP,
        ),
    )
    seen = forms.JSONField(required=False, widget=forms.HiddenInput)
    """What stood there when the page was opened, by language."""

    def saw(self, texts: dict[str, str]) -> None:
        """The page shows these texts: saved once more, what is typed takes their place."""
        data: Any = self.data  # of a request
        self.data = data.dict() | {"seen": json.dumps(self.cleaned_data["seen"] | texts)}

    def clean_seen(self) -> dict[str, str]:
        seen = self.cleaned_data["seen"]
        return {str(key): str(text) for key, text in seen.items()} if isinstance(seen, dict) else {}

    def clean_texts(self) -> dict[str, str]:
        texts: dict[str, Any] = self.cleaned_data["texts"]
        for language, text in texts.items():
            for name in unknown_fields(text):
                raise forms.ValidationError(
                    _("{%(name)s} in “%(language)s” is not a merge field."),
                    params={"name": name, "language": language},
                )
            for address in markup.targets(text):
                if not host_of(address):
                    raise forms.ValidationError(
                        _(
                            "A link in “%(language)s” leads to “%(address)s”. "
                            "Write a whole address that begins with https://."
                        ),
                        params={"address": address[:80], "language": language},
                    )
        return texts


class DatesForm(forms.Form):
    """Until when the regions decide: one date for all, and another for those who need it."""

    at = WallClockField(
        required=False,
        label=_("Until"),
        help_text=_("Whoever may sign a lane is reminded a day before. Empty: there is no date."),
    )
    zone = ZoneField(label=_("On the clocks of"))
    at_deadline = forms.ChoiceField(
        choices=Campaign.AtDeadline.choices,
        widget=forms.RadioSelect,
        label=_("A lane that nobody decided by then"),
        help_text=_(
            "A lane on hold stays on hold, and one against which the checks say something waits."
        ),
    )

    def __init__(self, *args: Any, campaign: Campaign, lanes: list[Release], **kwargs: Any) -> None:
        common = Counter(lane.by_at for lane in lanes if lane.by_at).most_common(1)
        self.common = common[0][0] if common else None
        self.campaign, self.lanes = campaign, lanes
        initial: dict[str, Any] = {
            "zone": campaign.timezone,
            "at_deadline": campaign.at_deadline,
            "at": self._on_the_wall(self.common),
        }
        for lane in lanes:
            own = lane.by_at if lane.by_at != self.common else None
            initial[_name(lane)] = self._on_the_wall(own)
        super().__init__(*args, **{**kwargs, "initial": initial})
        for lane in lanes:
            self.fields[_name(lane)] = WallClockField(required=False, label=lane.name)

    def _on_the_wall(self, moment: dt.datetime | None) -> dt.datetime | None:
        return on_the_wall(moment, self.campaign.timezone) if moment else None

    @property
    def of_all(self) -> list[Any]:
        return [self[name] for name in ("at", "zone", "at_deadline")]

    @property
    def of_lanes(self) -> list[Any]:
        return [self[_name(lane)] for lane in self.lanes]

    @property
    def differ(self) -> bool:
        """Whether some lane has a date of its own, or one that is wrong."""
        return any(field.value() or field.errors for field in self.of_lanes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.dates: dict[int, dt.datetime | None] = {}
        if self.errors:
            return cleaned
        for lane in self.lanes:
            name = _name(lane) if cleaned.get(_name(lane)) else "at"
            wall = cleaned.get(name)
            moment = in_zone(wall, cleaned["zone"]) if wall else None
            self.dates[lane.pk] = moment
            late = moment is not None and moment != lane.by_at and moment <= timezone.now()
            if late and name not in self.errors:
                self.add_error(name, _("This lies in the past. Choose a later time."))
        waits = cleaned["at_deadline"] == Campaign.AtDeadline.WAIT
        if not waits and not any(self.dates.values()) and "at" not in self.errors:
            self.add_error("at", _("Write until when the regions may decide."))
        return cleaned


def _name(lane: Release) -> str:
    return f"lane_{lane.pk}"
