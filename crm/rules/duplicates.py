"""How alike two records are: a score from 0 to 100, and the reasons for it.

Each kind of fact that both records have is compared, and the score is the weighted mean of the
results. What is the same weighs more than what differs: one person has many mailboxes, but two
people seldom share one. What only one of the two has says nothing.

| people | weighs | if it differs |      | organisations | weighs | if it differs |
|---|---|---|---|---|---|---|
| name | 50 | 50 |                      | name | 60 | 60 |
| mailbox | 25 | 12 |                   | domain | 30 | 15 |
| phone | 15 | 5 |                      | city | 10 | 5 |
| organisation | 10 | 8 |

Titles and legal forms are no part of a name. Names that differ decide alone: colleagues share a
switchboard, a mailbox and an employer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from crm.rules.names import fold
from crm.rules.people import SALUTATIONS, TITLES

PROPOSED = 75
"""From this score on two records are worth a look."""
LEAST_ALIKE = 60  # letters in common, in percent, below which two names say "somebody else"
KNOWN = 100_000  # words of names that are kept, for each record is compared many times
OTHERS = 40  # what people with different names score at most

LEGAL_FORMS = {
    "ab", "ag", "aps", "as", "asbl", "bv", "bvba", "co", "corp", "corporation", "ev", "gbr", "gmbh",
    "ggmbh", "inc", "kg", "kgaa", "limited", "llc", "llp", "ltd", "mbh", "nv", "ohg", "oy", "oyj",
    "plc", "sa", "sab", "sarl", "sas", "sasu", "sau", "sc", "sca", "scop", "scp", "se", "sl", "sll",
    "slu", "snc", "spa", "sprl", "srl", "srls", "ug", "vzw",
}  # fmt: skip
NO_NAMES = frozenset(fold(word) for word in TITLES | SALUTATIONS)
# Where many organisations have their pages: such a domain tells none of them.
HOSTS = ("facebook.com", "linkedin.com", "sites.google.com", "wixsite.com", "wordpress.com")
# Mailboxes of a desk: the same word at two companies says nothing.
DESKS = {
    "admin", "contact", "hello", "hr", "info", "mail", "office", "sales", "service", "support",
    "team",
}  # fmt: skip


class Reason(StrEnum):
    """What speaks for it that two records are one."""

    NAME = "name"
    LIKE_NAME = "like_name"
    MAILBOX = "mailbox"
    LIKE_MAILBOX = "like_mailbox"
    PHONE = "phone"
    ORGANISATION = "organisation"
    DOMAIN = "domain"
    CITY = "city"


@dataclass(frozen=True)
class PersonFacts:
    """What a person is compared by."""

    name: str = ""
    mailboxes: frozenset[str] = frozenset()
    phone: str = ""
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OrganisationFacts:
    """What an organisation is compared by; `names` holds every name it has or had."""

    names: frozenset[str] = frozenset()
    domain: str = ""
    city: str = ""


@dataclass(frozen=True)
class Likeness:
    score: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class _Evidence:
    """How alike one kind of fact is, how much that weighs, and what to call it."""

    alike: float
    weight: float
    reason: Reason


def people(first: PersonFacts, second: PersonFacts) -> Likeness:
    """How alike two people are."""
    names = _tokens_of_person(first), _tokens_of_person(second)
    evidence = []
    name = 0.0
    if all(names):
        name = _grown(_names_alike(*names))
        evidence.append(_named(name, 50))
    if first.mailboxes and second.mailboxes:
        evidence.append(_mailboxes(first.mailboxes, second.mailboxes))
    numbers = digits(first.phone), digits(second.phone)
    if all(numbers):
        evidence.append(_same(numbers[0] == numbers[1], (15, 5), Reason.PHONE))
    if first.organisations and second.organisations:
        shared = bool(first.organisations & second.organisations)
        evidence.append(_same(shared, (10, 8), Reason.ORGANISATION))
    summed = _summed(evidence)
    if all(names) and name < OTHERS:
        return Likeness(min(summed.score, OTHERS), summed.reasons)
    return summed


def organisations(first: OrganisationFacts, second: OrganisationFacts) -> Likeness:
    """How alike two organisations are."""
    names = _names_of_organisation(first), _names_of_organisation(second)
    evidence = []
    name = 0.0
    if all(names):
        name = _grown(max(_letters_alike(one, two) for one in names[0] for two in names[1]))
        evidence.append(_named(name, 60))
    domains = _own(first.domain), _own(second.domain)
    if all(domains):
        evidence.append(_same(domains[0] == domains[1], (30, 15), Reason.DOMAIN))
    cities = fold(first.city), fold(second.city)
    if all(cities):
        evidence.append(_same(cities[0] == cities[1], (10, 5), Reason.CITY))
    summed = _summed(evidence)
    if all(domains) and domains[0] == domains[1] and _share_a_word(*names):
        return Likeness(max(summed.score, PROPOSED), summed.reasons)
    if all(names) and name < OTHERS:
        return Likeness(min(summed.score, OTHERS), summed.reasons)
    return summed


@lru_cache(maxsize=KNOWN)
def digits(phone: str) -> str:
    """The end of a number, which is the same however its beginning is written."""
    found = re.sub(r"\D", "", phone)
    return found[-9:] if len(found) >= 7 else ""


def compact(mailbox: str) -> str:
    """A local part without what separates its words: "Anna.Rossi" → "annarossi"."""
    return re.sub(r"[._-]", "", mailbox.rpartition("@")[0])


@lru_cache(maxsize=KNOWN)
def core_name(name: str) -> str:
    """An organisation's name, folded and without its legal form: "Vif S.p.A." → "vif"."""
    # Single letters in a row are one word that somebody wrote with full stops.
    folded = re.sub(r"\b(?:\w )+\w\b", lambda run: run[0].replace(" ", ""), fold(name))
    words = folded.split()
    kept = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(kept or words)


