"""Staging: the rows of a file in a table of the transaction, judged against the address book.

Reading and writing happen by COPY and by statements over all rows at once. A row's person is found
by the address, and where it names none by name and organisation. An organisation is found among
those that the cluster itself keeps, by any of its names or by its domain: what other clusters keep
is neither matched nor told of.
"""

import gc
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection

from crm.actions.import_own import Shelf
from crm.actions.judging import CORE, MEMBERSHIP, PERSON
from crm.models import Membership, OrganisationName
from crm.models.imports import Import
from crm.rules.addresses import NormalAddress, keyed
from crm.rules.cells import BadCell, domain_of
from crm.rules.columns import CODED
from crm.rules.entries import Entry
from crm.rules.names import fold

Row = tuple[Any, ...]

_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

CHUNK = 5_000  # rows that are copied at once
REMEMBERED = 10_000  # organisations of which is known what the last rows said
IDS = 500  # new organisations' numbers that are taken at once

COPIED_OF_ORGANISATION = ("legal_name", *CORE, "region", *MEMBERSHIP, "employees")
SAID_OF_ORGANISATION = (*COPIED_OF_ORGANISATION, *CODED)

TABLES = """
DROP TABLE IF EXISTS staged, staged_address, staged_organisation, held, by_address, namesake,
    matched, judged_organisation, judged;
CREATE TEMP TABLE staged (
    n int, error text, unclear text, remarks text, cells text, hmac bytea, key text, email text,
    domain text, is_person bool, folded text, title text, given text, family text, language text,
    phone text, job text, organisation bigint, fresh bool
) ON COMMIT DROP;
CREATE TEMP TABLE staged_address (
    n int, hmac bytea, key text, email text, domain text
) ON COMMIT DROP;
CREATE TEMP TABLE staged_organisation (
    n int, id bigint, fresh bool, folded text, domain text, legal_name text, short_name text,
    website text, city text, country text, region bigint, standing text, category text,
    employees int, codes text
) ON COMMIT DROP
"""
COPY_ROWS = "COPY staged FROM STDIN"
COPY_ORGANISATIONS = "COPY staged_organisation FROM STDIN"
COPY_ADDRESSES = "COPY staged_address FROM STDIN"


@dataclass
class Directory:
    """The organisations of one cluster by their names and domains; new ones are added to it."""

    by_name: dict[str, int] = field(default_factory=dict)
    by_domain: dict[str, int] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)  # names that several have
    fresh: set[int] = field(default_factory=set)
    _ids: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, cluster_id: int) -> "Directory":
        """Only what the cluster keeps itself. A domain or name of two is nobody's."""
        # A cluster has one membership of each: joined, PostgreSQL never compares all with all.
        mine = Membership.objects.filter(cluster=cluster_id, organisation__merged_into=None)
        found = cls()
        shared: set[str] = set()  # domains of several
        rows = mine.values_list(
            "organisation_id",
            "organisation__legal_name",
            "organisation__short_name",
            "organisation__domain",
        )
        for pk, legal_name, short_name, domain in rows.iterator():
            for name in (legal_name, short_name):
                if name:
                    _enter(found.by_name, fold(name), pk, found.unclear)
            if domain:
                _enter(found.by_domain, domain, pk, shared)
        former = OrganisationName.objects.filter(
            organisation__memberships__cluster=cluster_id, organisation__merged_into=None
        )
        for pk, folded in former.values_list("organisation_id", "folded").iterator():
            _enter(found.by_name, folded, pk, found.unclear)
        for name in found.unclear:
            del found.by_name[name]
        for domain in shared:
            del found.by_domain[domain]
        return found

    def find(self, legal_name: str, domain: str) -> tuple[int, bool]:
        """(number, whether this file brings it) of an organisation of that name or domain.

        Raises BadCell where several have it.
        """
        folded = fold(legal_name)
        if folded in self.unclear:
            raise BadCell(f"Several of your organisations are called “{legal_name[:60]}”.")
        found = self.by_name.get(folded) or self.by_domain.get(domain)
        if found is None:
            found = self._next_id()
            self.fresh.add(found)
            self.by_name[folded] = found
            if domain:
                self.by_domain[domain] = found
        return found, found in self.fresh

    def _next_id(self) -> int:
        if not self._ids:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence('crm_organisation', 'id'))"
                    " FROM generate_series(1, %s)",
                    [IDS],
                )
                self._ids = [pk for (pk,) in cursor.fetchall()][::-1]
        return self._ids.pop()


