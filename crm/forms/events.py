"""Entering and changing an event."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.allied import AlliedForm
from crm.forms.texts import TextsFormField, language_choices
from crm.forms.times import WallClockField, ZoneField, in_zone, on_the_wall
from crm.models import Alliance, Cluster, Event

FACTS = (
    "names", "leads", "lead_cluster", "mode", "answer_mode", "timezone", "place", "city",
    "join_url", "capacity", "previous_edition", "languages", "status", "public", "version",
)  # fmt: skip


class EventForm(AlliedForm):
    """An event's own facts, every text in every language."""

    names = TextsFormField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name in addresses"),
        help_text=_("Small letters, digits and hyphens, like matchmaking-2027. It stays for good."),
    )
    alliances = forms.ModelMultipleChoiceField(
        Alliance.objects.none(), label=_("For"), widget=forms.CheckboxSelectMultiple
    )
    lead_cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Led by"), empty_label=_("choose one")
    )
    starts_wall = WallClockField(label=_("Starts"))
    ends_wall = WallClockField(label=_("Ends"))
    timezone = ZoneField()
    mode = forms.ChoiceField(label=_("Mode"), choices=Event.Mode.choices)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    join_url = forms.URLField(
        label=_("Address to join online"), required=False, assume_scheme="https"
    )
    answer_mode = forms.ChoiceField(label=_("Answers"), choices=Event.AnswerMode.choices)
    capacity = forms.IntegerField(label=_("Places"), min_value=1, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=language_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    leads = TextsFormField(label=_("What it is, in a few sentences"), rows=5, required=False)
    previous_edition = forms.ModelChoiceField(
        Event.objects.none(), label=_("Previous edition"), required=False, empty_label="–"
    )
    status = forms.ChoiceField(label=_("Status"), choices=Event.Status.choices)
    public = forms.BooleanField(label=_("Has a public page"), required=False, initial=True)

    def __init__(self, *args: Any, editions: QuerySet[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        previous = self.fields["previous_edition"]
        assert isinstance(previous, forms.ModelChoiceField)
        previous.queryset = editions

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = values.pop("starts_wall", None), values.pop("ends_wall", None)
        zone = values.get("timezone")
        if starts and ends and zone:
            values["starts_at"], values["ends_at"] = in_zone(starts, zone), in_zone(ends, zone)
            if ends <= starts:
                self.add_error("ends_wall", gettext("It ends before it starts."))
        return values


def present(event: Event) -> dict[str, Any]:
    """What the form shows of an event as it is."""
    return {
        **{name: getattr(event, name) for name in FACTS},
        "alliances": event.alliances.all(),
        "starts_wall": on_the_wall(event.starts_at, event.timezone),
        "ends_wall": on_the_wall(event.ends_at, event.timezone),
    }
