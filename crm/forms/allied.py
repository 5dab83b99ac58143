"""What the forms of missions and events share: whom a record is for, and who leads it."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from crm.models import Alliance, Cluster, Event, Mission


class AlliedForm(forms.Form):
    """A form with `slug`, `alliances` and `lead_cluster`, in the order its class names them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        alliances: QuerySet[Alliance],
        clusters: QuerySet[Cluster],
        record: Mission | Event | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        together, lead = self.fields["alliances"], self.fields["lead_cluster"]
        assert isinstance(together, forms.ModelMultipleChoiceField)
        assert isinstance(lead, forms.ModelChoiceField)
        together.queryset = alliances
        lead.queryset = clusters
        self.unseen: list[Alliance] = []
        if record is None:
            del self.fields["version"]
        else:
            del self.fields["slug"]
            self.unseen = list(record.alliances.exclude(pk__in=alliances.values("pk")))
            if not clusters.filter(pk=record.lead_cluster_id).exists():
                del self.fields["lead_cluster"]

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions take; alliances that the user cannot see stay."""
        facts = {
            **self.cleaned_data,
            "alliances": [*self.cleaned_data["alliances"], *self.unseen],
        }
        if "version" in facts:
            facts["version"] = facts["version"] or 0
        return facts
