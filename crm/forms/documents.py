"""Attaching a file to a mission or an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.texts import TextsFormField, language_choices


class DocumentForm(forms.Form):
    """A PDF with its title in every language and the language it is written in."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, up to 10 MB."),
        widget=forms.ClearableFileInput({"accept": "application/pdf"}),
    )
    titles = TextsFormField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Written in"), choices=language_choices)
    version = forms.CharField(label=_("Version"), max_length=20, required=False)
