"""The requests desk: what somebody asks about their own data, and what they were answered."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.forms.mailboxes import MailboxField
from crm.forms.times import DayField
from crm.models import Cluster, RightsRequest


class RequestForm(forms.Form):
    """What came in. About somebody whose page one came from, the name is not asked."""

    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Which cluster was asked?"), empty_label=_("choose one")
    )
    kind = forms.ChoiceField(
        label=_("What do they want?"),
        choices=RightsRequest.Kind.choices,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Who asks?"), max_length=240, required=False)
    email = MailboxField(label=_("Address"), required=False)
    received_on = DayField(
        label=_("Received on"), help_text=_("From that day on you have a month to answer.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("How it came, and how you know that it is them."),
    )

    def __init__(
        self, *args: Any, clusters: QuerySet[Cluster], about_somebody: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cluster"]
        field.queryset = clusters
        field.initial = clusters[0] if len(clusters) == 1 else None
        self.fields["received_on"].initial = timezone.localdate
        if about_somebody:
            for name in ("cluster", "name", "email"):
                del self.fields[name]


class ExtendForm(forms.Form):
    """Two months more."""

    why = forms.CharField(
        label=_("Why does it take longer?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Tell it to whoever asks, within the first month: the request is complex, or there "
            "are many of them."
        ),
    )


class AnswerForm(forms.Form):
    """What was answered."""

    done = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[("yes", _("done as asked")), ("no", _("declined, with reasons"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    answer = forms.CharField(
        label=_("What did you answer?"),
        max_length=5_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "Whoever is declined has to be told why, and that they may complain to a supervisory "
            "authority or go to court."
        ),
    )
