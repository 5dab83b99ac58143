"""Whom a campaign is for, and which campaign is for the people of a list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from crm.models import Event, Mission

STANDARD = "standard"


class AudienceForm(forms.Form):
    """The usual readers, or the people of a saved view."""

    audience = forms.ChoiceField(
        label=_("Write to"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom this campaign is for.")},
    )

    def __init__(
        self, *args: Any, usual: str, views: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        """`usual`: who the usual readers are, in words."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["audience"]
        field.choices = [(STANDARD, usual), *views]


class SavedForm(forms.Form):
    """What a saved audience is called, and who else uses it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    shared = forms.BooleanField(
        label=_("Share it with whoever writes the alliance's calls"), required=False
    )


class NameForm(forms.Form):
    """What a question is called that somebody put together."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Shown on the campaign's page. Without one, its conditions are its name."),
    )
    shared = forms.BooleanField(
        label=_("Share it with whoever writes the alliance's calls"),
        required=False,
        help_text=_("It is shared when you save it to use it again."),
    )


class WriteForm(forms.Form):
    """What the people of a list are written to about."""

    about = forms.ChoiceField(
        label=_("About"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you write about.")},
    )

    def __init__(
        self,
        *args: Any,
        drafts: QuerySet[Campaign],
        missions: QuerySet[Mission],
        events: QuerySet[Event],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.records: dict[str, Campaign | Mission | Event] = {
            **{f"campaign-{row.pk}": row for row in drafts},
            **{f"mission-{row.pk}": row for row in missions},
            **{f"event-{row.pk}": row for row in events},
        }
        field: Any = self.fields["about"]
        field.choices = [
            (label, [(key, str(row)) for key, row in self.records.items() if isinstance(row, kind)])
            for kind, label in (
                (Campaign, _("A draft that you have, for these instead")),
                (Mission, _("A new call for a mission")),
                (Event, _("A new invitation to an event")),
            )
            if any(isinstance(row, kind) for row in self.records.values())
        ]

    @property
    def chosen(self) -> Campaign | Mission | Event:
        return self.records[self.cleaned_data["about"]]
