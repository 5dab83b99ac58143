"""Invented companies and people at any size, copied into the tables for benchmarks."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns.demo.load import load_network, once
from campaigns.demo.names import JOBS, POOLS, TRADES, Pool
from campaigns.demo.people import mailbox
from crm.actions.references import checked_at_once
from crm.models import (
    Address,
    Cluster,
    ConsentRecord,
    LegalBasis,
    Membership,
    Organisation,
    Person,
    PersonAddress,
    Position,
)
from crm.rules.addresses import keyed, normalise
from crm.rules.names import fold

Rows = Iterable[tuple[Any, ...]]
BATCH = 20_000
SOURCE = "Load fixture"


def load(people: int, organisations: int) -> None:
    """Add that many people at that many organisations, spread over the clusters of the demo.

    Every run adds new ones: it numbers them on. All or nothing.
    """
    once("network", load_network)
    with transaction.atomic():
        companies = _load_organisations(organisations)
        first = Person.objects.count()
        for start in range(0, people, BATCH):
            numbers = range(first + start, first + min(start + BATCH, people))
            _load_people(numbers, companies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _load_organisations(count: int) -> dict[int, list[int]]:
    """Returns the new organisations' ids by cluster."""
    clusters = _clusters()
    ids = _next_ids(Organisation, count)
    first = Organisation.objects.count()
    companies: list[tuple[Any, ...]] = []
    members: list[tuple[Any, ...]] = []
    by_cluster: dict[int, list[int]] = {cluster.pk: [] for _pool, cluster in clusters}
    for n, pk in enumerate(ids):
        pool, cluster = clusters[n % len(clusters)]
        trade = TRADES[n % len(TRADES)][0]
        name = f"{pool.stems[n // len(clusters) % len(pool.stems)]} {trade} {first + n}"
        domain = f"{fold(name).replace(' ', '-')}.example"
        companies.append(
            (
                pk, f"{name} {pool.legal_form}", name, fold(f"{name} {pool.legal_form} {name}"),
                "company", f"https://www.{domain}/", domain, pool.cities[n % len(pool.cities)],
                pool.country, cluster.region_id, cluster.pk, 1,
            )
        )  # fmt: skip
        members.append((pk, cluster.pk, "member", "sme", 5 + n % 200))
        by_cluster[cluster.pk].append(pk)
    _copy(
        Organisation,
        "id legal_name short_name name_folded kind website domain city country region_id "
        "home_cluster_id version",
        companies,
    )
    _copy(Membership, "organisation_id cluster_id standing category employees", members)
    return by_cluster


def _load_people(numbers: range, companies: dict[int, list[int]]) -> None:
    clusters = _clusters()
    now = timezone.now()
    ids = list(
        zip(
            _next_ids(Person, len(numbers)),
            _next_ids(Address, len(numbers)),
            _next_ids(ConsentRecord, len(numbers)),
            strict=True,
        )
    )
    rows = list(_invent(numbers, clusters))
    _copy(
        Person,
        "id cluster_id kind title given family name_folded language phone share_objected version",
        (
            (person, cluster, "contact", "", given, family, fold(f"{given} {family}"), language,
             "", False, 1)
            for (person, _address, _record), (_n, cluster, given, family, language, _email)
            in zip(ids, rows, strict=True)
        ),
    )  # fmt: skip
    normals = [normalise(email) for *_rest, email in rows]
    _copy(
        Address,
        "id email key hmac domain undeliverable_why",
        (
            (address, normal.written, normal.key, keyed(normal.key, settings.ADDRESS_KEY),
             normal.domain, "")
            for (_person, address, _record), normal in zip(ids, normals, strict=True)
        ),
    )  # fmt: skip
    _copy(
        PersonAddress,
        "person_id address_id kind is_primary since",
        ((person, address, "work", True, now.date()) for person, address, _record in ids),
    )
    with checked_at_once([Position]):
        _copy(
            Position,  # without its trigger, which would write the last two, one by one
            "person_id organisation_id job during cluster_id is_first",
            (
                (
                    person,
                    at[n // len(clusters) % len(at)],
                    JOBS[n % len(JOBS)],
                    f"[{now.date()},)",
                    cluster,
                    True,
                )
                for (person, _address, _record), (n, cluster, *_rest) in zip(ids, rows, strict=True)
                if (at := companies[cluster])
            ),
        )
    _copy(
        ConsentRecord,
        "id person_id address_id cluster_id purpose act basis source at recorded_at",
        (
            (record, person, address, cluster, "missions", "recorded", "member", SOURCE, now, now)
            for (person, address, record), (_n, cluster, *_rest) in zip(ids, rows, strict=True)
        ),
    )  # fmt: skip
    _copy(
        LegalBasis,
        "person_id purpose basis since record_id",
        ((person, "missions", "member", now.date(), record) for person, _address, record in ids),
    )


def _invent(
    numbers: range, clusters: list[tuple[Pool, Cluster]]
) -> Iterator[tuple[int, int, str, str, str, str]]:
    """number, cluster, given name, family name, language, address."""
    for n in numbers:
        pool, cluster = clusters[n % len(clusters)]
        chance = random.Random(n)  # noqa: S311 (the same every time)
        given, family = chance.choice(pool.given), chance.choice(pool.family)
        language = chance.choices(*zip(*pool.languages, strict=True))[0]
        email = f"{mailbox(given, family)}.{n}@load-{pool.cluster}.example"
        yield n, cluster.pk, given, family, language, email


def _clusters() -> list[tuple[Pool, Cluster]]:
    found = Cluster.objects.in_bulk(field_name="slug")
    return [(pool, found[pool.cluster]) for pool in POOLS if pool.companies > 10]


def _next_ids(model: type[Any], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _copy(model: type[Any], columns: str, rows: Rows) -> None:
    names = ", ".join(columns.split())
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
