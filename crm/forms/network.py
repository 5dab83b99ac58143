"""Entering and changing alliances, clusters, regions, and what ties them."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from crm.forms.countries import country_choices
from crm.forms.lines import LanguagesField, LinesField, PeriodForm, present_period
from crm.forms.texts import TextsFormField
from crm.forms.times import DayField, HourField, ZoneField
from crm.models import Alliance, Cluster, Disclaimer, Figure, Participation, Region
from crm.models.network import ACCENTS

SLUG_HELP = _("Small letters, digits and hyphens. It stays for good.")
ACCENT_NAMES = {
    "rose": _("rose"), "rust": _("rust"), "ochre": _("ochre"), "green": _("green"),
    "teal": _("teal"), "blue": _("blue"), "indigo": _("indigo"), "violet": _("violet"),
}  # fmt: skip


class KeptForm(forms.Form):
    """A form of a row that two may change at once; a new one gets its short name here."""

    slug = forms.SlugField(label=_("Short name in addresses"), help_text=SLUG_HELP)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version" if new else "slug"]

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        facts = dict(self.cleaned_data)
        if "version" in facts:
            facts["version"] = facts["version"] or 0
        return facts


class AllianceForm(KeptForm, PeriodForm):
    """Everything an alliance says of itself."""

    name = forms.CharField(label=_("Name"), max_length=200)
    name_variants = LinesField(label=_("Also written"), longest=200, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=Alliance.Status.choices)
    funder = forms.CharField(label=_("Funded by"), max_length=200, required=False)
    call_id = forms.CharField(label=_("Call"), max_length=60, required=False)
    label = forms.CharField(label=_("Label"), max_length=200, required=False)
    themes = LinesField(label=_("Themes"), longest=80, required=False)
    languages = LanguagesField()
    accent = forms.ChoiceField(label=_("Colour"), choices=list(ACCENT_NAMES.items()))
    boilerplate = TextsFormField(
        label=_("About the alliance, under press releases"),
        rows=5,
        required=False,
        help_text=_("Who it is and what it does, in a few sentences that change seldom."),
    )
    counts_clicks = forms.BooleanField(
        label=_("Count how often links in mails are followed"),
        required=False,
        help_text=_(
            "Links then lead through Liaison. Counted is per link and hour, not by whom, unless a "
            "reader agreed to it. Off: mails carry the plain links."
        ),
    )
    digests_at = HourField(
        label=_("Digests leave at"),
        required=False,
        initial=dt.time(8),
        help_text=_(
            "Who chose one mail a day or a week gets it then, with what was published since."
        ),
    )
    digests_on = forms.TypedChoiceField(
        label=_("Weekly digests leave on"),
        required=False,
        empty_value=None,
        initial=1,
        choices=[*enumerate(WEEKDAYS.values(), 1)],
        coerce=int,
    )
    timezone = ZoneField(required=False)

    field_order = ("slug", "name", "name_variants", "status", "starts", "ends")

    @property
    def facts(self) -> dict[str, Any]:
        facts = super().facts
        facts["hue"] = ACCENTS[facts.pop("accent")]
        if facts["during"] == (None, None):
            facts["during"] = None
        for name in ("digests_at", "digests_on", "timezone"):
            if not facts[name]:
                del facts[name]  # it stays as it is
        return facts


def present_alliance(alliance: Alliance) -> dict[str, Any]:
    names = (
        "name", "name_variants", "status", "funder", "call_id", "label", "themes", "languages",
        "accent", "boilerplate", "counts_clicks", "digests_at", "digests_on", "timezone", "version",
    )  # fmt: skip
    return {name: getattr(alliance, name) for name in names} | present_period(alliance.during)


class ClusterForm(KeptForm):
    """Everything a cluster says of itself, and how its mails are signed."""

    name = forms.CharField(label=_("Name"), max_length=120)
    run_by = forms.CharField(label=_("Run by"), max_length=200, required=False)
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("Region"), empty_label=_("choose one")
    )
    languages = LanguagesField()
    timezone = ZoneField(label=_("Time zone"))
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    from_name = forms.CharField(label=_("Sender name"), max_length=120)
    from_address = forms.EmailField(label=_("Sender address"))
    reply_to = forms.EmailField(
        label=_("Reply-to address"), help_text=_("Where answers to its mails arrive.")
    )
    dkim_selector = forms.RegexField(
        "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
        label=_("DKIM selector"),
        max_length=63,
        required=False,
        help_text=_("Under which name its mail server signs: the s= of a mail's DKIM-Signature."),
        error_messages={"invalid": _("Letters, digits, dots and hyphens, such as “mail2026”.")},
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        widget=forms.Textarea({"rows": 4}),
        max_length=500,
        help_text=_("Every mail must carry it."),
    )
    data_protection_contact = forms.EmailField(label=_("Data protection contact"))
    footer = TextsFormField(label=_("Footer of mails"), rows=3, required=False)
    quiet_from = HourField(
        label=_("Quiet from"),
        required=False,
        help_text=_("In these hours no campaign leaves to its readers; what is due waits."),
    )
    quiet_until = HourField(label=_("Quiet until"), required=False)
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Quiet days"),
        choices=[*enumerate(WEEKDAYS.values(), 1)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("On these days nothing leaves from midnight to midnight."),
    )

    field_order = ("slug",)


def present_cluster(cluster: Cluster) -> dict[str, Any]:
    names = [name for name in ClusterForm.base_fields if name != "slug"]
    return {name: getattr(cluster, name) for name in names}


class RegionForm(KeptForm):
    """A territory."""

    names = TextsFormField(label=_("Name"), max_length=120)
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    codes = LinesField(
        label=_("Codes"),
        longest=10,
        required=False,
        help_text=_("NUTS codes or beginnings of postcodes, one a line."),
    )

    field_order = ("names", "slug", "country", "codes")


def present_region(region: Region) -> dict[str, Any]:
    return {name: getattr(region, name) for name in ("names", "country", "codes", "version")}


class ParticipationForm(PeriodForm):
    """As what, and how long, a cluster takes part in an alliance."""

    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Cluster"), empty_label=_("choose one")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Participation.Role.choices)

    field_order = ("cluster", "role", "starts", "ends")

    def __init__(self, *args: Any, clusters: QuerySet[Cluster] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cluster"]
        assert isinstance(field, forms.ModelChoiceField)
        if clusters is None:
            del self.fields["cluster"]
        else:
            field.queryset = clusters


class SharingForm(forms.Form):
    """What a cluster lets an alliance see of its records."""

    sharing = forms.ChoiceField(
        label=_("The alliance's coordinator sees"),
        choices=Participation.Sharing.choices,
        widget=forms.RadioSelect,
    )
    arrangement = forms.CharField(
        label=_("By which arrangement"),
        max_length=200,
        required=False,
        help_text=_("Needed for more than counts: title, date, article."),
    )


class DisclaimerForm(PeriodForm):
    """What every mail of an alliance says in a period."""

    texts = TextsFormField(label=_("Every mail says"), rows=4)

    field_order = ("texts", "starts", "ends")


def present_disclaimer(disclaimer: Disclaimer) -> dict[str, Any]:
    return {"texts": disclaimer.texts, **present_period(disclaimer.during)}


class FigureForm(forms.Form):
    """A number as a source states it."""

    metric = forms.CharField(
        label=_("What is counted"),
        max_length=60,
        help_text=_("A short word, like “member companies”: the same word stands side by side."),
    )
    qualifier = forms.ChoiceField(
        label=_("Said to be"),
        choices=[("exact", _("exactly")), *Figure.Qualifier.choices[1:]],
    )
    value = forms.DecimalField(label=_("Number"), max_digits=16, decimal_places=2, min_value=0)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    as_of = DayField(label=_("As of"))
    source = forms.CharField(label=_("Source"), max_length=300)
    url = forms.URLField(label=_("Address of the source"), required=False, assume_scheme="https")

    def clean_metric(self) -> str:
        return "_".join(str(self.cleaned_data["metric"]).lower().split())


class LabelForm(forms.Form):
    """A mark of quality."""

    name = forms.CharField(label=_("Label"), max_length=120)
    issuer = forms.CharField(label=_("Awarded by"), max_length=120, required=False)
    year = forms.IntegerField(label=_("Year"))
