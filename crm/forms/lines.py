"""Fields for several words in one input: one a line, or languages in their order."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.forms.times import DayField
from crm.rules.texts import LANGUAGES


class LinesField(forms.CharField):
    """Several words, one a line; empty lines and repetitions fall away."""

    def __init__(self, *, longest: int, rows: int = 3, **kwargs: Any) -> None:
        self.longest = longest
        kwargs.setdefault("widget", forms.Textarea({"rows": rows}))
        kwargs.setdefault("help_text", _("One a line."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = dict.fromkeys(" ".join(line.split()) for line in text.splitlines())
        lines.pop("", None)
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    _("“%(line)s” is too long: at most %(n)s characters a line."),
                    params={"line": line[:40], "n": self.longest},
                )
        return list(lines)


class LanguagesField(forms.CharField):
    """Languages by their codes, in order of preference."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Languages"))
        kwargs.setdefault(
            "help_text",
            _("Codes in order of preference, like “fr, en”. Of en, fr, de, it, es, ca."),
        )
        super().__init__(max_length=60, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        codes = list(dict.fromkeys(text.replace(",", " ").lower().split()))
        for code in codes:
            if code not in LANGUAGES:
                raise ValidationError(
                    _("“%(code)s” is none of our languages: en, fr, de, it, es, ca."),
                    params={"code": code[:20]},
                )
        if not codes:
            raise ValidationError(_("Name at least one language."))
        return codes


class PeriodForm(forms.Form):
    """A form with a first and a last day, either of which may be open; `during` says both."""

    starts = DayField(label=_("First day"), required=False)
    ends = DayField(
        label=_("Last day"), required=False, help_text=_("Left empty: until further notice.")
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.pop("starts", None), values.pop("ends", None)
        if first and last and last < first:
            self.add_error("ends", gettext("The last day lies before the first one."))
            return values
        values["during"] = (first, last and last + dt.timedelta(days=1))
        return values


def present_period(during: Any) -> dict[str, Any]:
    """What such a form shows of a range of days."""
    if during is None:
        return {}
    return {
        "starts": during.lower,
        "ends": during.upper and during.upper - dt.timedelta(days=1),
    }
