"""What stands behind a code: languages and countries by name, in the language of the page."""

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale


def language_name(code: str) -> str:
    """The name of a language, also of one that Liaison has no texts in; the code of no other."""
    return str(dict(settings.LANGUAGES).get(code) or _here().languages.get(code, code))


def language_names() -> dict[str, str]:
    """Every language that has a code of two letters."""
    return {code: name for code, name in _here().languages.items() if len(code) == 2}


def country_name(code: str) -> str:
    """The name of a country; the code itself where nobody knows it."""
    return str(_here().territories.get(code, code))


def _here() -> Locale:
    return Locale.parse(to_locale(get_language() or "en"))
