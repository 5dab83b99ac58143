"""The one column type for every text that can reach a reader: a text per language."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.rules.texts import LANGUAGES, pick


def check_texts(value: object) -> None:
    if not isinstance(value, dict) or not all(
        language in LANGUAGES and isinstance(text, str) for language, text in value.items()
    ):
        raise ValidationError(_("Give one text per language."))


class TextsField(models.JSONField):
    """A mapping of language code to text."""

    default_validators = [check_texts]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def in_language(texts: dict[str, str], order: Iterable[str] = ()) -> str:
    """The text in the first language of `order` that has one; by default the page's language."""
    return pick(texts, tuple(order) or (get_language() or "en",))[1]
