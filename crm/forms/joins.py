"""Asking another cluster to keep an organisation together, and naming one's own record of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.models import Cluster, Organisation

US, THEM = "us", "them"


class JoinForm(forms.Form):
    """Whom to ask, and who is to keep the facts that both share."""

    asked = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Which cluster"), empty_label=_("choose one")
    )
    home = forms.ChoiceField(
        label=_("Who keeps name, website and address for both"),
        choices=[(US, _("we do")), (THEM, _("they do"))],
        widget=forms.RadioSelect,
        initial=US,
    )
    note = forms.CharField(
        label=_("A word to them"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("They read it, whether they keep this organisation or not."),
    )

    def __init__(self, *args: Any, partners: QuerySet[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["asked"]
        field.queryset = partners


class AgreeForm(forms.Form):
    """Which of one's own records is the same."""

    theirs = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Your record of it"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose which of your records it is.")},
    )

    def __init__(
        self, *args: Any, own: QuerySet[Organisation], found: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["theirs"]
        field.queryset = own
        field.choices = [(row.pk, _described(row)) for row in found]


def _described(row: Organisation) -> str:
    return " · ".join(filter(None, (row.legal_name, row.website, row.city)))
