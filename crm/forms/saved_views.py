"""Saving a list as it is, renaming and sharing it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.models import Cluster


class SavedViewForm(forms.Form):
    """What a view is called, and who else sees it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    cluster = forms.ModelChoiceField(
        Cluster.objects.none(),
        label=_("Shared with"),
        required=False,
        empty_label=_("nobody: only I see it"),
    )
    is_default = forms.BooleanField(
        label=_("Open it first"),
        required=False,
        help_text=_("The list opens with it instead of showing everything."),
    )

    def __init__(self, *args: Any, clusters: QuerySet[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cluster"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = clusters
