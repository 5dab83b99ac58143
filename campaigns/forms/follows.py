"""What somebody fills in to follow an alliance, and ticks to confirm it."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from campaigns.actions import follows
from crm.forms.texts import language_choices
from crm.models import Alliance, Cluster, Frequency, Market, Topic
from crm.models.texts import in_language

QUICKEST = 2
"""Seconds that a person needs at least for the form; a program needs none."""
OLDEST = 86_400
"""Seconds after which a form that was left open is shown anew."""
_OPENED = signing.TimestampSigner(salt="liaison.follow-form")


class StrangersForm(forms.Form):
    """Needs no cookie and no script: when it was opened is signed into it."""

    website = forms.CharField(
        required=False,
        label=_("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_a_trap(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.data.get("website"))

    @property
    def was_read(self) -> bool:
        """Whether it was opened here, and long enough ago for somebody to have read it."""
        try:
            _OPENED.unsign(self.data.get("opened", ""), max_age=OLDEST)
        except signing.BadSignature:
            return False
        try:
            _OPENED.unsign(self.data.get("opened", ""), max_age=QUICKEST)
        except signing.SignatureExpired:
            return True
        return False

    @staticmethod
    def opened_now() -> str:
        return _OPENED.sign("follow")


class FollowForm(StrangersForm):
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("What about?"), widget=forms.CheckboxSelectMultiple
    )
    cluster = forms.ModelChoiceField(
        Cluster.objects.none(),
        label=_("Your region"),
        required=False,
        empty_label=_("another one"),
        help_text=_("The cluster of your region then writes to you and is responsible."),
    )
    markets = forms.ModelMultipleChoiceField(
        Market.objects.none(),
        to_field_name="slug",
        label=_("Markets that interest you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    frequency = forms.ChoiceField(
        label=_("How shall posts come?"),
        required=False,
        choices=[("", Frequency.EACH.label), *Frequency.choices[1:]],
        help_text=_("What has a deadline, like the call of a mission, comes at once all the same."),
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=language_choices)

    def __init__(self, *args: Any, alliance: Alliance, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("topics", Topic.objects.public().filter(alliance=alliance).order_by("pk")),
            ("cluster", follows.clusters_of(alliance)),
            ("markets", Market.objects.order_by("slug")),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        in_order = (language, *alliance.languages)
        self.fields["topics"].label_from_instance = lambda row: in_language(row.names, in_order)  # type: ignore[attr-defined]
        self.fields["markets"].label_from_instance = lambda row: in_language(row.names, in_order)  # type: ignore[attr-defined]
        self.fields["cluster"].label_from_instance = lambda row: (  # type: ignore[attr-defined]
            f"{in_language(row.region.names, in_order)} ({row.name})"
        )
        self.initial.setdefault("language", language)


class EmbedForm(forms.Form):
    """What a form for other sites asks for: needs nothing but its address."""

    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("What about?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["topics"]
        field.queryset = Topic.objects.public().filter(alliance=alliance).order_by("pk")


class ConfirmForm(forms.Form):
    """The topics that a mailbox's owner wants of those that were asked for."""

    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=_("What about?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": follows.NOTHING_CHOSEN},
    )

    def __init__(self, *args: Any, topics: list[Topic], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["topics"]
        field.queryset = Topic.objects.public().filter(pk__in=[topic.pk for topic in topics])
        field.label_from_instance = lambda row: (
            f"{in_language(row.names, (language, 'en'))} ({row.alliance})"
        )
