"""The words of coded columns: how a code is said to a reader, and by which words it is found."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from django.utils import translation

from crm.models import CODES, Market, Membership, Region
from crm.models.organisations import CODE_NAMES
from crm.rules import cells
from crm.rules.cells import BadCell
from crm.rules.names import fold
from crm.rules.texts import LANGUAGES

YES = (
    "yes", "oui", "ja", "sì", "sí", "x", "1", "true", "vrai", "membre", "adhérent", "mitglied",
    "membro", "socio", "soci", "miembro",
)  # fmt: skip

# What lists call companies by their size beside our own names.
SIZES = {
    "sme": ("start-up", "startup", "TPE", "micro-enterprise", "Kleinunternehmen", "microempresa"),
    "midcap": ("mid-cap", "mid cap"),
    "large": (
        "GE", "grand groupe", "Konzern", "Großunternehmen", "grande impresa",
        "gran empresa", "multinacional",
    ),
}  # fmt: skip


def known_codes() -> Mapping[str, Mapping[str, Any]]:
    """What coded columns may hold, by every name that a code has in our languages."""
    regions: dict[str, Any] = {}
    for region in Region.objects.all():
        for name in (region.slug, *region.names.values(), *region.codes):
            regions[fold(name)] = region.pk
    markets: dict[str, Any] = {}
    for market in Market.objects.all():
        for name in (market.slug, *market.names.values()):
            markets[fold(name)] = market.slug
    return {
        "region": regions,
        "standing": {fold(word): "member" for word in YES} | _named(Membership.Standing.choices),
        "category": {fold(word): code for code, words in SIZES.items() for word in words}
        | _named(Membership.Category.choices),
        "areas": _named((code, CODE_NAMES[code]) for code in CODES["area"]),
        "products": _named((code, CODE_NAMES[code]) for code in CODES["product"]),
        "markets": markets,
        "stages": _named((code, CODE_NAMES[code]) for code in CODES["stage"]),
    }


def _named(choices: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Each code by itself and by its name in every language."""
    choices = list(choices)
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {fold(str(name)): code for code, name in choices}
    return found | {fold(code): code for code, _name in choices}


@cache
def language_said(code: str, language: str) -> str:
    """The name of a language, where reading finds the code again by it; else the code."""
    return _said(code, Locale(language).languages.get(code, ""), cells.language)


@cache
def country_said(code: str, language: str) -> str:
    """The name of a country, where reading finds the code again by it; else the code."""
    return _said(code, Locale(language).territories.get(code, ""), cells.country)


def _said(code: str, name: str, read: Any) -> str:
    try:
        return name if name and read(name) == code else code
    except BadCell:
        return code
