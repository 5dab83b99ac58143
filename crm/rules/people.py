"""Names of people as lists write them: titles, turned round, all in capitals."""

import re
from collections.abc import Mapping
from functools import lru_cache

# What stands before a name and is no part of it. A salutation says nothing worth keeping.
TITLES = {
    "dr", "prof", "professor", "pr", "ing", "dipl", "dott", "dottssa", "dottoressa", "dottor",
    "mag", "msc", "mba", "phd", "pd", "univ", "med", "rer", "nat", "hc", "habil", "dra", "sc",
}  # fmt: skip
SALUTATIONS = {
    "mr", "mrs", "ms", "miss", "m", "mm", "mme", "mmes", "mlle", "monsieur", "madame", "herr",
    "frau", "hr", "hrn", "fr", "sig", "sigra", "signa", "signor", "signora", "sr", "sra", "señor",
    "señora", "senyor", "senyora", "mx", "dhr", "mevr",
}  # fmt: skip
AFTER = {"jun", "jr", "sen", "sr", "junior", "senior", "ii", "iii"}
_BEFORE_NAMES = TITLES | SALUTATIONS
_SHAPE = re.compile(r"[^\W\d_]+", re.UNICODE)


def split_name(text: str) -> tuple[str, str, str]:
    """(title, given, family) of a written name.

    "Dr. Anna Rossi", "ROSSI, Anna", "Prof. Dr. med. ROSSI Anna". Where nothing tells them apart the
    last word is the family's name, with the small words before it ("de", "van", "von").
    """
    titles, rest = [], text.replace("\xa0", " ").strip()
    title, rest = _titled(rest)
    titles.append(title)
    if "," in rest and all(map(_is_title, rest.partition(",")[2].split())):
        rest, _, behind = rest.partition(",")  # "Anna Rossi, PhD"
        titles.append(" ".join(behind.split()))
    if "," in rest:
        family, _, given = rest.partition(",")
        title, given = _titled(given.strip())
        titles.append(title)
        return _joined(titles), cased(given), cased(family)
    words = rest.split()
    if len(words) < 2:
        return _joined(titles), "", cased(rest)
    shouted = [word for word in words if len(word) > 1 and word.isupper()]
    if 0 < len(shouted) < len(words):
        given = " ".join(word for word in words if word not in shouted)
        return _joined(titles), given, cased(" ".join(shouted))
    cut = len(words) - (2 if len(words) > 2 and _bare(words[-1]) in AFTER else 1)
    while cut > 1 and words[cut - 1].islower():
        cut -= 1
    return _joined(titles), cased(" ".join(words[:cut])), cased(" ".join(words[cut:]))


def cased(name: str) -> str:
    """A name without doubled spaces; one all in capitals or all small as names are written."""
    name = " ".join(name.split()).strip(" ,;")
    if len(name) > 2 and (name.isupper() or name.islower()):
        return _SHAPE.sub(lambda word: word[0].capitalize(), name.lower())
    return name


@lru_cache(10_000)
def title_of(text: str) -> str:
    """The titles in a cell that may hold a salutation, too: "Frau Dr." → "Dr."."""
    return " ".join(word for word in text.split() if _bare(word) not in SALUTATIONS)


def named(written: Mapping[str, str]) -> str:
    """A name as it is kept, of what the cells name, title, given and family say."""
    title, given, family = split_name(written.get("name", ""))
    if not (given or family):
        (before, given), (behind, family) = (
            split_title(written.get(part, "")) for part in ("given", "family")
        )
        title = f"{title} {before} {behind}".strip()
    title = title_of(written.get("title", "")) or title
    return " ".join(part for part in (title, given, family) if part)


@lru_cache(10_000)
def split_title(name: str) -> tuple[str, str]:
    """(title, name) where a title got into the column of given or family names."""
    title, bare = _titled(name.strip())
    return title, cased(bare)


def _titled(text: str) -> tuple[str, str]:
    """The titles at the beginning, and what follows them."""
    kept, words = [], text.split()
    while len(words) > 1:
        if words[0].isalpha() and words[0].lower() not in _BEFORE_NAMES:
            break
        if _bare(words[0]) in SALUTATIONS:
            words.pop(0)
        elif _is_title(words[0]):
            kept.append(words.pop(0))
        else:
            break
    return " ".join(kept), " ".join(words)


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _is_title(word: str) -> bool:
    pieces = [_bare(piece) for piece in word.split("-")]
    return any(pieces) and all(piece in TITLES for piece in pieces if piece)


def _joined(titles: list[str]) -> str:
    return " ".join(title for title in titles if title)
