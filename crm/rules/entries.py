"""A row of somebody's list as an entry: what it says of one person and one organisation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from crm.rules import answers, cells
from crm.rules.addresses import NormalAddress
from crm.rules.answers import BadAnswer, Question
from crm.rules.cells import BadCell
from crm.rules.columns import CODED, KEY, OWN, TAGS
from crm.rules.formulas import unescaped
from crm.rules.names import fold
from crm.rules.people import split_name, split_title, title_of

LONGEST = {
    "title": 40, "given": 120, "family": 120, "job": 120, "legal_name": 200, "short_name": 80,
    "city": 120,
}  # fmt: skip
SUMS = {
    "total", "sum", "subtotal", "somme", "sous total", "summe", "gesamt", "gesamtsumme",
    "zwischensumme", "totale", "somma", "suma",
}  # fmt: skip
REMEMBERED = 10_000  # different cells of each column whose reading is kept

# What a cell says, None where it says nothing; and what of it means nothing.
Read = tuple[Any, Sequence[str]]
NOTHING: Read = (None, ())


# Cells that list several things, and several columns may go on with it.
_LISTED: Mapping[str, Callable[[str], Read]] = {
    "email": cells.addresses, **dict.fromkeys(TAGS.values(), cells.tags),
}  # fmt: skip
_NAMED = {"given", "family", "legal_name", "phone", "employees"}


@dataclass(slots=True)
class Entry:
    """What one row says. `error` is why it cannot be taken; `remarks` what was left out of it."""

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    addresses: list[NormalAddress] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    error: str = ""
    unclear: str = ""  # why it cannot be told which record is meant
    organisation: int | None = None
    fresh: bool = False  # the organisation is new with this list

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is handed from one program to another: what was read, no more."""
        return Entry, (self.number, self.facts, self.addresses, self.remarks, self.error)

    @property
    def name_folded(self) -> str:
        return fold(f"{self.facts.get('given', '')} {self.facts.get('family', '')}")

    @property
    def is_person(self) -> bool:
        return bool(self.addresses or self.facts.get("given") or self.facts.get("family"))


class EntryReader:
    """Reads rows of one list: `columns` says what stands in each place, "" for nothing of ours.

    `country` is that of the cluster: phone numbers without a prefix are dialled there. `codes` are
    the words that coded columns may hold: for each column, folded word → code. `own` are the
    fields of the cluster's own, by their columns.
    """

    def __init__(
        self,
        columns: Sequence[str],
        *,
        country: str = "",
        codes: Mapping[str, Mapping[str, Any]] | None = None,
        own: Mapping[str, Question] | None = None,
    ) -> None:
        self._codes = codes or {}
        self._own = own or {}
        self._keeps_own = any(name.startswith(OWN) or name in TAGS.values() for name in columns)
        self._country = country
        self._abroad: dict[str, Callable[[str], Read]] = {}
        self._columns = [
            (place, name, lru_cache(REMEMBERED)(self._reading(name)))
            # Whoever reads a phone number knows the row's country already.
            for place, name in sorted(enumerate(columns), key=lambda each: each[1] == "phone")
            if name and (name in self._own or not name.startswith(OWN))
        ]
        self._width = max((place for place, *_ in self._columns), default=0) + 1
        self._made = partial(EntryReader, columns, country=country, codes=codes, own=own)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another program's reader has read nothing yet."""
        return self._made, ()

    def read(self, number: int, row: Sequence[str]) -> Entry | None:
        """The entry of a row; None where all its cells are empty."""
        entry = Entry(number)
        facts, country = entry.facts, self._country
        if len(row) < self._width:
            row = [*row, *[""] * (self._width - len(row))]
        try:
            for place, name, usual in self._columns:
                # Of several phone numbers the first.
                if not (text := row[place]) or (name in facts and name not in _LISTED):
                    continue
                reading: Callable[[str], Read] = usual
                if name == "phone" and facts.get("country", country) != country:
                    reading = self._dialled_in(facts["country"])
                value, wrong = reading(text)
                if value is None or value == "":
                    pass
                elif name in _LISTED:
                    _go_on(entry, name, value)
                else:
                    facts[name] = value
                entry.remarks += wrong
        except BadCell as problem:
            entry.error = str(problem)
            return entry
        if not (facts or entry.addresses):
            return None
        _name(entry)
        _judge(entry)
        self._judge_own(entry)
        return entry

    def _dialled_in(self, country: str) -> Callable[[str], Read]:
        """How a phone number is read in the row of another country."""
        if country not in self._abroad:
            value = partial(cells.phone, country=country)
            self._abroad[country] = lru_cache(REMEMBERED)(self._reading("phone", value))
        return self._abroad[country]

    def _reading(
        self, name: str, value: Callable[[str], Any] | None = None
    ) -> Callable[[str], Read]:
        """What a cell of the column says. Lists repeat themselves, so it is remembered."""
        value, longest = value or self._value(name), LONGEST.get(name, cells.LONGEST)

        def read(text: str) -> Read:
            text = unescaped(text)
            if cells.is_nothing(text):
                return NOTHING
            if name in _LISTED:
                return _LISTED[name](text)
            text = _fitting(cells.plain(text), longest)
            if name in CODED and name in self._codes:
                return self._several(name, text)
            try:
                return value(text), ()
            except (
                BadAnswer,
                BadCell,
            ) as problem:  # what means nothing is left out of the row and said
                return None, (str(problem),)

        return read

    def _value(self, name: str) -> Callable[[str], Any]:
        """How a column's text becomes a value."""
        if name in self._codes:
            return partial(self._coded, name)
        if name in self._own:
            return partial(answers.read, self._own[name])
        known: dict[str, Callable[[str], Any]] = {
            "phone": partial(cells.phone, country=self._country),
            "title": title_of,
            "city": cells.city,
            "language": cells.language,
            "country": cells.country,
            "website": cells.website,
            "employees": cells.employees,
        }
        return known.get(name, str)

    def _judge_own(self, entry: Entry) -> None:
        """Tags and own fields are of the row's person or organisation; without a person, tags are
        the organisation's."""
        if entry.error or not self._keeps_own:
            return
        facts = entry.facts
        person, organisation = TAGS["person"], TAGS["organisation"]
        if not entry.is_person and person in facts:
            facts[organisation] = (*facts.get(organisation, ()), *facts.pop(person))
        for name in [name for name in facts if name in self._own or name == organisation]:
            of = self._own[name].of if name in self._own else "organisation"
            if not (entry.is_person if of == "person" else facts.get("legal_name")):
                del facts[name]
                said = f"“{self._own[name].name}” was" if name in self._own else "its tags were"
                entry.remarks.append(f"No {of} is named, so {said} left out.")

    def _coded(self, name: str, text: str) -> Any:
        known = self._codes[name]
        if (folded := fold(text)) not in known:
            raise BadCell(f"“{text[:40]}” is no {name} we know. Write one of: {_said(known)}.")
        return known[folded]

    def _several(self, name: str, text: str) -> Read:
        """The codes in a cell that lists several, and which of its words are none."""
        known, parts = self._codes[name], cells.several(text)
        found = tuple(sorted({known[fold(part)] for part in parts if fold(part) in known}))
        unknown = ", ".join(part for part in parts if fold(part) not in known)
        wrong = f"“{unknown[:40]}” is none of the {name} we know: {_said(known)}."
        return found or None, (wrong,) if unknown else ()


