"""A file that a campaign's mails lead to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.texts import TextsFormField, language_choices
from crm.rules.files import KINDS


class EnclosureForm(forms.Form):
    """A file, what it is called in every language, and the language it is written in."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, picture, document, table or text, up to 10 MB."),
        widget=forms.ClearableFileInput(
            {"accept": ",".join(f".{kind}" for kind in KINDS), "class": "drop"}
        ),
    )
    titles = TextsFormField(
        label=_("Title"),
        max_length=200,
        help_text=_("Of a picture say whose it is, and that it may be printed."),
    )
    language = forms.ChoiceField(
        label=_("Written in"),
        required=False,
        choices=lambda: [("", _("no language: a picture")), *language_choices()],
    )
