"""Countries by name, in the page's language."""

from babel import Locale
from django.utils.translation import get_language, to_locale


def country_choices() -> list[tuple[str, str]]:
    """Every country, sorted by name, after an empty choice."""
    territories = Locale.parse(to_locale(get_language() or "en")).territories
    countries = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2
        and code.isalpha()
        and code not in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB")
    ]
    return [("", "–"), *sorted(countries, key=lambda country: country[1])]
