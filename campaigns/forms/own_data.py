"""What a mailbox's owner corrects of what is kept about them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.texts import language_choices
from crm.models import Person


class OwnDataForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=40, required=False)
    given = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family = forms.CharField(label=_("Family name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the mails"), choices=language_choices)

    def __init__(self, *args: Any, records: Sequence[Person], language: str, **kwargs: Any) -> None:
        """Of several lists what is known in any of them."""
        initial = {
            name: next((getattr(row, name) for row in records if getattr(row, name)), "")
            for name in ("title", "given", "family", "language")
        }
        initial["language"] = initial["language"] or language
        super().__init__(*args, **kwargs | {"initial": initial})
