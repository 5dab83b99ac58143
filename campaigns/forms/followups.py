"""The form for writing once more."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.models import Campaign


class FollowUpForm(forms.Form):
    """To which of a campaign's readers; nothing is chosen beforehand."""

    rule = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("To whom"),
        error_messages={"required": _("Say to whom.")},
    )

    def __init__(self, *args: Any, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule: Any = self.fields["rule"]
        rule.choices = [
            (value, _said(str(label), counts[value]))
            for value, label in Campaign.FollowRule.choices
            if counts.get(value)
        ]


def _said(label: str, count: int) -> str:
    people = ngettext("%(n)s person", "%(n)s people", count) % {"n": count}
    return f"{label} · {people}"
