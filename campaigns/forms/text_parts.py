"""The text part of a mail, written by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.text_parts import Part
from campaigns.models import ContentText
from campaigns.rules.text_parts import tidied


class TextPartForm(forms.Form):
    words = forms.CharField(
        label=_("Text part"),
        error_messages={"required": _("Write the text part, or derive it again.")},
        strip=False,
        widget=forms.Textarea({"rows": 24, "class": "plain-text", "spellcheck": "true"}),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, text: ContentText, part: Part) -> None:
        super().__init__(data, initial={"words": part.words, "seen": text.version})
        self.fields["words"].widget.attrs["lang"] = text.language
        self.version, self.part = text.version, part

    @property
    def says_otherwise(self) -> bool:
        """Whether what was typed is not what stands there."""
        return tidied(str(self.data.get("words", ""))) != tidied(self.part.words)

    def show_again(self) -> None:
        """What was typed, to be saved over what stands there now."""
        self.data = {"words": self.data.get("words", ""), "seen": str(self.version)}
