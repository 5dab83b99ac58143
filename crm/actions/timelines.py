"""One timeline for a record: whatever happened to it, from every table that has something to tell.

Each part of Liaison that knows something about people or organisations lends a function to
`settings.TIMELINES`: from a record, a reader and the words of the record's cluster it makes
sources. So mails stand between notes and
changes although this package knows nothing of campaigns.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from crm.models import Organisation, Person
from crm.models.scope import Viewer
from crm.models.together import Entry, Kind, Source, newest
from crm.models.vocabulary import Words
from crm.rules.numbers import written_number

Teller = Callable[[Person | Organisation, Viewer, Words], Iterable[Source]]

PAGE = 30
MOST = 100  # pages


@dataclass(frozen=True)
class Timeline:
    """A page of a record's timeline, and what it can be narrowed to."""

    entries: list[Entry]
    number: int
    more: bool
    kinds: list[Kind]
    on: Kind | None

    @property
    def newer(self) -> int:
        return self.number - 1

    @property
    def older(self) -> int:
        return self.number + 1


def of(
    record: Person | Organisation, viewer: Viewer, words: Words, *, show: str = "", page: str = ""
) -> Timeline:
    """A page of everything about a record that the viewer may know, newest first."""
    sources = [source for teller in _tellers() for source in teller(record, viewer, words)]
    told = {source.kind for source in sources}
    kinds = [kind for kind in Kind if kind in told]
    on = next((kind for kind in kinds if kind == show), None)
    number = min(written_number(page) or 1, MOST)
    asked = {each.name: each for each in sources if on in (None, each.kind)}
    start = (number - 1) * PAGE
    questions = {name: source.rows for name, source in asked.items()}
    found = newest(questions, start, start + PAGE + 1)
    entries = []
    for name, at, what in found[:PAGE]:
        if entry := asked[name].say(what):
            entries.append(replace(entry, at=at, kind=asked[name].kind))
    more = len(found) > PAGE and number < MOST
    return Timeline(entries, number, more, kinds, on)


@cache
def _tellers() -> list[Teller]:
    return [import_string(path) for path in settings.TIMELINES]
