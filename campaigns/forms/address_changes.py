"""What a mailbox's owner fills in to be written to elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressChangeForm(forms.Form):
    email = forms.CharField(
        label=_("New e-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
