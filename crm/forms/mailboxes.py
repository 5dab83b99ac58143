"""An e-mail address in a form, refused beside its field by the rule of every other door."""

from typing import Any

from django import forms

from crm.actions.reasons import translated
from crm.rules.addresses import InvalidAddress, normalise


class MailboxField(forms.CharField):
    """What is written stays as it is; whoever keeps it derives the mailbox from it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=320, **kwargs)
        self.widget.input_type = "email"

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text:
            try:
                normalise(text)
            except InvalidAddress as error:
                raise forms.ValidationError(translated(str(error))) from error
        return text
