"""The public directory: how everybody narrows it, and what a cluster writes into it."""

from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.actions.directory import LONGEST
from crm.forms.texts import TextsFormField
from crm.forms.times import DayField
from crm.models import (
    CODES,
    Cluster,
    DirectoryEntry,
    Market,
    Organisation,
    OrganisationField,
    Region,
)
from crm.models.numbers import LASTS, MANY
from crm.models.organisations import CODE_NAMES

CODED = ("area", "product", "market")
Choices = list[tuple[str, str]]


def _places() -> list[tuple[int | None, int, int]]:
    """Regions and clusters of the companies there are, with how many; of many, once a minute."""
    key = f"directory:places:{timezone.localdate()}"
    known: list[tuple[int | None, int, int]] | None = cache.get(key)
    if known is None:
        listed = Organisation.objects.public().order_by()
        known = list(listed.values_list("region_id", "home_cluster_id").annotate(n=Count("pk")))
        if sum(n for _region, _home, n in known) >= MANY:
            cache.set(key, known, LASTS)
    return known


class DirectoryFilters(forms.Form):
    """Selects of the public list; only what some public company has is offered for places."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    area = forms.ChoiceField(label=_("Field of activity"), required=False)
    product = forms.ChoiceField(label=_("Products"), required=False)
    market = forms.ChoiceField(label=_("Target market"), required=False)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = _places()
        there = Region.objects.in_bulk({region for region, _home, _n in found if region})
        at_home = Cluster.objects.in_bulk({home for _region, home, _n in found})
        self.places: list[tuple[str | None, str, int]] = [
            (there[region].slug if region else None, at_home[home].slug, n)
            for region, home, n in found
        ]
        regions = [(row.slug, str(row)) for row in there.values()]
        clusters = [(row.slug, str(row)) for row in at_home.values()]
        for name, choices in (
            ("region", sorted(regions, key=lambda choice: choice[1])),
            ("area", named("area")),
            ("product", named("product")),
            ("market", market_choices()),
            ("cluster", sorted(clusters, key=lambda choice: choice[1])),
        ):
            self._choose(name, choices)

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("all")), *choices]

    @property
    def keeps(self) -> Q:
        """What the chosen filters leave; an unknown value chooses nothing."""
        self.is_valid()
        values = self.cleaned_data
        kept = Q()
        if values.get("region"):
            kept &= Q(region__slug=values["region"])
        if values.get("cluster"):
            kept &= Q(home_cluster__slug=values["cluster"])
        for vocabulary in CODED:
            if values.get(vocabulary):
                kept &= Q(pk__in=_with_code(vocabulary, values[vocabulary]))
        return kept

    @property
    def number(self) -> int | None:
        """How many companies the filters leave, as far as the places alone tell it."""
        self.is_valid()
        values = self.cleaned_data
        if self.errors or any(values.get(name) for name in CODED):
            return None
        region, cluster = values.get("region"), values.get("cluster")
        return sum(
            n for there, home, n in self.places if region in ("", there) and cluster in ("", home)
        )

    @property
    def narrows(self) -> bool:
        return bool(self.keeps)


def _with_code(vocabulary: str, code: str) -> Any:
    coded = OrganisationField.objects.filter(vocabulary=vocabulary, code=code)
    return coded.values("organisation_id")


def named(vocabulary: str) -> Choices:
    """The codes of a vocabulary with their names."""
    return [(code, str(CODE_NAMES[code])) for code in CODES[vocabulary]]


def market_choices() -> Choices:
    return sorted(
        ((row.slug, str(row)) for row in Market.objects.all()), key=lambda choice: choice[1]
    )


class DescriptionForm(forms.Form):
    """What the page says beyond the facts of the record."""

    descriptions = TextsFormField(
        label=_("What the company does"),
        rows=4,
        required=False,
        max_length=LONGEST,
        help_text=_("Two or three sentences for everybody. No names of people."),
    )
    stages = forms.MultipleChoiceField(
        label=_("Stage"), widget=forms.CheckboxSelectMultiple, required=False
    )
    markets = forms.MultipleChoiceField(
        label=_("Target markets"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = list(organisation.fields.all())
        for name, vocabulary, choices in (
            ("stages", "stage", named("stage")),
            ("markets", "market", market_choices()),
        ):
            held = [field.code for field in fields if field.vocabulary == vocabulary]
            # What an import brought under another word stays a choice, so that saving keeps it.
            foreign = [(code, code) for code in held if code not in dict(choices)]
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [*choices, *foreign]
            field.initial = held
        entry = DirectoryEntry.objects.filter(organisation=organisation).first()
        self.fields["descriptions"].initial = entry.descriptions if entry else {}


class ConsentForm(forms.Form):
    """By whose word an organisation stands in the directory."""

    word = forms.CharField(
        label=_("By whose word"),
        max_length=200,
        help_text=_("Like “mail of the managing director”. Only your cluster sees it."),
    )
    agreed_on = DayField(label=_("Agreed on"), initial=timezone.localdate)
