"""What a list is taken out as: the kind of file, and which of its columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Export
from crm.resources.lists import CARD, LISTS


class ExportForm(forms.Form):
    """`of` and `question` say which list; they come from the list's own page."""

    of = forms.ChoiceField(choices=Export.Noun.choices, widget=forms.HiddenInput)
    question = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)
    file_format = forms.ChoiceField(
        label=_("File"),
        choices=Export.Format.choices,
        initial=Export.Format.XLSX,
        widget=forms.RadioSelect,
    )
    columns = forms.ChoiceField(
        label=_("Columns"),
        choices=[("shown", _("those that the list shows")), ("all", _("everything you may read"))],
        initial="shown",
        widget=forms.RadioSelect,
        help_text=_("A vCard always holds what an address book takes."),
    )

    def chosen(self, questions: Sequence[str], own: Iterable[str]) -> tuple[str, ...]:
        """The names of the columns, of a list that shows these questions."""
        data: dict[str, Any] = self.cleaned_data
        if data["file_format"] == Export.Format.VCARD:
            return CARD
        known = LISTS[data["of"]]
        return (*known.all, *own) if data["columns"] == "all" else known.shown(questions)
