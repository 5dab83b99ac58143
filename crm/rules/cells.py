"""What a cell of somebody's list means, as a value of ours.

Each function takes the text of a cell and returns the value, or raises BadCell with a sentence
that says what to write instead. An empty cell never reaches them.
"""

import re
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from crm.rules.addresses import InvalidAddress, NormalAddress, at_a_glance, normalise
from crm.rules.names import fold
from crm.rules.phones import NoPhone, international
from crm.rules.texts import LANGUAGES

LONGEST = 2_000  # characters of a cell that has no shorter limit
LONGEST_TAG = 60
MOST_TAGS = 50  # on a person or an organisation

_BETWEEN_ADDRESSES = re.compile(r"[\s;,|/]+|\bet\b|\band\b|\bund\b")
_WRITTEN_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_RANGE = re.compile(r"(\d[\d .']*)\s*(?:-|–|to|à|bis|a)\s*\d")
_POST_CODE = re.compile(r"^(?:[A-Z]{1,3}[- ]?)?\d{4,5}[ ,]+(?=\D)")
_MANY = re.compile(r"[;,|/\n]+")


# What people write into a cell to say that they leave it empty. Somebody may be called Null or Nan.
_NOTHING = frozenset(
    {"", "-", "–", "—", "?", "/", ".", "n/a", "n.a.", "k.a.", "#n/a", "#ref!", "#value!", "#name?"}
)


class BadCell(ValueError):
    """The cell cannot be understood; the message says what to write."""


def is_nothing(text: str) -> bool:
    """Whether a cell is empty, or says that it is."""
    return (len(text) < 12 and text.strip().lower() in _NOTHING) or text.isspace()


def plain(text: str) -> str:
    """Text in one line. Raises BadCell for what no text holds."""
    if not text.isprintable():
        if "\0" in text:
            raise BadCell("It holds a NUL character. Write the text anew.")
        if any("\udc80" <= letter <= "\udcff" for letter in text):
            raise BadCell("It is not in the file's encoding. Choose another one, or write it anew.")
        text = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(text.split())


def addresses(text: str) -> tuple[list[NormalAddress], list[str]]:
    """Every mailbox in a cell, as often as people put several into one, each once; and what is
    wrong with the parts that look like one and are none.

    Raises BadCell where there is no mailbox at all.
    """
    text = text.strip()
    if plain_one := at_a_glance(text):
        return [plain_one], []
    if text.lower().startswith("mailto:"):
        text = text[7:].partition("?")[0]
    parts = _WRITTEN_ADDRESS.findall(text) or [
        part for part in _BETWEEN_ADDRESSES.split(text) if "@" in part
    ]
    found: dict[str, NormalAddress] = {}
    wrong = []
    for part in parts:
        try:
            address = normalise(part.strip("<>()[]\"'.:"))
        except InvalidAddress as problem:
            wrong.append(str(problem))
        else:
            found.setdefault(address.key, address)
    if not found:
        raise BadCell(wrong[0] if wrong else f"“{text[:60]}” is not an e-mail address.")
    return list(found.values()), wrong


def phone(text: str, country: str) -> str:
    """A phone number in the international form, of `country` where it names none.

    Raises BadCell where nobody could dial it.
    """
    try:
        return international(text, country)
    except NoPhone as problem:
        raise BadCell(
            f"“{text.strip()[:40]}” is not a phone number. Write it with +, like +33 4 …"
        ) from problem


def language(text: str) -> str:
    """The code of a language, from its code or its name in any of our languages."""
    folded = fold(text)
    code = folded.split()[0] if folded else ""
    found = code if len(code) == 2 and code in _language_codes() else _languages().get(folded)
    if not found:
        raise BadCell(f"“{text.strip()[:40]}” is not a language we know. Write its code, like fr.")
    return found


def country(text: str) -> str:
    """The ISO 3166 code of a country, from its code or its name in any of our languages."""
    code = text.strip().upper()
    found = code if code in Locale("en").territories else _countries().get(fold(text))
    if not found or len(found) != 2:
        raise BadCell(f"“{text.strip()[:40]}” is not a country we know. Write its code, like FR.")
    return found


def city(text: str) -> str:
    """The name of a town, where its post code stands before it: "80331 München", "F-69007 Lyon"."""
    name = _POST_CODE.sub("", text)
    return name if any(map(str.isalpha, name)) else text


def website(text: str) -> str:
    """An address of the web with its scheme."""
    written = text.strip()
    if "://" not in written:
        written = f"https://{written}"
    try:
        host = urlsplit(written).hostname or ""
    except ValueError:
        host = ""
    if "." not in host or " " in written or not written.lower().startswith(("http://", "https://")):
        raise BadCell(
            f"“{text.strip()[:60]}” is not a web address, like https://www.company.example."
        )
    return written


def domain_of(url: str) -> str:
    """The host of a web address without its www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def employees(text: str) -> int:
    """A number of people; of a range like "10-49" the lower end."""
    written = text.strip().lstrip("~<>≈ca. ").removesuffix(".0")
    ranged = _RANGE.match(written)
    digits = re.sub(r"[ .,'\u202f\xa0]", "", ranged[1] if ranged else written)
    if not digits.isdecimal() or len(digits) > 7:
        raise BadCell(f"“{text.strip()[:40]}” is not a number of people. Write it in digits.")
    return int(digits)


def several(text: str) -> list[str]:
    """The parts of a cell that lists several things, each once."""
    parts = (" ".join(part.split()) for part in _MANY.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def tags(text: str) -> tuple[list[str], list[str]]:
    """The names of tags in a cell, each once; and what is wrong with the parts that are none.

    They stand between commas or semicolons, in which no tag has one.
    """
    found: dict[str, str] = {}
    wrong = []
    for part in re.split(r"[;,\n]", text):
        name = " ".join(part.split())
        folded = fold(name)
        if name and not folded:
            wrong.append(f"“{name[:20]}” is no tag: it has no letter and no digit.")
        elif len(name) > LONGEST_TAG or len(folded) > LONGEST_TAG + 20:
            wrong.append(f"“{name[:20]}…” is too long for a tag: {LONGEST_TAG} letters at most.")
        elif name:
            found.setdefault(folded, name)
    if len(found) > MOST_TAGS:
        wrong.append(f"These are more than {MOST_TAGS} tags, so the last ones were left out.")
    return list(found.values())[:MOST_TAGS], wrong


@cache
def _language_codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


@cache
def _languages() -> dict[str, str]:
    return {
        fold(name): str(code)
        for locale in reversed(LANGUAGES)
        for code, name in Locale(locale).languages.items()
        if len(str(code)) == 2
    }


@cache
def _countries() -> dict[str, str]:
    names = {
        fold(name): code
        for locale in reversed(LANGUAGES)
        for code, name in Locale(locale).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    return names | {"uk": "GB", "usa": "US", "england": "GB", "holland": "NL", "d": "DE", "e": "ES"}
