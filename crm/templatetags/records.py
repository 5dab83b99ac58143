"""How records are said on a page: texts per language, dates, countries, codes."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.actions.reasons import translated
from crm.models import (
    Agreement,
    Deadline,
    Event,
    ExternalRoute,
    Figure,
    Membership,
    Mission,
)
from crm.models.codes import country_name, language_name
from crm.models.sources import source_said
from crm.models.texts import in_language
from crm.rules import dates
from crm.rules.texts import LANGUAGES

TERRITORIES = {"en": "GB", "ca": "ES"}
"""Of languages that are not called like their country."""

register = template.Library()
register.filter("country_name", country_name)
register.filter("language_name", language_name)
register.filter("source_said", source_said)
register.filter("translated_reason", translated)


@register.filter
def colon(name: str) -> str:
    """A name with the colon before what it is, as the language of the page sets it."""
    return _("%(name)s:") % {"name": name}


@register.filter
def category_name(value: str) -> str:
    """The name of an organisation's category."""
    return str(dict(Membership.Category.choices).get(value, value))


@register.filter
def iso_day(value: str) -> dt.date:
    """A day that came along as 2027-05-31."""
    return dt.date.fromisoformat(value)


@register.filter
def text(texts: dict[str, str], language: str = "") -> str:
    """The text in a language, or in the next best one."""
    return in_language(texts, (language,) if language else ())


@register.filter
def said(row: Mapping[str, str], name: str) -> str:
    """A text of a row, marked with its language where the row says that it is another one."""
    if "lang" in row:
        return format_html('<span lang="{}">{}</span>', row["lang"], row[name])
    return row[name]


@register.filter
def territory(language: str) -> str:
    """A language as Open Graph names it, with the country whose spelling ours is."""
    return f"{language}_{TERRITORIES.get(language, language.upper())}"


@register.filter
def missing(texts: dict[str, str]) -> list[str]:
    """The languages in which a text is not written yet."""
    return [code for code in LANGUAGES if not texts.get(code)]


@register.filter
def days(mission: Mission) -> str:
    """When a mission takes place, as far as it is known."""
    last = mission.during.upper - dt.timedelta(days=1)
    return dates.said(mission.during.lower, last, mission.precision, _language())


@register.filter
def next_deadline(mission: Mission, now: dt.datetime) -> Deadline | None:
    """The first deadline still ahead."""
    return next((deadline for deadline in mission.deadlines.all() if deadline.at > now), None)


@register.filter
def moment(row: Deadline | ExternalRoute) -> str:
    """A deadline on the clocks of its own place."""
    return dates.moment_said(row.at, row.timezone, _language())


@register.filter
def hours(event: Event) -> str:
    """When an event takes place, on the clocks of its own place."""
    return dates.moment_said(event.starts_at, event.timezone, _language())


@register.filter
def period(during: Any) -> str:
    """A dated range in words; its last day included, open ends left open."""
    if during is None:
        return ""
    first = during.lower and dates.said(during.lower, during.lower, dates.DAY, _language())
    last_day = during.upper and during.upper - dt.timedelta(days=1)
    last = last_day and dates.said(last_day, last_day, dates.DAY, _language())
    if first and last:
        return f"{first} – {last}"
    if first:
        return _("since %(day)s") % {"day": first}
    return _("until %(day)s") % {"day": last} if last else ""


@register.filter
def stated(figure: Figure) -> str:
    """A figure as its source states it: "over 350 companies"."""
    value = figure.value.normalize() if figure.value == figure.value.to_integral() else figure.value
    places = 0 if value == value.to_integral() else 2
    number = number_format(Decimal(value), places, use_l10n=True, force_grouping=True)
    return " ".join(part for part in (figure.get_qualifier_display(), number, figure.unit) if part)


@register.filter
def known_date(figure: Figure) -> str:
    """The date of a figure, as far as it is known."""
    return dates.said(figure.as_of, figure.as_of, figure.as_of_precision, _language())


@register.filter
def signing_day(agreement: Agreement) -> str:
    """When an agreement was signed, as far as it is known."""
    day = agreement.signed_on
    return dates.said(day, day, agreement.precision, _language()) if day else ""


def _language() -> str:
    return (get_language() or "en")[:2]
