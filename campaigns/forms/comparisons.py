"""Which campaigns stand beside each other; lives in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from campaigns.actions.comparisons import LEAST, MOST
from campaigns.models import Campaign


class ComparisonForm(forms.Form):
    """Two to six campaigns that were started."""

    use_required_attribute = False

    of = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=_("Campaigns"),
        help_text=_("Choose two to six that were sent."),
        error_messages={
            "required": _("Choose two to six campaigns."),
            "invalid_choice": _("“%(value)s” has not started: there is nothing to compare yet."),
        },
    )

    def __init__(self, *args: Any, campaigns: Sequence[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of: Any = self.fields["of"]
        of.choices = [(campaign.ref, said(campaign)) for campaign in campaigns]

    def clean_of(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["of"]
        if not LEAST <= len(chosen) <= MOST:
            raise forms.ValidationError(_("Choose two to six campaigns."))
        return chosen


def said(campaign: Campaign) -> str:
    """A campaign that was started, told from others about the same thing."""
    told = [str(campaign), capfirst(str(campaign.get_kind_display())), when(campaign)]
    if campaign.follows_id:
        told.insert(2, str(_("written once more")))
    return " · ".join(told)


def when(campaign: Campaign) -> str:
    """The day of its start."""
    assert campaign.started_at
    return str(date_format(timezone.localtime(campaign.started_at), "DATE_FORMAT"))
