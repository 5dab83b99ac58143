"""What somebody fills in to be sent the way to their own page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.follows import StrangersForm


class OwnPageForm(StrangersForm):
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
