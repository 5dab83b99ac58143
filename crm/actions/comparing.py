"""Candidates compared: the facts of each record, read for all pairs at once."""

from collections.abc import Iterator

from crm.models import Organisation, OrganisationName, Person, PersonAddress, Position
from crm.rules import duplicates as rules

Pair = tuple[int, int]


def compare_people(pairs: list[Pair]) -> Iterator[tuple[Pair, rules.Likeness]]:
    ids = {pk for pair in pairs for pk in pair}
    boxes: dict[int, set[str]] = {}
    uses = PersonAddress.objects.filter(person__in=ids, address__key__isnull=False)
    for pk, key in uses.values_list("person", "address__key"):
        boxes.setdefault(pk, set()).add(str(key))
    places: dict[int, set[int]] = {}
    posts = Position.objects.current().filter(person__in=ids)
    for pk, organisation in posts.values_list("person", "organisation"):
        places.setdefault(pk, set()).add(organisation)
    facts = {
        pk: rules.PersonFacts(
            name=f"{given} {family}",
            mailboxes=frozenset(boxes.get(pk, ())),
            phone=phone,
            organisations=frozenset(places.get(pk, ())),
        )
        for pk, given, family, phone in Person.objects.filter(pk__in=ids).values_list(
            "pk", "given", "family", "phone"
        )
    }
    for first, second in pairs:
        yield (first, second), rules.people(facts[first], facts[second])


def compare_organisations(pairs: list[Pair]) -> Iterator[tuple[Pair, rules.Likeness]]:
    ids = {pk for pair in pairs for pk in pair}
    names: dict[int, set[str]] = {}
    for pk, name in OrganisationName.objects.filter(organisation__in=ids).values_list(
        "organisation", "name"
    ):
        names.setdefault(pk, set()).add(name)
    facts = {}
    for row in Organisation.objects.filter(pk__in=ids):
        called = {row.legal_name, row.short_name} | names.get(row.pk, set())
        facts[row.pk] = rules.OrganisationFacts(frozenset(called - {""}), row.domain, row.city)
    for first, second in pairs:
        yield (first, second), rules.organisations(facts[first], facts[second])
