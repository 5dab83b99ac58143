"""A programme as rows of a form, published as a new version."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms.texts import TextsFormField
from crm.forms.times import DayField, HourField
from crm.models import ProgrammeItem, ProgrammeVersion


class ItemForm(forms.Form):
    """One entry of a programme."""

    uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    day = DayField(label=_("Day"))
    part = forms.ChoiceField(label=_("Time"), choices=ProgrammeItem.Part.choices, initial="day")
    starts = HourField(label=pgettext_lazy("hour", "From"), required=False)
    ends = HourField(label=pgettext_lazy("hour", "To"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=ProgrammeItem.Kind.choices, initial="workshop"
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    co_organisers = forms.CharField(label=_("Together with"), max_length=200, required=False)
    titles = TextsFormField(label=_("What happens"), max_length=200)
    optional = forms.BooleanField(label=_("Optional"), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = values.get("starts"), values.get("ends")
        if values.get("part") == ProgrammeItem.Part.HOURS and not starts:
            self.add_error("starts", gettext("Say at what hour it starts."))
        if starts and ends and ends <= starts:
            self.add_error("ends", gettext("It ends before it starts."))
        return values


class LabelForm(forms.Form):
    """How final the programme is."""

    label = forms.ChoiceField(
        label=_("This programme is"),
        choices=ProgrammeVersion.Label.choices,
        widget=forms.RadioSelect,
    )


class BaseItems(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of a programme; rows left empty are no entries."""

    @property
    def items(self) -> list[dict[str, Any]]:
        """The entries as the action takes them, by day and in the order of the rows."""
        kept = [
            {name: value for name, value in row.cleaned_data.items() if name != "DELETE"}
            for row in self.forms
            if row.cleaned_data and not row.cleaned_data.get("DELETE")
        ]
        return sorted(kept, key=lambda item: item["day"])


def item_forms(extra: int) -> Any:
    """The formset with so many empty rows at its end."""
    return forms.formset_factory(
        ItemForm, formset=BaseItems, extra=extra, can_delete=True, max_num=200
    )


def present(version: ProgrammeVersion | None) -> list[dict[str, Any]]:
    """The entries of a version as the form shows them."""
    names = (
        "day", "part", "starts", "ends", "kind", "place", "city", "co_organisers", "titles",
        "optional",
    )  # fmt: skip
    return [
        {"uid": item.item_uid, **{name: getattr(item, name) for name in names}}
        for item in (version.items.all() if version else ())
    ]
