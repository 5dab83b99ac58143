"""Forms around whom a region takes out: whom, and why."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.models.people import PersonQuerySet


class ChosenForm(forms.Form):
    """Some people by their numbers, or all who work at one organisation; and a word why."""

    reason = forms.CharField(label=_("Why"), required=False, max_length=200, strip=True)
    organisation = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: PersonQuerySet, ids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.ids = people, ids

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.ids and not cleaned.get("organisation"):
            raise ValidationError(_("Choose somebody first."))
        if not all(pk.isdecimal() and len(pk) < 19 for pk in self.ids):
            raise ValidationError(_("This choice cannot be read. Choose again."))
        return cleaned

    @property
    def chosen(self) -> PersonQuerySet:
        organisation = self.cleaned_data.get("organisation")
        if organisation:
            return self.people.at_organisation(organisation)
        return self.people.filter(pk__in=self.ids)