def _go_on(entry: Entry, name: str, found: Sequence[Any]) -> None:
    if name == "email":
        held = {address.key for address in entry.addresses}
        entry.addresses += [address for address in found if address.key not in held]
    else:
        entry.facts[name] = (*entry.facts.get(name, ()), *found)


def _name(entry: Entry) -> None:
    """Take titles out of the names, and names apart."""
    facts = entry.facts
    title = ""
    if whole := facts.pop("name", ""):
        title, given, family = split_name(whole)
        facts.setdefault("given", given)
        facts.setdefault("family", family)
    else:
        for name in ("given", "family"):
            if written := facts.get(name):
                more, facts[name] = split_title(written)
                title = f"{title} {more}".strip()
    if title and "title" not in facts:
        facts["title"] = title
    for name in ("given", "family"):
        if not facts.get(name):
            facts.pop(name, None)


def _fitting(text: str, longest: int) -> str:
    if len(text) > longest:
        raise BadCell(f"“{text[:40]}…” is longer than {longest} characters. Shorten it.")
    return text


def _judge(entry: Entry) -> None:
    """Say what is missing from a row, or of no use in it."""
    facts = entry.facts
    key = facts.pop(KEY, "")
    if key and not facts.get("legal_name"):
        entry.remarks.append(
            f"No single organisation has the number “{key[:40]}”, so it was left out."
        )
    if not (entry.is_person or facts.get("legal_name")):
        entry.error = "Neither a person nor an organisation is named. Add a name or an address."
    elif not entry.addresses and _is_sum(facts):
        entry.error = "This row holds a sum. If somebody is called so, add an address or a city."
    elif not entry.is_person and (facts.get("job") or facts.get("phone")):
        entry.remarks.append("No person is named, so job and phone were left out.")
    elif facts.get("job") and not facts.get("legal_name"):
        entry.remarks.append("No organisation is named, so the job was left out.")


def _is_sum(facts: Mapping[str, Any]) -> bool:
    """Whether all that a row says is "Total:", with figures that were no use elsewhere."""
    named = [facts[name] for name in ("given", "family", "legal_name") if facts.get(name)]
    alone = not any(value for name, value in facts.items() if name not in _NAMED)
    return alone and len(named) == 1 and fold(named[0]) in SUMS


def _said(known: Mapping[str, Any]) -> str:
    codes = {code for code in known.values() if isinstance(code, str)}
    return ", ".join(sorted(codes or known))
