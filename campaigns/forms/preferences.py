"""What a mailbox's owner chooses of what is sent to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.actions.preferences import Preferences
from crm.forms.texts import language_choices
from crm.forms.times import DayField
from crm.models import Frequency, Market, Suppression, Topic
from crm.models.texts import in_language

S = Suppression.Scope


class PreferencesForm(forms.Form):
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=_("What about?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=language_choices)
    frequency = forms.ChoiceField(
        label=_("How shall posts come?"),
        choices=Frequency.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("What has a deadline, like the call of a mission, comes at once all the same."),
    )
    markets = forms.ModelMultipleChoiceField(
        Market.objects.none(),
        to_field_name="slug",
        label=_("Only what is about these markets"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What is about no market in particular comes all the same. None ticked: all markets. "
            "Who reads posts in digests and adds a market is told what the last three months "
            "brought about it, too."
        ),
    )
    paused_until = DayField(
        label=_("Nothing until"),
        required=False,
        help_text=_(
            "Holidays, parental leave: from the day after, mails come again by themselves."
        ),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    """The ids of the topics that were ticked when the page was opened."""

    def __init__(self, *args: Any, preferences: Preferences, language: str, **kwargs: Any) -> None:
        initial = {
            "seen": ",".join(map(str, sorted(preferences.on))) or "none",
            "topics": list(preferences.on),
            "language": preferences.language or language,
            "frequency": preferences.frequency,
            "markets": preferences.markets,
            "paused_until": preferences.paused_until,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        field: Any = self.fields["topics"]
        field.queryset = Topic.objects.filter(pk__in=[topic.pk for topic in preferences.topics])
        field.choices = [
            (
                topic.pk,
                f"{in_language(topic.names, (language, 'en'))} ({topic.alliance or topic.cluster})",
            )
            for topic in preferences.topics
        ]
        markets: Any = self.fields["markets"]
        markets.queryset = Market.objects.order_by("slug")
        markets.label_from_instance = lambda row: in_language(row.names, (language, "en"))

    def clean_seen(self) -> set[int] | None:
        """None where a page says nothing of it."""
        seen = self.cleaned_data["seen"]
        return {int(pk) for pk in seen.split(",") if pk.isdecimal()} if seen else None

    @property
    def narrowed(self) -> list[str] | None:
        """The markets, where any was changed; else topics may go on with different ones."""
        if "markets" not in self.changed_data:
            return None
        return [market.slug for market in self.cleaned_data["markets"]]


class LeaveForm(forms.Form):
    """What to leave altogether."""

    scope = forms.ChoiceField(label=_("What to leave"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, preferences: Preferences, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            *(
                (
                    f"{S.CLUSTER.value}-{cluster.pk}",
                    _("Everything from %(cluster)s") % {"cluster": cluster.name},
                )
                for cluster in preferences.keepers
            ),
            *(
                (
                    f"{S.ALLIANCE.value}-{alliance.pk}",
                    _("Everything from %(alliance)s") % {"alliance": alliance.name},
                )
                for alliance in preferences.alliances
            ),
            (S.ALL.value, _("Everything, from everybody here")),
        ]
        field: Any = self.fields["scope"]
        field.choices = choices
        self.names = {value: str(name) for value, name in choices}

    @property
    def chosen(self) -> tuple[str, int | None]:
        """The scope, and the id of what it names."""
        scope, _dash, pk = self.cleaned_data["scope"].partition("-")
        return scope, int(pk) if pk else None
