"""Forms for readers without an account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.mail.wording import READERS_WORDS
from campaigns.models import Campaign
from crm.models import Answer, Cluster, Suppression, Topic

S = Suppression.Scope


class LeavingForm(forms.Form):
    """What to leave. A mail provider's one-click POST chooses nothing and means the topic."""

    scope = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("What to leave"))

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        cluster: Cluster,
        objecting: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        if campaign.topic:
            choices.append((S.TOPIC.value, _("Only this: %(topic)s") % {"topic": campaign.topic}))
        elif campaign.is_digest and campaign.alliance:
            named = _("The digests of %(alliance)s") % {"alliance": campaign.alliance.name}
            choices.append((S.TOPIC.value, named))
        if objecting:  # to whoever answers for one's data, whatever they write about
            choices = []
        choices.append(
            (S.CLUSTER.value, _("Everything from %(cluster)s") % {"cluster": cluster.name})
        )
        if campaign.alliance:
            choices.append(
                (
                    S.ALLIANCE.value,
                    _("Everything from %(alliance)s") % {"alliance": campaign.alliance.name},
                )
            )
        choices.append((S.ALL.value, str(_("Everything, from everybody here"))))
        self._names = {
            S.TOPIC.value: campaign.topic or choices[0][1],
            S.CLUSTER.value: cluster.name,
            S.ALLIANCE.value: campaign.alliance,
            S.ALL.value: _("Everything, from everybody here"),
        }
        self.narrowest: str = choices[0][0]
        self.fields["scope"].choices = choices  # type: ignore[attr-defined]
        self.fields["scope"].initial = self.narrowest

    def name_of(self, scope: str, topics: Sequence[Topic] = ()) -> str:
        """What was left, by its name: of topics each of them."""
        return ", ".join(str(topic) for topic in topics) or str(self._names[scope])

    @property
    def one_click(self) -> bool:
        """RFC 8058: the provider's POST carries exactly this pair."""
        return self.data.get("List-Unsubscribe") == "One-Click"


class AnswerForm(forms.Form):
    """One answer, and a word with it if the reader likes."""

    value = forms.ChoiceField(widget=forms.RadioSelect, label=_("Your answer"))
    note = forms.CharField(
        required=False,
        max_length=500,
        label=_("A word to your contact point"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, values: tuple[Answer.Value, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].choices = [  # type: ignore[attr-defined]
            (value.value, READERS_WORDS[value]) for value in values
        ]
