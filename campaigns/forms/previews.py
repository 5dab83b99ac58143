"""The form above a preview: whose mail, and how it is looked at."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import Delivery, Release
from crm.models.codes import language_name


class PreviewForm(forms.Form):
    """Whose mail is shown: a lane's, in a language, as one kind of reader; and how."""

    lane = forms.ModelChoiceField(
        queryset=Release.objects.none(), label=_("lane"), required=False, empty_label=None
    )
    language = forms.ChoiceField(label=_("language"), required=False)
    variant = forms.ChoiceField(label=_("reader"), required=False, choices=Delivery.Variant.choices)
    width = forms.ChoiceField(
        label=_("width"), required=False, choices=[("wide", _("computer")), ("phone", _("phone"))]
    )
    dark = forms.ChoiceField(
        label=_("light"), required=False, choices=[("", _("day")), ("1", _("dark"))]
    )
    images = forms.ChoiceField(
        label=_("pictures"), required=False, choices=[("", _("shown")), ("0", _("off"))]
    )
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """Somebody behind whom the next reader of the lane is looked for."""

    def __init__(
        self, *args: Any, lanes: QuerySet[Release], languages: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        lane, language = self.fields["lane"], self.fields["language"]
        lane.queryset = lanes  # type: ignore[attr-defined]
        lane.label_from_instance = lambda release: release.name  # type: ignore[attr-defined]
        language.choices = [  # type: ignore[attr-defined]
            ("", _("the reader's")),
            *((code, language_name(code)) for code in languages),
        ]
        variant: Any = self.fields["variant"]
        variant.choices = [("", _("as they are")), *Delivery.Variant.choices]
