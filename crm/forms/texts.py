"""One form field for a text in every language: an input per language, one value."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from crm.models.codes import language_name, language_names
from crm.rules.texts import LANGUAGES


class TextsWidget(forms.MultiWidget):
    """An input per language; the first one with a text, or the page's own, stands open."""

    template_name = "crm/forms/texts.html"

    def __init__(self, rows: int = 1, attrs: dict[str, Any] | None = None) -> None:
        self.rows = rows
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code in LANGUAGES:
            if rows > 1:
                widgets[code] = forms.Textarea({"lang": code, "rows": rows})
            else:
                widgets[code] = forms.TextInput({"lang": code})
        super().__init__(widgets, attrs)

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["subwidgets"]
        own = (get_language() or "en")[:2]
        filled = [code for code, part in zip(LANGUAGES, parts, strict=True) if part["value"]]
        opened = own if own in filled or not filled else filled[0]
        for code, part in zip(LANGUAGES, parts, strict=True):
            part["language"] = {
                "code": code,
                "name": language_name(code),
                "open": code == opened,
                "filled": code in filled,
            }
            part["attrs"]["aria-label"] = language_name(code)
        return context


class TextsFormField(forms.MultiValueField):
    """A text per language; required means: in at least one language."""

    widget: Any = TextsWidget

    def __init__(self, *, rows: int = 1, max_length: int | None = None, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False, max_length=max_length) for _code in LANGUAGES]
        kwargs.setdefault("widget", TextsWidget(rows))
        kwargs.setdefault("error_messages", {}).setdefault(
            "required", _("Write it in at least one language.")
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str]:
        return {code: text for code, text in zip(LANGUAGES, values or (), strict=False) if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.compress(self._stripped(data)) != (initial or {})

    @staticmethod
    def _stripped(data: Any) -> list[str]:
        return [(text or "").strip() for text in data or ()]


def language_choices() -> list[tuple[str, str]]:
    """The languages of texts, by name."""
    return [(code, language_name(code)) for code in LANGUAGES]


def reader_languages() -> list[tuple[str, Any]]:
    """What a person may read in: the languages of texts, then every other one."""
    others = sorted(
        ((code, name) for code, name in language_names().items() if code not in LANGUAGES),
        key=lambda language: language[1],
    )
    return [("", "–"), *language_choices(), (gettext("Other languages"), others)]
