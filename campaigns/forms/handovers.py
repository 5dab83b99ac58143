"""Handing a desk over: to whom, from which day, and what goes with it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.actions.handovers import Moves, Successor, mission_desks
from crm.forms.times import DayField
from crm.models import ContactPoint


class DeskChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Desks for single missions, by the mission's name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.mission)


class HandOverForm(forms.Form):
    """Who takes over. What there is nothing of is not asked."""

    day = DayField(label=pgettext_lazy("day", "From"), initial=timezone.localdate)
    title = forms.CharField(label=_("Title"), max_length=40, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Address"))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    also = DeskChoices(
        ContactPoint.objects.none(),
        label=_("Also answers for"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sign_in = forms.BooleanField(
        label=_("Signs in with this address and keeps the cluster's records"),
        required=False,
        initial=True,
    )
    records = forms.BooleanField(
        label=_("Takes over the people and members looked after"), required=False, initial=True
    )
    words = forms.BooleanField(
        label=_("Takes the former name's place where drafts have it written out"),
        required=False,
        initial=True,
    )
    reply_to = forms.BooleanField(
        label=_("Answers to the cluster's mails go to the new address"),
        required=False,
        initial=True,
    )
    end_role = forms.BooleanField(label=_("The former contact point signs in no more"))

    def __init__(self, *args: Any, desk: ContactPoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        also = self.fields["also"]
        assert isinstance(also, forms.ModelMultipleChoiceField)
        also.queryset = mission_desks(desk, timezone.localdate())
        also.initial = [row.pk for row in also.queryset]
        if desk.mission_id or not also.initial:
            del self.fields["also"]
        self.fields["end_role"].required = False
        self.fields["end_role"].label = _("%(name)s keeps the cluster's records no longer") % {
            "name": desk.name
        }
        if desk.user_id is None:
            del self.fields["end_role"], self.fields["records"]
        if desk.cluster.reply_to != desk.email:
            del self.fields["reply_to"]

    @property
    def successor(self) -> Successor:
        values = self.cleaned_data
        return Successor(
            name=" ".join(values["name"].split()),
            email=values["email"],
            phone=values["phone"],
            title=values["title"],
        )

    @property
    def moves(self) -> Moves:
        values = self.cleaned_data
        return Moves(
            records=values.get("records", False),
            words=values["words"],
            reply_to=values.get("reply_to", False),
            sign_in=values["sign_in"],
            end_role=values.get("end_role", False),
        )

    @property
    def missions(self) -> list[ContactPoint]:
        """The desks for missions that go over, too."""
        return list(self.cleaned_data.get("also", ()))
