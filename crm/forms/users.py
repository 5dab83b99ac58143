"""The first administrator of a new installation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.texts import language_choices


class FirstUserForm(forms.Form):
    """Name, address and password of whoever sets Liaison up."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("Your address"))
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, initial="en")
    password = forms.CharField(
        label=_("Password"),
        min_length=12,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least 12 characters. A sentence is easy to remember."),
    )
