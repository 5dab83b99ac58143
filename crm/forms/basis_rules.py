"""Deciding what a country's law says of a reason to write."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.forms.countries import country_choices
from crm.forms.times import DayField
from crm.models import Basis, BasisRule, Purpose


def _countries() -> list[tuple[str, str]]:
    (_nowhere, _name), *countries = country_choices()
    return [("", str(_("every other country"))), *countries]


class BasisRuleForm(forms.Form):
    """One rule, from a day on."""

    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    purpose = forms.ChoiceField(label=_("To write about"), choices=Purpose.choices)
    basis = forms.ChoiceField(label=_("Legal basis"), choices=Basis.choices)
    recipient = forms.ChoiceField(label=_("To whom"), choices=BasisRule.Recipient.choices)
    allowed = forms.ChoiceField(
        label=_("What holds"),
        choices=[("yes", _("It is a reason to write.")), ("no", _("It is none."))],
        widget=forms.RadioSelect,
    )
    law = forms.CharField(
        label=_("Where the law has it"),
        max_length=300,
        help_text=_("Such as “§ 7 UWG”. Whoever is told that a reason does not count reads it."),
    )
    note = forms.CharField(
        label=_("What follows from it"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    since = DayField(label=_("From which day on"), initial=timezone.localdate)

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return {**self.cleaned_data, "allowed": self.cleaned_data["allowed"] == "yes"}


def present_rule(rule: BasisRule) -> dict[str, Any]:
    """The values of a rule, to be decided anew."""
    names = ("country", "purpose", "basis", "recipient", "law", "note")
    return {name: getattr(rule, name) for name in names} | {
        "allowed": "yes" if rule.allowed else "no"
    }
