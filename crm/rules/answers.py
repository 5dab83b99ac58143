"""Answers to custom fields: what was written, brought into the one form in which it is kept."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

Answer = str | int | float | bool | None

LONGEST = 500  # characters of a text
LARGEST = 10**12
PLACES = 4  # behind the decimal point
YES = {"yes", "true", "1", "on"}
NO = {"no", "false", "0", "off"}


class BadAnswer(ValueError):
    """It is none of the kind that was asked for."""


def normal(kind: str, said: object, choices: Sequence[str] = ()) -> Answer:
    """The kept form of an answer: text and choice as text, a number as number, a date as
    2027-05-31, yes and no as true and false; nothing written is None."""
    text = "" if said is None else str(said).strip()
    if not text:
        return None
    if kind == "text":
        return _text(text)
    if kind == "number":
        return _number(text)
    if kind == "date":
        return _date(text)
    if kind == "yes_no":
        return _yes_or_no(text)
    if text not in choices:
        raise BadAnswer(text)
    return text


def _text(text: str) -> str:
    if len(text) > LONGEST or "\x00" in text:
        raise BadAnswer(text)
    return text


def _number(text: str) -> int | float:
    try:
        number = Decimal(text.replace(" ", "").replace("\u202f", "").replace(",", "."))
    except InvalidOperation as error:
        raise BadAnswer(text) from error
    if not number.is_finite() or abs(number) > LARGEST or number != round(number, PLACES):
        raise BadAnswer(text)
    return int(number) if number == int(number) else float(number)


def _date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise BadAnswer(text) from error


def _yes_or_no(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise BadAnswer(text)