def _tokens_of_person(facts: PersonFacts) -> tuple[str, ...]:
    """The words of the name, without titles, in a fixed order; of a nameless one its mailbox's."""
    kept = _words(facts.name)
    if not kept and len(facts.mailboxes) == 1:
        local = _words(next(iter(facts.mailboxes)).rpartition("@")[0])
        return local if len(local) > 1 else ()
    return kept


@lru_cache(maxsize=KNOWN)
def _words(name: str) -> tuple[str, ...]:
    words = fold(name).split()
    return tuple(sorted(word for word in words if word not in NO_NAMES) or sorted(words))


def _names_alike(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Two people's names, their words in any order, initials and left-out second names forgiven."""
    alike = _letters_alike(" ".join(first), " ".join(second))
    if _covers(first, second) or _covers(second, first):
        alike = max(alike, 95)
    return alike


def _covers(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of the one is in the other, some as initials, at least one of them whole.

    A single word is too little.
    """
    left = list(long)
    whole = 0
    for word in sorted(short, key=len, reverse=True):
        match = word if word in left else next((w for w in left if _initial(word, w)), None)
        if match is None:
            return False
        whole += match == word and len(word) > 2
        left.remove(match)
    return whole > 0 and len(short) > 1


def _initial(first: str, second: str) -> bool:
    return 1 in (len(first), len(second)) and first[0] == second[0]


def _letters_alike(first: str, second: str) -> float:
    """Letters in common, in percent. Numbers are names of their own: "Bio 1" is not "Bio 2"."""
    if re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return 0.0
    one, two = sorted((" ".join(sorted(first.split())), " ".join(sorted(second.split()))))
    return float(ratio(one, two))


def _grown(alike: float) -> float:
    """Unrelated names have half of their letters in common: that counts as nothing."""
    return max(0.0, (alike - LEAST_ALIKE) * 100 / (100 - LEAST_ALIKE))


def _named(alike: float, weight: float) -> _Evidence:
    return _Evidence(alike, weight, Reason.NAME if alike == 100 else Reason.LIKE_NAME)


def _same(same: bool, weights: tuple[float, float], reason: Reason) -> _Evidence:
    return _Evidence(100.0, weights[0], reason) if same else _Evidence(0.0, weights[1], reason)


def _mailboxes(first: frozenset[str], second: frozenset[str]) -> _Evidence:
    if first & second:
        return _Evidence(100.0, 25, Reason.MAILBOX)
    near = max(_near(one, two) for one in first for two in second)
    return _Evidence(near, 25 if near else 12, Reason.LIKE_MAILBOX)


def _near(first: str, second: str) -> float:
    """The same words at one domain, or a telling local part at two."""
    if compact(first) in DESKS:
        return 0.0
    same_domain = first.rpartition("@")[2] == second.rpartition("@")[2]
    one, two = (_words(box.rpartition("@")[0]) for box in (first, second))
    if compact(first) == compact(second):
        return 95.0 if same_domain else 80.0 if len(one) > 1 or len(two) > 1 else 0.0
    if not same_domain:
        return 0.0
    if _covers(one, two) or _covers(two, one) or one in _short(two) or two in _short(one):
        return 90.0
    return 85.0 if _letters_alike(compact(first), compact(second)) >= 90 else 0.0


def _short(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A local part of two words as others write it: "anna.rossi" → "arossi", "rossia"."""
    if len(words) != 2:
        return set()
    pairs = ((words[0], words[1]), (words[1], words[0]))
    return {(pair,) for one, two in pairs for pair in (one[0] + two, one + two[0])}


def _names_of_organisation(facts: OrganisationFacts) -> set[str]:
    return {core_name(name) for name in facts.names if core_name(name)}


def _own(domain: str) -> str:
    return "" if any(domain == host or domain.endswith("." + host) for host in HOSTS) else domain


def _share_a_word(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether two sets of names have a word of some length in common."""
    one, two = ({word for name in names for word in name.split() if len(word) > 3}
                for names in (first, second))  # fmt: skip
    return bool(one & two)


def _summed(evidence: list[_Evidence]) -> Likeness:
    weight = sum(each.weight for each in evidence)
    if not weight:
        return Likeness(0)
    score = sum(each.alike * each.weight for each in evidence) / weight
    telling = [each for each in evidence if each.alike >= 50]
    telling.sort(key=lambda each: (-each.alike * each.weight, each.reason))
    return Likeness(round(score), tuple(each.reason for each in telling))
