"""One list, imported row by row and by COPY, makes the same of two equal worlds."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tablib import Dataset

from crm.actions import consent, custom_fields, erasing, imports, people, tags
from crm.models import (
    Address,
    ConsentRecord,
    CustomField,
    Import,
    LegalBasis,
    Membership,
    Notice,
    Organisation,
    OrganisationField,
    Person,
    PersonAddress,
    Position,
    Tag,
)
from crm.resources.importing import ImportResource
from tests.world import World

COLUMNS = {
    "email": ["", "anna@alba.example", "ANNA@alba.example", "pau@old.example", "new@alba.example",
              "new@alba.example; more@alba.example", "gone@sme.example", "erased@sme.example",
              "twice@sme.example",
              "foreign@biom.example", "pau@old.example, more@alba.example", "nowhere",
              "shared@alba.example", "more@alba.example"],
    "title": ["", "Dr."],
    "given": ["", "Anna", "Pau", "Dr. Anna", "ANNA", "Zoé"],
    "family": ["", "Puig", "Vila", "Müller"],
    "phone": ["", "931234567", "+34 931 23 45 67", "'+34 931 23 45 67", "no phone"],
    "language": ["", "ca", "German", "klingon"],
    "job": ["", "CEO", "CSO"],
    "legal_name": ["", "Alba", "ALBA", "Old Works", "Twin", "Foreign Works", "Formerly So",
                   "Brand New", "Brand-New", "Both"],
    "short_name": ["", "ALB", "BN"],
    "website": ["", "alba.example", "https://www.old.example", "brand.example"],
    "city": ["", "Girona", "Lyon"],
    "country": ["", "Spain", "FR"],
    "region": ["", "catalonia", "Bavaria", "nowhere"],
    "standing": ["", "prospect", "yes"],
    "category": ["", "large company", "midcap"],
    "employees": ["", "12", "10-49", "many"],
    "areas": ["", "oncology", "cns; oncology", "no area"],
    "products": ["", "drug", "vaccine; drug"],
    "stages": ["", "Clinical"],
    "markets": ["", "Japan", "japan"],
    "tags": ["", "Member", "member; Fair 2026", "B2B|B2C, Rare"],
    "organisation_tags": ["", "Fair 2026", "Member, Rare"],
    "custom_budget": ["", "7", "1 234,5", "many"],
    "custom_donor": ["", "ja", "0", "perhaps"],
    "custom_size": ["", "LARGE", "Huge"],
    "custom_seen": ["", "31.5.2027", "2027-05-31", "soon"],
}  # fmt: skip
NAMES = list(COLUMNS)
OWN = {
    "budget": ("person", "number", ()),
    "donor": ("person", "yes_no", ()),
    "seen": ("organisation", "date", ()),
    "size": ("organisation", "choice", ("Small", "Large")),
}
# Rows that name only some of it: most cells of a real list are filled by few words.
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in COLUMNS.items()}),
    min_size=1,
    max_size=5,
).filter(lambda rows: any(any(row.values()) for row in rows))  # an empty list is refused


@pytest.fixture
def book(world: World) -> World:
    """People and organisations of every sort that a list may speak of."""
    alba = world.organisation(world.biocat, legal_name="Alba", website="https://alba.example")
    old = world.organisation(world.biocat, legal_name="Old Works", city="Reus", short_name="OW")
    for _twice in range(2):
        Organisation.objects.filter(pk=world.organisation(world.biocat).pk).update(
            legal_name="Twin", name_folded="twin"
        )
    world.organisation(world.biom, legal_name="Foreign Works")
    both = world.organisation(world.biom, legal_name="Both")
    Membership.objects.create(organisation=both, cluster=world.biocat, standing="guest")
    for firm, vocabulary, code in (
        (alba, "area", "cns"), (alba, "product", "drug"), (alba, "market", "japan"),
        (old, "area", "oncology"), (old, "stage", "approval"), (both, "area", "metabolic"),
    ):  # fmt: skip
        firm.fields.create(vocabulary=vocabulary, code=code)
    tags.named(cluster=world.biocat, names=["Member", "B2B|B2C"], by=None)
    tags.create(cluster=world.biom, name="Rare", by=None)
    own = {
        name: custom_fields.create(
            cluster=world.biocat, noun=noun, name=name, kind=kind, choices=choices, by=None
        )
        for name, (noun, kind, choices) in OWN.items()
    }
    member = Tag.objects.get(name="Member").pk
    alba.memberships.update(tags=[member], custom={own["size"].key: "Small"})
    old.names.create(name="Formerly So", folded="formerly so")
    world.person(
        given="Anna", family="Puig", email="anna@alba.example", organisation=alba, job="CEO"
    )
    pau = world.person(given="Pau", family="Vila", email="pau@old.example", organisation=old)
    Person.objects.filter(pk=pau.pk).update(
        tags=[Tag.objects.get(name="B2B|B2C").pk, member],
        custom={own["donor"].key: False, own["budget"].key: 7},
    )
    people.create(cluster=world.biocat, by=None, given="Zoé", family="Müller", organisation=alba)
    world.person(given="Lo", family="Ne", email="shared@alba.example")
    people.create(cluster=world.biocat, by=None, email="shared@alba.example", allow_shared=True)
    world.person(world.biom, given="Fo", family="Reign", email="foreign@biom.example")
    gone = world.person(email="gone@sme.example", given="Gone", family="Person")
    assert gone.primary
    consent.withdraw(
        address=gone.primary.address, scope="cluster", cluster=world.biocat,
        reason="unsubscribed", source="test",
    )  # fmt: skip
    erased = world.person(email="erased@sme.example", given="Er", family="Ased")
    assert erased.primary
    Address.objects.filter(pk=erased.primary.address_id).update(
        email=None, key=None, erased_at="2026-01-01T00:00:00Z"
    )
    elsewhere = world.person(email="twice@sme.example", given="Twi", family="Ce")
    world.person(world.biom, email="twice@sme.example")
    erasing.erase_person(person=elsewhere, by=None)
    return world


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def columns() -> list[str]:
    """The names of all columns: own fields are called by their numbers."""
    own = {f"custom_{field.name}": f"custom_{field.pk}" for field in CustomField.objects.all()}
    return [own.get(name, name) for name in NAMES]


def uploaded(world: World, rows: list[dict[str, str]], **how: Any) -> Import:
    text = io.StringIO()
    writer = csv.DictWriter(text, NAMES)
    writer.writeheader()
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "list.csv"
        path.write_text(text.getvalue())
        found = imports.upload(
            cluster=world.biocat, by=world.users["contact_biocat"], path=path,
            file_name="list.csv", origin="a fair", **how,
        )  # fmt: skip
    found.columns, found.header = columns(), 0
    found.save()
    return found


def by_copy(found: Import) -> dict[int, tuple[Any, ...]]:
    imports.run(of_import=found, by=None)
    return {
        row.number: (row.verdict, row.reason.partition(" “")[0], row.made, row.unmailable,
                     _person(row.person), _organisation(row.organisation), _diff(row.diff))
        for row in found.rows.all()
    }  # fmt: skip


def by_resource(found: Import, rows: list[dict[str, str]]) -> dict[int, tuple[Any, ...]]:
    resource = ImportResource(found)
    dataset = Dataset(*[[row[name] for name in NAMES] for row in rows], headers=columns())
    result = resource.import_data(dataset)
    assert not result.base_errors
    assert not [error for row in result.rows for error in row.errors]
    told = {}
    for number, line in resource.lines.items():
        contact = line.found.contact
        organisation = contact.organisation or resource.made.get(line.found.organisation)
        reason = " ".join(filter(None, (line.found.reason, *line.found.entry.remarks)))
        told[number] = (
            line.verdict, reason.partition(" “")[0], line.made, line.found.unmailable,
            _person(contact.person.pk if contact.person else None),
            _organisation(organisation.pk if organisation else None), _diff(line.diff or None),
        )  # fmt: skip
    return told


def _person(pk: int | None) -> str:
    person = Person.objects.filter(pk=pk or 0).first()
    return f"{person.given} {person.family} {person.version} {person.email}" if person else ""


def _organisation(pk: int | None) -> str:
    found = Organisation.objects.filter(pk=pk or 0).first()
    return found.legal_name if found else ""


def _diff(diff: Any) -> Any:
    """Without the number of an organisation to which somebody moves; tags by their names."""
    if diff and isinstance(diff.get("post"), list):
        diff = {**diff, "post": diff["post"][:1]}
    for part, name in (("person", "tags"), ("organisation", "organisation_tags")):
        if diff and name in diff.get(part, ()):
            diff = {**diff, part: {**diff[part], name: [*map(_tags, diff[part][name])]}}
    return diff


def _tags(pks: list[int]) -> list[str]:
    return [Tag.objects.get(pk=pk).name for pk in pks]


def book_of(last: int, last_firm: int) -> dict[str, list[Any]]:
    """Every table that an import may touch; what is new in it is told without its number."""
    people = {
        row.pk: f"{row.cluster.slug} {row.pk if row.pk < last else ''}{row.given} "
        f"{row.family} {row.email}"
        for row in Person.objects.select_related("cluster")
    }
    firms = {
        row.pk: f"{row.pk if row.pk < last_firm else ''} {row.legal_name}"
        for row in Organisation.objects.all()
    }
    boxes = dict(Address.objects.values_list("pk", "hmac"))
    told: dict[str, list[Any]] = {
        "addresses": [
            (bytes(a.hmac), a.email, a.key, a.domain, a.erased_at) for a in Address.objects.all()
        ],
        "people": [
            (people[p.pk], p.kind, p.title, p.given, p.family, p.name_folded, p.language, p.phone,
             p.share_objected, str(p.archived_at), p.version, _tags(p.tags),
             sorted(p.custom.items())) for p in Person.objects.all()
        ],
        "uses": [
            (people[u.person_id], bytes(boxes[u.address_id]), u.kind, u.is_primary, str(u.since))
            for u in PersonAddress.objects.all()
        ],
        "organisations": [
            (firms[o.pk], o.legal_name, o.short_name, o.name_folded, o.kind, o.website, o.domain,
             o.city, o.country, str(o.region_id), str(o.home_cluster_id), o.version)
            for o in Organisation.objects.all()
        ],
        "memberships": [
            (firms[m.organisation_id], m.cluster_id, m.standing, m.category, str(m.employees),
             _tags(m.tags), sorted(m.custom.items()))
            for m in Membership.objects.all()
        ],
        "fields": [
            (firms[f.organisation_id], f.vocabulary, f.code)
            for f in OrganisationField.objects.all()
        ],
        "positions": [
            (people[t.person_id], firms[t.organisation_id], t.job, str(t.during))
            for t in Position.objects.all()
        ],
        "bases": [
            (people[b.person_id], b.purpose, b.basis, str(b.since), str(b.record.at))
            for b in LegalBasis.objects.select_related("record")
        ],
        "notices": [
            (people[n.person_id], n.origin, str(n.told_at)) for n in Notice.objects.all()
        ],
        "records": [
            (people[r.person_id or 0], str(r.address_id and bytes(boxes[r.address_id])),
             r.cluster_id, r.purpose, r.act, r.basis, r.source, str(r.by_id), r.wording_id)
            for r in ConsentRecord.objects.exclude(person=None)
        ],
    }  # fmt: skip
    return {table: sorted(rows, key=str) for table, rows in told.items()}


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller example would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=ROWS,
    policy=st.sampled_from(Import.Policy.values),
    basis=st.sampled_from(["member", "consent"]),
    make_tags=st.booleans(),
)
def test_both_ways_of_importing_make_the_same_of_a_list(
    book: World, rows: list[dict[str, str]], policy: str, basis: str, make_tags: bool
) -> None:
    last = 1 + max(Person.objects.values_list("pk", flat=True))
    last_firm = 1 + max(Organisation.objects.values_list("pk", flat=True))
    with undone():
        found = uploaded(book, rows, policy=policy, basis=basis, make_tags=make_tags)
        with undone():
            verdicts = by_resource(found, rows)
            expected = book_of(last, last_firm)
        with undone():
            copied = by_copy(found)
            got = book_of(last, last_firm)

    assert copied == verdicts
    for table, told in expected.items():
        assert got[table] == told, table
