"""Forms of the undecided desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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


class AgainForm(forms.Form):
    """Sending again on purpose: the number is typed where it is large."""

    count = forms.IntegerField(min_value=0, label=_("Number of mails"))

    def __init__(self, *args: Any, mails: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mails = mails
        if mails >= TYPED_FROM:
            self.fields["count"].help_text = _("Type how many mails leave again: %(n)s") % {
                "n": mails
            }
        else:
            del self.fields["count"]

    def clean_count(self) -> int:
        count: int = self.cleaned_data["count"]
        if count != self.mails:
            raise ValidationError(
                _("%(n)s mails would leave. Type this number, or go back and look again.")
                % {"n": self.mails}
            )
        return count
