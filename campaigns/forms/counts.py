"""The number of mails that leave, typed by whoever lets many leave."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class CountForm(forms.Form):
    """Of few mails nothing is asked."""

    count = forms.IntegerField(min_value=0, label=_("Number of mails"))
    words = _("Type how many mails leave: %(n)s")

    def __init__(self, *args: Any, mails: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mails = mails
        if self.are_many(mails):
            self.fields["count"].help_text = self.words % {"n": mails}
        else:
            del self.fields["count"]

    @staticmethod
    def are_many(mails: int) -> bool:
        return bool(mails > settings.SEND_CONFIRM)

    def clean_count(self) -> int:
        count: int = self.cleaned_data["count"]
        if count != self.mails:
            raise ValidationError(
                _("%(n)s mails would leave. Type this number, or go back and look again.")
                % {"n": self.mails}
            )
        return count
