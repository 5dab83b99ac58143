"""Forms of a lane: a word with a decision, and the region's own introduction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.rules.merge import unknown_fields
from crm.forms.texts import TextsFormField


class NoteForm(forms.Form):
    """Why a lane is held or declined; everybody who sees the lane reads it."""

    note = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 3, "autofocus": True})
    )


class IntroductionForm(forms.Form):
    """A few sentences of the region's own, per language."""

    texts = TextsFormField(
        rows=5,
        required=False,
        max_length=4000,
        label=_("Introduction"),
        help_text=_(
            "It stands at the top of the mail to this region's readers. In a language without "
            "one, the mail begins with the call itself."
        ),
    )

    def clean_texts(self) -> dict[str, str]:
        texts: dict[str, Any] = self.cleaned_data["texts"]
        for language, text in texts.items():
            for name in unknown_fields(text):
                raise forms.ValidationError(
                    _("{%(name)s} in “%(language)s” is not a merge field."),
                    params={"name": name, "language": language},
                )
        return texts