def _enter(numbers: dict[str, int], key: str, pk: int, unclear: set[str]) -> None:
    if numbers.setdefault(key, pk) != pk:
        unclear.add(key)


class Stage:
    """Puts entries into the tables of this transaction, some thousand at a time."""

    def __init__(self, of_import: Import, told: Callable[[int], None]) -> None:
        self._directory = Directory.of(of_import.cluster_id)
        self._told = told
        self._known: dict[Row, tuple[int, bool]] = {}
        self.number = 0
        self.shelf = Shelf(of_import)
        with connection.cursor() as cursor:
            cursor.execute(TABLES)

    def fill(self, rows: Iterable[tuple[Entry, list[str]]]) -> None:
        """Copy every row; `told` hears how many there are so far, and may raise to stop."""
        with _uncollected():
            for chunk in _chunks(rows, CHUNK):
                self._put(chunk)
                self.number += len(chunk)
                self._told(self.number)
        self.shelf.close()

    def _put(self, chunk: list[tuple[Entry, list[str]]]) -> None:
        people: list[Row] = []
        organisations: list[Row] = []
        addresses: list[Row] = []
        for entry, cells in chunk:
            self._place(entry, organisations)
            if not self.shelf.is_empty:
                self.shelf.put(entry)
            people.append(self._row(entry, cells))
            addresses += ((entry.number, *_mailbox(more)) for more in entry.addresses[1:])
        _copy(COPY_ROWS, people)
        _copy(COPY_ORGANISATIONS, organisations)
        _copy(COPY_ADDRESSES, addresses)
        self.shelf.flush()

    def _place(self, entry: Entry, organisations: list[Row]) -> None:
        """Find the row's organisation, and copy what the row says of it unless that is known."""
        facts = entry.facts
        if entry.error or "legal_name" not in facts:
            return
        said = tuple(map(facts.get, SAID_OF_ORGANISATION))
        if said in self._known:
            entry.organisation, entry.fresh = self._known[said]
            return
        legal_name, domain = facts["legal_name"], domain_of(facts.get("website", ""))
        try:
            pk, fresh = self._directory.find(legal_name, domain)
        except BadCell as problem:
            entry.unclear = str(problem)
            return
        if len(self._known) >= REMEMBERED:  # of a long list it would fill the memory
            self._known.clear()
        entry.organisation, entry.fresh = self._known[said] = pk, fresh
        codes = [
            f"{vocabulary} {code}"
            for name, vocabulary in CODED.items()
            for code in facts.get(name, ())
        ]
        folded = fold(f"{legal_name} {facts.get('short_name', '')}")
        plain = map(facts.get, COPIED_OF_ORGANISATION)
        organisations.append(
            (entry.number, pk, fresh, folded, domain or None, *plain, ",".join(codes) or None)
        )

    def _row(self, entry: Entry, cells: list[str]) -> Row:
        facts = entry.facts
        first = _mailbox(entry.addresses[0]) if entry.addresses else (None,) * 4
        return (
            entry.number, entry.error, entry.unclear, " ".join(entry.remarks), _json(cells),
            *first, entry.is_person, entry.name_folded, *map(facts.get, PERSON),
            facts.get("job"), entry.organisation, entry.fresh,
        )  # fmt: skip


def _mailbox(address: NormalAddress) -> Row:
    key = address.key
    return keyed(key, settings.ADDRESS_KEY), key, address.written, address.domain


def _copy(statement: str, rows: list[Row]) -> None:
    if rows:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows hold no circles: looking for such would take a fifth of the time and find none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk
