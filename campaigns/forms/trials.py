"""Two subjects of a campaign: the second one, who gets either, and what happens then."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Trial
from campaigns.models.trials import LEAST_SHARE, MOST_HOURS, MOST_SHARE
from crm.forms.texts import TextsFormField


class TrialForm(forms.Form):
    """How a second subject is tried."""

    subjects = TextsFormField(label=_("Second subject"), max_length=200)
    share = forms.IntegerField(
        label=_("Share of the readers who get either, in percent"),
        min_value=LEAST_SHARE,
        max_value=MOST_SHARE,
        help_text=_(
            "10: the first subject goes to a tenth of each region, the second to another tenth."
        ),
    )
    hours = forms.IntegerField(
        label=_("Hours until all others follow"), min_value=1, max_value=MOST_HOURS
    )
    policy = forms.ChoiceField(
        label=_("If nobody has chosen by then, they get"),
        choices=Trial.Policy.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, trial: Trial | None, **kwargs: Any) -> None:
        shown = trial or Trial()
        initial = {name: getattr(shown, name) for name in ("subjects", "share", "hours", "policy")}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
