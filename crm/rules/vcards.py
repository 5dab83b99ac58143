"""vCards, version 4.0, as RFC 6350 writes them: escaped, folded, in UTF-8, lines ended by CRLF."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 75  # octets of a line without its end

_TEL = re.compile(r"[^\d+]")


@dataclass(frozen=True)
class Card:
    """What a vCard says of a person, or of an organisation where `kind` is "org"."""

    uid: str
    name: str
    kind: str = "individual"
    family: str = ""
    given: str = ""
    title: str = ""
    organisation: str = ""
    job: str = ""
    emails: tuple[str, ...] = ()
    phone: str = ""
    language: str = ""
    website: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    categories: tuple[str, ...] = ()


def written(card: Card) -> str:
    """The vCard as text."""
    return "".join(f"{part}\r\n" for line in _lines(card) for part in folded(line))


def _lines(card: Card) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"KIND:{card.kind}"
    yield f"UID:{card.uid}"
    yield f"FN:{escaped(card.name)}"
    if card.kind == "individual":
        yield f"N:{_parts(card.family, card.given, '', card.title, '')}"
    if card.organisation:
        yield f"ORG:{escaped(card.organisation)}"
    if card.job:
        yield f"TITLE:{escaped(card.job)}"
    for place, email in enumerate(card.emails):
        yield f"EMAIL;TYPE=work{';PREF=1' if place == 0 else ''}:{escaped(email)}"
    if number := _TEL.sub("", card.phone):
        yield f"TEL;VALUE=uri;TYPE=work:tel:{number}"
    if card.language:
        yield f"LANG:{card.language}"
    if card.city or card.region or card.country:
        yield f"ADR;TYPE=work:{_parts('', '', '', card.city, card.region, '', card.country)}"
    if card.website:
        yield f"URL;TYPE=work:{_uri(card.website)}"
    if card.categories:
        yield f"CATEGORIES:{','.join(map(escaped, card.categories))}"
    yield "END:VCARD"


def escaped(text: str) -> str:
    """A text value: backslash, comma, semicolon and line end cannot stand for themselves."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    text = re.sub(r"\r\n|\r|\n", r"\\n", text)
    return "".join(sign for sign in text if sign == "\t" or sign.isprintable())


def folded(line: str) -> Iterator[str]:
    """A line as the lines it is sent in; no character is torn apart."""
    part, length = "", 0
    for sign in line:
        size = len(sign.encode())
        if length + size > LONGEST:
            yield part
            part, length = " ", 1
        part, length = part + sign, length + size
    yield part


def _parts(*parts: str) -> str:
    return ";".join(map(escaped, parts))


def _uri(text: str) -> str:
    """An address of the web holds no line end, whatever was entered."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())
