"""Texts stored once per language, and which of them a reader gets."""

from collections.abc import Iterable, Mapping

LANGUAGES = ("en", "fr", "de", "it", "es", "ca")

Texts = Mapping[str, str]


def pick(texts: Texts, order: Iterable[str]) -> tuple[str, str]:
    """The first non-empty text in `order`, else any text there is: (language, text).

    An empty mapping gives ("", ""): the caller decides whether that may be shown.
    """
    for language in (*order, *LANGUAGES, *sorted(texts)):
        if texts.get(language):
            return language, texts[language]
    return "", ""
