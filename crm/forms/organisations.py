"""Entering and changing an organisation: shared core, membership and coded facts on one page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.countries import country_choices
from crm.forms.imports import market_names
from crm.forms.vocabulary import WithWords
from crm.models import Cluster, Membership, Organisation, OrganisationField, Region
from crm.models.organisations import CODE_NAMES, CODES, code_name

CORE = ("legal_name", "short_name", "kind", "website", "city", "country", "region")
MEMBERSHIP = ("standing", "category", "employees")


class OrganisationForm(WithWords):
    """All of an organisation that its cluster keeps.

    Without `cluster_choices` the cluster stays; without `core` the shared facts stay as they are.
    """

    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Kept by"), empty_label=_("choose one")
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    region = forms.ModelChoiceField(
        Region.objects.all(),
        label=_("Region"),
        required=False,
        empty_label=_("outside the regions"),
        help_text=_("Decides whether a mission's own call or another organiser's fits."),
    )
    standing = forms.ChoiceField(label=_("Standing"), choices=Membership.Standing.choices)
    category = forms.ChoiceField(
        label=_("Category"), choices=Membership.Category.choices, initial="sme"
    )
    employees = forms.IntegerField(label=_("Employees"), min_value=0, required=False)
    areas = forms.MultipleChoiceField(
        label=_("Therapeutic areas"),
        choices=[(code, CODE_NAMES[code]) for code in CODES["area"]],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    products = forms.MultipleChoiceField(
        label=_("Products"),
        choices=[(code, CODE_NAMES[code]) for code in CODES["product"]],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        cluster_choices: Any = None,
        core: bool = True,
        membership: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if cluster_choices is None:
            del self.fields["cluster"]
        else:
            field = self.fields["cluster"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = cluster_choices
            if len(cluster_choices) == 1:
                field.initial = cluster_choices[0]
        if not core:
            for name in (*CORE, "areas", "products"):
                self.fields[name].disabled = True
        if not membership:
            for name in MEMBERSHIP:
                del self.fields[name]

    @property
    def core(self) -> dict[str, Any]:
        """The shared facts as the actions take them."""
        return {name: self.cleaned_data[name] for name in CORE}

    @property
    def membership(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in MEMBERSHIP}

    @property
    def codes(self) -> list[tuple[str, str]]:
        areas = [("area", code) for code in self.cleaned_data["areas"]]
        return areas + [("product", code) for code in self.cleaned_data["products"]]


def present(organisation: Organisation, membership: Membership | None) -> dict[str, Any]:
    """What the form shows of an organisation as it is."""
    values = {name: getattr(organisation, name) for name in CORE}
    if membership:
        values |= {name: getattr(membership, name) for name in MEMBERSHIP}
    fields = list(organisation.fields.all())
    return {
        **values,
        "areas": [field.code for field in fields if field.vocabulary == "area"],
        "products": [field.code for field in fields if field.vocabulary == "product"],
        "version": organisation.version,
    }


def coded(facts: Iterable[Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Each vocabulary in which something is said, with the names of its codes."""
    said: dict[str, list[str]] = {}
    for fact in facts:
        said.setdefault(fact["vocabulary"], []).append(fact["code"])
    markets = market_names() if OrganisationField.Vocabulary.MARKET in said else {}
    labels = dict(OrganisationField.Vocabulary.choices)
    return [
        (str(labels[vocabulary]), [markets.get(code) or code_name(code) for code in codes])
        for vocabulary, codes in said.items()
    ]


def other_codes(organisation: Organisation) -> list[tuple[str, str]]:
    """Coded facts that the form does not show and must not lose."""
    shown = (OrganisationField.Vocabulary.AREA, OrganisationField.Vocabulary.PRODUCT)
    return [
        (field.vocabulary, field.code)
        for field in organisation.fields.all()
        if field.vocabulary not in shown
    ]
