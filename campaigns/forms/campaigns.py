"""Forms around a campaign: announcing, scheduling, asking the report."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaigns.actions import reports
from campaigns.forms.counts import CountForm
from campaigns.forms.snippets import called
from campaigns.models import Campaign, Delivery, Exclusion, Release, Snippet
from crm.forms.times import WallClockField, ZoneField, in_zone
from crm.models import Alliance, Topic

LONGEST_SPREAD = 72  # hours


def _offer(form: forms.Form, templates: QuerySet[Snippet], label: Callable[[Snippet], str]) -> None:
    """Let somebody choose among these; where there are none they are not asked."""
    field: Any = form.fields["template"]
    field.queryset = templates.select_related("alliance").order_by("alliance__name", "name")
    field.label_from_instance = label
    if not field.queryset:
        del form.fields["template"]


class AnnouncingForm(forms.Form):
    """Under which alliance's name a record is announced, and what its text begins with."""

    alliance = forms.ModelChoiceField(
        queryset=Alliance.objects.none(), label=_("alliance"), empty_label=None
    )
    template = forms.ModelChoiceField(
        queryset=Snippet.objects.none(),
        required=False,
        label=_("Text"),
        empty_label=_("as the record fills it"),
        help_text=_("A template that your alliance keeps; linked blocks are filled all the same."),
    )

    def __init__(
        self,
        *args: Any,
        alliances: QuerySet[Alliance],
        templates: QuerySet[Snippet],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        several = len(alliances) > 1
        _offer(self, templates, lambda row: f"{row} ({row.alliance})" if several else str(row))
        field: Any = self.fields["alliance"]
        field.queryset = alliances
        field.initial = alliances.first()
        if len(alliances) < 2:
            field.widget = forms.HiddenInput()


class NewCampaignForm(forms.Form):
    """What is written about that has no record: as what, under whose name, and who asked for it."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        widget=forms.RadioSelect,
        choices=[
            (Campaign.Kind.ANNOUNCEMENT, _("An announcement, for followers of a topic")),
            (Campaign.Kind.PRESS, _("A press release, for journalists")),
        ],
        error_messages={"required": _("Choose what it is.")},
    )
    alliance = forms.ModelChoiceField(
        queryset=Alliance.objects.none(), label=_("alliance"), empty_label=None
    )
    topic = forms.ModelChoiceField(
        queryset=Topic.objects.none(),
        label=_("Followed topic"),
        required=False,
        empty_label=_("no topic"),
        help_text=_(
            "Who follows it reads this, and who unsubscribes leaves it. A press release "
            "needs none: journalists get it whom a region has on its press list."
        ),
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("Stands above the text; you may change it.")
    )
    template = forms.ModelChoiceField(
        queryset=Snippet.objects.none(),
        required=False,
        label=_("Text"),
        empty_label=_("empty, to be written"),
        help_text=_("A template that your alliance keeps; linked blocks are filled all the same."),
    )

    def __init__(
        self,
        *args: Any,
        alliances: QuerySet[Alliance],
        topics: QuerySet[Topic],
        templates: QuerySet[Snippet],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        alliance: Any = self.fields["alliance"]
        alliances = alliances.coordinated_on(timezone.localdate())  # type: ignore[attr-defined]
        alliance.queryset = alliances
        several = len(alliances) > 1
        if not several:
            alliance.initial = alliances.first()
            alliance.widget = forms.HiddenInput()
        topic: Any = self.fields["topic"]
        own = topics.filter(alliance__in=alliances).select_related("alliance")
        topic.queryset = own.order_by("alliance__name", "slug")
        kept = templates.filter(alliance__in=alliances, kind__in=Campaign.OF_NO_RECORD)
        if several:
            topic.label_from_instance = lambda row: f"{row.alliance}: {row}"
            _offer(self, kept, lambda row: f"{row.alliance}: {called(row)}")
        else:
            _offer(self, kept, called)


class SigningForm(CountForm):
    """What was pressed, kept while its number is asked for."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reminders = forms.CharField(required=False, widget=forms.HiddenInput)


class ScheduleForm(CountForm):
    """When the released lanes leave: now, or at a time on the clocks of a place.

    "Now" is `UNDO_WINDOW` seconds from now, so that it can be taken back. Nothing is chosen
    beforehand: whoever presses the button has said when.
    """

    NOW, LATER = "now", "later"
    field_order = ("when", "at", "zone", "spread", "count")

    when = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("When"),
        error_messages={"required": _("Say when: now, or at a time.")},
    )
    at = WallClockField(required=False, label=_("Day and hour"))
    zone = ZoneField(required=False, label=_("On the clocks of"))
    spread = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST_SPREAD,
        label=_("Spread over hours"),
        help_text=_("The mails of each region leave evenly over this time; empty: at once."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _scheduled(campaign))
        super().__init__(*args, **kwargs)
        when: Any = self.fields["when"]
        when.choices = [(self.NOW, self.now_said), (self.LATER, _("At a time"))]

    @property
    def spread_minutes(self) -> int:
        return (self.cleaned_data.get("spread") or 0) * 60

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == self.LATER and "at" not in self.errors:
            if not cleaned.get("at"):
                self.add_error("at", _("Write the day and the hour."))
            elif "zone" not in self.errors:
                if not cleaned.get("zone"):
                    self.add_error("zone", _("Say on whose clocks, like Europe/Paris."))
                elif self.send_at < timezone.now():
                    self.add_error("at", _("This lies in the past. Choose a later time."))
        return cleaned

    @property
    def now_said(self) -> str:
        minutes = round(settings.UNDO_WINDOW / 60)
        if not settings.UNDO_WINDOW:
            return gettext("Now")
        return ngettext(
            "Now; for a minute it can still be taken back",
            "Now; for %(n)s minutes it can still be taken back",
            minutes,
        ) % {"n": minutes}

    @property
    def send_at(self) -> dt.datetime:
        """Of a form that is valid."""
        if self.cleaned_data["when"] == self.NOW:
            return timezone.now() + dt.timedelta(seconds=settings.UNDO_WINDOW)
        return in_zone(self.cleaned_data["at"], self.cleaned_data["zone"])


