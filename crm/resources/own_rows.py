"""Which records of a cluster a list is about, row by row.

Everything is compared with the address book as it was before the list: what one row brings is not
found by the next. Only what the cluster itself keeps is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q

from crm.models import (
    Address,
    Cluster,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    PersonAddress,
    Position,
    Suppression,
)
from crm.resources.contacts import Contact
from crm.rules.addresses import keyed
from crm.rules.cells import domain_of
from crm.rules.entries import Entry
from crm.rules.names import fold

ERASED = "The owner of this address had it erased. It stays out."


@dataclass
class Found:
    """Whom and what a row is about. Several rows may be about one new organisation: `fresh`."""

    entry: Entry
    contact: Contact = field(default_factory=Contact)
    organisation: str = ""
    """Which organisation: the number of one that is there, or the name by which it is new."""
    address: Address | None = None
    refused: str = ""
    reason: str = ""
    unmailable: bool = False
    is_erased: bool = False
    """Its owner was erased here, or everywhere: it stays out."""

    @property
    def hmac(self) -> bytes | None:
        return keyed_of(self.entry) if self.entry.addresses else None

    @property
    def is_new_person(self) -> bool:
        return self.entry.is_person and self.contact.person is None and not self.refused

    @property
    def fresh(self) -> bool:
        return bool(self.organisation) and self.contact.organisation is None


def keyed_of(entry: Entry) -> bytes:
    return keyed(entry.addresses[0].key, settings.ADDRESS_KEY)


class OwnRows:
    """The instance loader of an import: finds each row's records among the cluster's own."""

    def __init__(self, cluster: Cluster, entries: Mapping[int, Entry]) -> None:
        self.cluster = cluster
        self._organisations = _Organisations(cluster)
        self._people = Person.objects.filter(cluster=cluster, merged_into=None, erased_at=None)
        self.rows = [self._found(entry) for entry in entries.values()]
        self._refuse_repeated()

    def _found(self, entry: Entry) -> Found:
        found = Found(entry)
        if not entry.error and entry.facts.get("legal_name"):
            self._organisations.find(found)
        by_address: list[Person] = []
        if found.hmac:
            found.address = Address.objects.filter(hmac=found.hmac).first()
        if found.address:
            found.is_erased = self._is_erased(found.address)
            found.unmailable = found.is_erased or self._is_stopped(found.address)
            by_address = list(self._people.filter(addresses__address=found.address).order_by("pk"))
        self._match(found, by_address)
        return found

    def _is_erased(self, address: Address) -> bool:
        here = Suppression.objects.erased_for(self.cluster)
        return address.erased_at is not None or here.filter(address=address).exists()

    def _is_stopped(self, address: Address) -> bool:
        here = Q(scope="all") | Q(scope="cluster", cluster=self.cluster)
        stopped = Suppression.objects.standing().filter(here, address=address)
        return address.undeliverable_at is not None or stopped.exists()

    def _match(self, found: Found, by_address: Sequence[Person]) -> None:
        """An address of ours is its person, unless the two names have no word in common."""
        name = found.entry.name_folded
        named = [person for person in by_address if person.name_folded == name]
        by_name = [] if by_address or not name else self._by_name(found, name)
        person = None
        if named:
            person = named[0]
        elif len(by_address) == 1 and _alike(name, by_address[0].name_folded):
            person = by_address[0]
        elif not found.hmac and found.organisation and len(by_name) == 1:
            person = by_name[0]
        found.contact.person = person
        if found.entry.error:
            found.refused, found.reason = "error", found.entry.error
        elif found.is_erased:
            found.refused, found.reason = "error", ERASED
        elif found.entry.unclear:
            found.refused, found.reason = "duplicate", found.entry.unclear
        elif not person and (by_address or by_name):
            found.refused = "duplicate"
            found.reason = (
                f"Your contact {_called(by_address[0])} uses this address under another name."
                if by_address
                else f"Your contact {_called(by_name[0])} has the same name and another address."
            )

    def _by_name(self, found: Found, name: str) -> list[Person]:
        """Of that name: at the row's organisation, or with a mailbox at the same domain."""
        same = self._people.filter(name_folded=name).order_by("pk")
        if not found.hmac and not found.organisation:
            return list(same)
        known = Q(pk__in=())
        if found.contact.organisation:
            posts = Position.objects.current().filter(organisation=found.contact.organisation)
            known |= Q(pk__in=posts.values("person_id"))
        if found.hmac:
            domain = found.entry.addresses[0].domain
            uses = PersonAddress.objects.filter(address__domain=domain)
            known |= Q(pk__in=uses.values("person_id"))
        return list(same.filter(known))

    def _refuse_repeated(self) -> None:
        """Of rows about the same person or organisation the first counts."""
        first: dict[tuple[object, ...], int] = {}
        for found in self.rows:
            entry = found.entry
            if entry.error:
                continue
            name, person = entry.name_folded, found.contact.person
            said: list[tuple[object, ...]] = []
            if found.hmac:
                said.append(("address", found.hmac))
            if person:
                said.append(("person", person.pk))
            named = ("name", entry.is_person, name, found.organisation)
            if name and not person and (found.organisation or not found.hmac):
                said.append(named)
            if not entry.is_person:
                said.append(("organisation", found.organisation))
            earliest = min((first[key] for key in said if key in first), default=entry.number)
            for key in (*said, named) if name else said:
                first.setdefault(key, entry.number)
            if earliest < entry.number and found.refused != "error" and not entry.unclear:
                found.refused, found.reason = "duplicate", f"The same as row {earliest}."


class _Organisations:
    """What the cluster keeps, by name and domain. What two have in common is nobody's."""

    def __init__(self, cluster: Cluster) -> None:
        mine = Membership.objects.filter(cluster=cluster, organisation__merged_into=None)
        self._kept = Organisation.objects.filter(pk__in=mine.values("organisation_id"))
        self._mine = mine
        self._new: dict[str, str] = {}
        self._new_domains: dict[str, str] = {}

    def find(self, found: Found) -> None:
        name = fold(found.entry.facts["legal_name"])
        domain = domain_of(found.entry.facts.get("website", ""))
        named = self._named(name)
        if len(named) > 1:
            written = found.entry.facts["legal_name"][:60]
            found.entry.unclear = f"Several of your organisations are called “{written}”."
            return
        if not named and name not in self._new and domain:
            there = list(self._kept.filter(domain=domain))
            named = there if len(there) == 1 else []
        if named:
            (organisation,) = named
            found.organisation = str(organisation.pk)
            found.contact.organisation = organisation
            found.contact.membership = self._mine.get(organisation=organisation)
            return
        new = self._new.get(name) or (self._new_domains.get(domain) if domain else None)
        if new is None:
            new = self._new[name] = f"new {name}"
            if domain:
                self._new_domains[domain] = new
        found.organisation = new

    def _named(self, name: str) -> list[Organisation]:
        former = OrganisationName.objects.filter(folded=name)
        called = Q(pk__in=former.values("organisation_id"))
        for organisation in self._kept:
            names = (organisation.legal_name, organisation.short_name)
            if name in [fold(each) for each in names if each]:
                called |= Q(pk=organisation.pk)
        return list(self._kept.filter(called))


def _alike(one: str, other: str) -> bool:
    return not one or not other or bool(set(one.split()) & set(other.split()))


def _called(person: Person) -> str:
    return f"{person.given} {person.family}".strip() or "?"
