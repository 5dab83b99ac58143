"""What to do with many rows: the act, and its value where it has one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import BulkAct

VALUES = {
    "tag": ("tag", _("Tag")),
    "untag": ("tag", _("Tag")),
    "subscribe": ("topic", _("Topic")),
    "leave": ("topic", _("Topic")),
    "language": ("language", _("Language")),
    "owner": ("owner", _("Looked after by")),
}


class BulkForm(forms.Form):
    """The act's value, and the number of rows that the page showed."""

    value = forms.ChoiceField(label="", required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, act: str, choices: dict[str, list[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if act not in VALUES:
            del self.fields["value"]
            return
        question, label = VALUES[act]
        field = self.fields["value"]
        assert isinstance(field, forms.ChoiceField)
        field.label = label
        field.required = act != BulkAct.Act.OWNER
        kept = [choice for choice in choices[question] if choice[0] != "none"]
        nobody = _("nobody") if act == BulkAct.Act.OWNER else "–"
        field.choices = [("", nobody), *kept]
