"""Answers to custom fields: what was written, brought into the one form in which it is kept."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from crm.rules.names import fold

Answer = str | int | float | bool | None

LONGEST = 500  # characters of a text
LARGEST = 10**12
PLACES = 4  # behind the decimal point
YES = {"yes", "true", "1", "on"}
NO = {"no", "false", "0", "off"}


# What lists of several languages say instead.
SAID_YES = YES | {
    "y", "x", "oui", "o", "vrai", "ja", "j", "wahr", "sì", "si", "sí", "s", "vero", "verdadero",
    "cert", "✓", "✔",
}  # fmt: skip
SAID_NO = NO | {"n", "non", "faux", "nein", "falsch", "falso", "fals"}

# "1.234" is a thousand and more in one country, and one and a little in another.
_UNCLEAR = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,}|(?:'\d{3})+)")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: .*)?")


@dataclass(frozen=True)
class Question:
    """A field of a cluster's own, as a list is read: what it is called and how it is answered."""

    name: str
    of: str  # "person" or "organisation"
    kind: str
    choices: tuple[str, ...] = ()


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


def read(question: Question, text: str) -> Answer:
    """An answer as somebody's list writes it: days as 31.5.2027, "ja", choices in any case.

    Raises BadAnswer with a sentence that says what to write instead.
    """
    said = text.strip()
    if question.kind == "yes_no":
        word = said.casefold()
        said = "yes" if word in SAID_YES else "no" if word in SAID_NO else said
    elif question.kind == "date" and (found := _DAY_FIRST.fullmatch(said)):
        said = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    elif question.kind == "number" and _THOUSANDS.fullmatch(said):
        said = re.sub("[.,']", "", said)
    elif question.kind == "choice":
        said = next((each for each in question.choices if fold(each) == fold(said)), said)
    try:
        if question.kind == "number" and _UNCLEAR.fullmatch(said):
            raise BadAnswer(said)
        return normal(question.kind, said, question.choices)
    except BadAnswer as problem:
        wanted = {
            "text": f"A text has at most {LONGEST} characters.",
            "number": "Write a number, like 1234 or 3.5.",
            "date": "Write a day, like 2027-05-31.",
            "yes_no": "Write yes or no.",
            "choice": f"Write one of: {', '.join(question.choices)}.",
        }[question.kind]
        raise BadAnswer(f"“{text[:40]}” does not answer “{question.name}”. {wanted}") from problem


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
