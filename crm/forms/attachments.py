"""Attaching a file to a person or an organisation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.rules.files import KINDS


class AttachmentForm(forms.Form):
    """A file of a kind that is kept."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, picture, document, table or text, up to 10 MB."),
        widget=forms.ClearableFileInput(
            {"accept": ",".join(f".{kind}" for kind in KINDS), "class": "drop"}
        ),
    )
