"""Phone numbers in the international form.

phonenumbers, which knows the numbering plans of all countries, takes 40 to 70 µs for a number: a
long list would spend its time on little else. Where a number is written as its own country's plan
has it, that plan's patterns alone say the same in a tenth of the time.
"""

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat

_INTERNATIONAL = re.compile(r"\+\d[\d ]{6,17}\d")
_FLOAT = re.compile(r"\d+\.0+|\d(?:\.\d+)?[eE]\+\d+")
_PART = re.compile(r"\\(\d)")  # of a number, in the library's forms
_BETWEEN = str.maketrans("", "", " -./()\xa0")
NEVER = "(?!)"  # fits nothing


class NoPhone(ValueError):
    """Nobody could dial it."""


def international(text: str, country: str) -> str:
    """A phone number as one dials it from abroad; one of `country` where it names none.

    Raises NoPhone.
    """
    text = text.strip()
    written = text.removesuffix(".0")
    if _INTERNATIONAL.fullmatch(written):
        return written
    if _FLOAT.fullmatch(text):  # what a spreadsheet makes of a number
        written = str(int(float(text)))
    if country and (said := at_a_glance(written, country)):
        return said
    try:
        number = phonenumbers.parse(written, country or None)
    except phonenumbers.NumberParseException as problem:
        raise NoPhone from problem
    # Without a prefix it is only a guess whose it is: then the plan of that country must have it.
    known = written.startswith(("+", "00"))
    fits = phonenumbers.is_possible_number if known else phonenumbers.is_valid_number
    if not fits(number):
        raise NoPhone
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def at_a_glance(text: str, country: str) -> str | None:
    """The number, where it is plainly one of the country's; what the library says of it."""
    plan, digits = _plan(country), text.translate(_BETWEEN)
    if plan is None or not (digits.isascii() and digits.isdecimal()) or plan.abroad.match(digits):
        return None
    if plan.before and digits.startswith(plan.before):
        digits = digits[len(plan.before) :]
    elif plan.cut.match(digits):
        return None
    if not plan.valid.fullmatch(digits):
        return None
    for beginning, whole, form in plan.forms:
        if beginning.match(digits) and (parts := whole.fullmatch(digits)):
            return f"{plan.prefix} {form.format(digits, *parts.groups(''))}"
    return None


@dataclass(frozen=True)
class _Plan:
    """How the numbers of one country are dialled at home, and written for abroad."""

    prefix: str  # "+49"
    abroad: re.Pattern[str]  # what begins a number of another country
    before: str  # what is dialled before a number at home, and is no part of it
    cut: re.Pattern[str]  # what else the library may take away
    valid: re.Pattern[str]
    forms: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]


@cache
def _plan(country: str) -> _Plan | None:
    known = PhoneMetadata.metadata_for_region(country)
    if known is None or known.general_desc is None:
        return None
    cut = known.national_prefix_for_parsing or ""
    forms = [
        (form.leading_digits_pattern[-1:], form.pattern or "", form.format or "")
        for form in known.intl_number_format or known.number_format
    ]
    return _Plan(
        prefix=f"+{known.country_code}",
        abroad=re.compile(known.international_prefix or NEVER),
        before=cut if cut.isdecimal() and not known.national_prefix_transform_rule else "",
        cut=re.compile(cut or NEVER),
        valid=re.compile(known.general_desc.national_number_pattern or NEVER),
        forms=tuple(
            (re.compile("".join(beginning)), re.compile(whole), _PART.sub(r"{\1}", form))
            for beginning, whole, form in forms
        ),
    )
