"""Entering and changing a person, changing their address, moving them to another organisation."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms.mailboxes import MailboxField
from crm.forms.texts import reader_languages
from crm.forms.times import DayField
from crm.forms.vocabulary import WithWords
from crm.models import Basis, Cluster, Organisation, Person

FACTS = (
    "title", "given", "family", "kind", "language", "phone", "share_objected", "paused_until",
)  # fmt: skip


class PersonFacts(forms.Form):
    """What a person is called and how they read."""

    title = forms.CharField(label=_("Title"), max_length=40, required=False)
    given = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family = forms.CharField(label=_("Family name"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Person.Kind.choices)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=reader_languages,
        required=False,
        help_text=_("Left empty, the cluster's language is used."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)


class PersonForm(WithWords, PersonFacts):
    """Changing a person's own facts, and what the cluster says of them in its own words."""

    share_objected = forms.BooleanField(
        label=_("Objected to being shared in the alliance"), required=False
    )
    paused_until = DayField(
        label=_("Paused until"),
        required=False,
        help_text=_("No mail until then; nothing else changes."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class NewPersonForm(PersonFacts):
    """Entering a person, with mailbox, post and the reason why the cluster may write."""

    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Kept by"), empty_label=_("choose one")
    )
    email = MailboxField(label=_("Address"), required=False)
    allow_shared = forms.BooleanField(
        label=_("Several people read this mailbox"),
        required=False,
        help_text=_("Each campaign sends one copy to it."),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label="–"
    )
    job = forms.CharField(label=_("Job"), max_length=120, required=False)
    basis = forms.ChoiceField(
        label=_("Why may the cluster write?"),
        required=False,
        help_text=_("Without a legal basis this person gets no campaign."),
    )
    source = forms.CharField(
        label=_("Proof"),
        max_length=200,
        required=False,
        help_text=_("Where this comes from: a form, a fair, the membership contract."),
    )

    field_order = [
        "cluster", "title", "given", "family", "email", "allow_shared", "phone", "language",
        "kind", "organisation", "job", "basis", "source",
    ]  # fmt: skip

    def __init__(
        self,
        *args: Any,
        clusters: QuerySet[Cluster],
        organisations: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cluster, organisation = self.fields["cluster"], self.fields["organisation"]
        assert isinstance(cluster, forms.ModelChoiceField)
        assert isinstance(organisation, forms.ModelChoiceField)
        cluster.queryset = clusters
        cluster.initial = clusters[0] if len(clusters) == 1 else None
        organisation.queryset = organisations
        basis = self.fields["basis"]
        assert isinstance(basis, forms.ChoiceField)
        basis.choices = [("", gettext("not known yet")), *Basis.choices]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("basis") and not values.get("source"):
            self.add_error("source", gettext("Say where this comes from: it is the proof."))
        return values


class AddressForm(forms.Form):
    """Another mailbox for a person."""

    email = MailboxField(label=_("New address"))


class MoveForm(forms.Form):
    """Another post for a person."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=_("choose one")
    )
    job = forms.CharField(label=_("Job"), max_length=120, required=False)
    on = DayField(label=pgettext_lazy("day", "From"), initial=dt.date.today)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organisations
