"""Forms of the undecided desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.counts import CountForm
from campaigns.models import Campaign

TYPED_FROM = 10  # mails from which their number is typed to send them again


class DeskForm(forms.Form):
    """Which undecided mails are shown; lives in the address."""

    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(),
        to_field_name="ref",
        required=False,
        label=_("Campaign"),
        empty_label=_("all"),
    )
    left = forms.BooleanField(required=False, widget=forms.HiddenInput)
    pick = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, campaigns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["campaign"]
        field.queryset = campaigns


class AgainForm(CountForm):
    """Sending again on purpose: the number is typed where it is large."""

    words = _("Type how many mails leave again: %(n)s")

    @staticmethod
    def are_many(mails: int) -> bool:
        return mails >= TYPED_FROM
