"""What is entered about an agreement."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.forms.lines import LinesField
from crm.forms.texts import TextsFormField
from crm.forms.times import DayField
from crm.models import Agreement, Cluster, Market, Mission


class AgreementForm(forms.Form):
    """Who signed what with whom, when and where."""

    partners = LinesField(
        label=_("Partners abroad"),
        longest=200,
        help_text=_("As they sign, with their place; one a line."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Agreement.Kind.choices)
    scope = TextsFormField(label=_("What it is about"), rows=2, max_length=500, required=False)
    clusters = forms.ModelMultipleChoiceField(
        Cluster.objects.none(),
        label=_("Signed by"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: the alliance as one."),
    )
    market = forms.ModelChoiceField(
        Market.objects.all(), label=_("Market"), required=False, empty_label=_("none")
    )
    signed_on = DayField(
        label=_("Signed on"), required=False, help_text=_("Left empty: nobody knows the day.")
    )
    precision = forms.ChoiceField(
        label=_("Known of the day"), choices=Mission.Precision.choices, required=False
    )
    occasion = forms.CharField(
        label=_("Signed at"),
        max_length=200,
        required=False,
        help_text=_("The occasion and the place."),
    )
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Left empty: until further notice.")
    )
    document = forms.URLField(
        label=_("Address of the document"), required=False, assume_scheme="https"
    )
    public = forms.BooleanField(label=_("Show it on the public site"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, clusters: QuerySet[Cluster], new: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clusters"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = clusters
        if new:
            del self.fields["version"]

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        facts = dict(self.cleaned_data)
        facts["precision"] = facts["precision"] or Mission.Precision.DAY
        if "version" in facts:
            facts["version"] = facts["version"] or 0
        return facts


def present_agreement(agreement: Agreement) -> dict[str, Any]:
    names = [name for name in AgreementForm.base_fields if name != "clusters"]
    shown = {name: getattr(agreement, name) for name in names}
    return shown | {"clusters": [cluster.pk for cluster in agreement.clusters.all()]}