def _scheduled(campaign: Campaign) -> dict[str, Any]:
    """The time that was said before, on the clocks it was said on."""
    said: dict[str, Any] = {"zone": campaign.timezone}
    if campaign.status == Campaign.Status.SCHEDULED and campaign.send_at:
        wall = campaign.send_at.astimezone(ZoneInfo(campaign.timezone)).replace(tzinfo=None)
        said |= {"when": ScheduleForm.LATER, "at": wall}
    if campaign.spread_hours:
        said["spread"] = campaign.spread_hours
    return said


class ReportForm(forms.Form):
    """Which people of a campaign to show; lives in the address."""

    lane = forms.ModelChoiceField(
        queryset=Release.objects.none(), required=False, label=_("lane"), empty_label=_("all")
    )
    state = forms.ChoiceField(required=False, label=_("state"))
    reason = forms.TypedChoiceField(
        required=False, label=_("left out because"), coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, lanes: QuerySet[Release], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lane, state, reason = (self.fields[name] for name in ("lane", "state", "reason"))
        lane.queryset = lanes  # type: ignore[attr-defined]
        lane.label_from_instance = lambda release: release.name  # type: ignore[attr-defined]
        state.choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            (reports.EXPECTED, _("would get it")),
            *((name, Delivery.State(value).label) for name, value in reports.STATES.items()),
            *reports.FACT_WORDS.items(),
            (reports.EXCLUDED, _("left out")),
        ]
        reason.choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            *(
                (value, label)
                for value, label in Exclusion.Reason.choices
                if value != Exclusion.Reason.IN_ANOTHER_LANE
            ),
        ]

    @property
    def question(self) -> reports.Question:
        """What was asked; a value nobody offered asks for everybody."""
        self.is_valid()
        cleaned = self.cleaned_data
        return reports.Question(
            cleaned.get("lane"), cleaned.get("state", ""), cleaned.get("reason")
        )


class ExplainForm(forms.Form):
    """The address one asks about."""

    address = forms.CharField(label=_("Address"), max_length=320)
