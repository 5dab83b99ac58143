"""Handing a cluster's desk over."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.times import DayField
from crm.models import Cluster, ContactPoint, Mission


class ContactPointForm(forms.Form):
    """Who answers for a cluster from a day on, in general or for one mission."""

    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Cluster"), empty_label=_("choose one")
    )
    mission = forms.ModelChoiceField(
        Mission.objects.none(),
        label=_("Only for"),
        required=False,
        empty_label=_("everything"),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ContactPoint.Role.choices)
    title = forms.CharField(label=_("Title"), max_length=40, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Address"))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    from_ = DayField(
        label=pgettext_lazy("day", "From"),
        initial=dt.date.today,
        help_text=_("The present contact point stays until the day before."),
    )

    def __init__(
        self,
        *args: Any,
        clusters: QuerySet[Cluster],
        missions: QuerySet[Mission],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cluster, mission = self.fields["cluster"], self.fields["mission"]
        assert isinstance(cluster, forms.ModelChoiceField)
        assert isinstance(mission, forms.ModelChoiceField)
        cluster.queryset = clusters
        mission.queryset = missions
        cluster.initial = clusters[0] if len(clusters) == 1 else None
