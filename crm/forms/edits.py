"""Changing one field of a row where it stands in the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.forms.texts import reader_languages
from crm.models import Membership

PERSON = ("name", "title", "language", "phone", "job")
ORGANISATION = ("city", "website", "category", "standing", "employees")


class EditForm(forms.Form):
    """The fields of one cell, with what they were when it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_inputs(field))
        self.order_fields([*_inputs(field), "version", "was"])

    @property
    def values(self) -> dict[str, Any]:
        return {k: v for k, v in self.cleaned_data.items() if k not in ("version", "was")}


def _called(label: str) -> forms.CharField:
    """Two inputs stand in one cell without room for labels: each says what it holds."""
    widget = forms.TextInput({"placeholder": label})
    return forms.CharField(label=label, max_length=120, required=False, widget=widget)


def _inputs(field: str) -> dict[str, forms.Field]:
    if field == "name":
        return {
            "given": _called(_("Given name")),
            "family": _called(_("Family name")),
        }
    made: dict[str, forms.Field] = {
        "title": forms.CharField(label=_("Title"), max_length=40, required=False),
        "language": forms.ChoiceField(
            label=_("Language"), choices=reader_languages, required=False
        ),
        "phone": forms.CharField(label=_("Phone"), max_length=40, required=False),
        "job": forms.CharField(label=_("Job"), max_length=120, required=False),
        "city": forms.CharField(label=_("City"), max_length=120, required=False),
        "website": forms.URLField(label=_("Website"), required=False, assume_scheme="https"),
        "category": forms.ChoiceField(label=_("Category"), choices=Membership.Category.choices),
        "standing": forms.ChoiceField(label=_("Standing"), choices=Membership.Standing.choices),
        "employees": forms.IntegerField(label=_("Employees"), min_value=0, required=False),
    }
    return {field: made[field]}
