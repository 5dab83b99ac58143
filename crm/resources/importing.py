"""A list written into the address book row by row, as django-import-export does it.

It means the same as the fast way (`crm.actions.judging` and `writing`), which only writes by other
statements; a property test holds each to the other. Here is where to read what an import does.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset

from crm.models import (
    Address,
    Basis,
    ConsentRecord,
    LegalBasis,
    Membership,
    Notice,
    Organisation,
    OrganisationField,
    Person,
    PersonAddress,
    Position,
    Purpose,
    Suppression,
)
from crm.models.imports import Import
from crm.resources.contacts import ContactResource
from crm.resources.own_rows import Found, OwnRows
from crm.resources.own_values import Diff, OwnValues
from crm.rules.addresses import NormalAddress, keyed
from crm.rules.cells import domain_of
from crm.rules.columns import CODED
from crm.rules.entries import Entry
from crm.rules.names import fold

Policy = Import.Policy


class Line:
    """One row of the list while it is imported, and what becomes of it."""

    pk = 0  # django-import-export notes it down

    def __init__(self, found: Found) -> None:
        self.found = found
        self.verdict = found.refused
        self.made = ""
        self.person: Diff = {}
        self.organisation: Diff = {}
        self.post: Any = {}
        self.mailboxes: list[str] = []
        self.own: dict[str, Any] = {}
        self.moves = False

    @property
    def may_add(self) -> bool:
        return self.verdict in ("changed", "same")

    @property
    def diff(self) -> dict[str, Any]:
        """For each changed field its value before and after."""
        said = {
            "person": self.person,
            "post": self.post,
            "organisation": self.organisation,
            "mailbox": {"email": [None, ", ".join(self.mailboxes)]} if self.mailboxes else {},
        }
        return {name: changes for name, changes in said.items() if changes}


class _Loader(BaseInstanceLoader):
    """A row's own records, where there are some."""

    def get_instance(self, _row: Any) -> Line | None:
        line: Line = self.resource.line
        contact, is_person = line.found.contact, line.found.entry.is_person
        return line if (contact.person if is_person else contact.organisation) else None


class ImportResource(ContactResource):
    """Brings a `tablib.Dataset`, whose headers are names of columns, into a cluster's book."""

    class Meta:
        instance_loader_class = _Loader
        import_id_fields = ()
        skip_unchanged = True
        skip_diff = True
        report_skipped = True
        use_transactions = True
        using_db = "default"

    def __init__(self, of_import: Import) -> None:
        super().__init__()
        self._import = of_import
        self._today = of_import.created_at.date()
        self.lines: dict[int, Line] = {}
        self.line: Line
        self._said: dict[str, dict[str, Any]] = {}
        self._first: dict[str, int] = {}
        self.made: dict[str, Organisation] = {}
        self._own = OwnValues(of_import)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Read every row and find whom it is about, before any of them is written."""
        reader = self.reader(dataset.headers, self._import.cluster)
        entries: dict[int, Entry] = {}
        for place, row in enumerate(dataset, start=1):
            number = place + self._import.header + 1
            if entry := reader.read(number, row):
                entries[number] = entry
        for found in OwnRows(self._import.cluster, entries).rows:
            line = self.lines[found.entry.number] = Line(found)
            if not found.entry.error:
                line.own = self._own.said(found.entry)
            if found.organisation:
                self._hear(found)
        self._share_mailboxes()

    def before_import_row(self, row: Any, row_number: int = 0, **kwargs: Any) -> None:
        line = self.lines.get(row_number + self._import.header + 1)
        if line is None:
            raise ValidationError("The row is empty.")
        if line.verdict:
            raise ValidationError(line.found.reason)
        self.line = line

    def init_instance(self, row: Any = None) -> Line:
        return self.line

    def import_instance(self, instance: Line, row: Any, **kwargs: Any) -> None:
        """Say what the policy lets the row change."""
        found = instance.found
        contact, facts = found.contact, found.entry.facts
        if contact.person:
            instance.person = self._changes(contact.person, self.of("person"), facts)
            instance.person |= self._own.changes(contact.person, "person", instance.own)
            instance.post, instance.moves = self._post(instance)
        if self._first.get(found.organisation) == found.entry.number:
            instance.organisation = self._organisation_changes(found)
            instance.made = "o" if found.fresh else ""
            if found.fresh and contact.person and not instance.moves:
                name = self._said[found.organisation]["legal_name"]
                instance.organisation = {"legal_name": [None, name]}
        if found.entry.is_person and not contact.person:
            instance.made = f"p{instance.made}"
        is_new = "p" in instance.made or (not found.entry.is_person and found.fresh)
        instance.verdict = "new" if is_new else ("changed" if instance.diff else "same")

    def skip_row(self, instance: Line, original: Any, row: Any, errors: Any = None) -> bool:
        return instance.verdict == "same"

    def validate_instance(self, instance: Line, errors: Any = None, **kwargs: Any) -> None:
        """Every value was read by the rules of its column."""

    def do_instance_save(self, instance: Line, is_create: bool) -> None:
        found = instance.found
        if self._first.get(found.organisation) == found.entry.number:
            self._write_organisation(found, instance.organisation)
        if not found.entry.is_person:
            return
        if found.contact.person is None:
            mailbox = [*map(self._address, found.entry.addresses[:1])]
            self._create_person(found, mailbox, instance.own)
        else:
            self._change_person(found.contact.person, instance.person)
        self._write_post(instance)

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        """Further mailboxes come last: a mailbox that is somebody's first one stays theirs."""
        for line in self.lines.values():
            if "p" in line.made or (line.may_add and self._import.policy != Policy.SKIP):
                for address in map(self._address, line.found.entry.addresses[1:]):
                    self._add_mailbox(line.found, address)

    # --- what a row says

    def _share_mailboxes(self) -> None:
        """Which further mailboxes known people get: nobody's first one, and of several rows the
        first that names it."""
        lines = [each for each in self.lines.values() if not each.verdict]
        new = [each for each in lines if each.found.is_new_person]
        taken = {each.found.entry.addresses[0].key for each in new if each.found.entry.addresses}
        for line in lines:
            if line in new or self._import.policy != Policy.SKIP:
                for address in line.found.entry.addresses[1:]:
                    if address.key not in taken and self._is_free(address):
                        taken.add(address.key)
                        if line not in new:
                            line.mailboxes.append(address.written)
            line.mailboxes.sort()

    def _is_free(self, normal: NormalAddress) -> bool:
        """Nobody of the cluster uses it, and nobody had it erased."""
        there = Address.objects.filter(hmac=keyed(normal.key, settings.ADDRESS_KEY))
        mine = Q(uses__person__cluster=self._import.cluster)
        kept_out = Suppression.objects.erased_for(self._import.cluster)
        erased = Q(erased_at__isnull=False) | Q(pk__in=kept_out.values("address"))
        return not there.filter(mine | erased).exists()

    def _hear(self, found: Found) -> None:
        """Of several rows about one organisation the first that says something counts."""
        facts, number = found.entry.facts, found.entry.number
        said = self._said.setdefault(found.organisation, {"codes": set()})
        self._own.hear(found.entry, said)
        said["codes"] |= {
            (vocabulary, code) for name, vocabulary in CODED.items() for code in facts.get(name, ())
        }
        for name in (*self.of("organisation"), *self.of("membership")):
            if facts.get(name) is not None:
                said.setdefault(name, facts[name])
        if not found.refused:
            self._first.setdefault(found.organisation, number)

    def _changes(self, row: Any, names: tuple[str, ...], said: dict[str, Any]) -> Diff:
        """{field: [before, after]} as far as the policy lets the list change it."""
        if self._import.policy == Policy.SKIP:
            return {}
        changes = {}
        for name in names:
            now = getattr(row, "region_id" if name == "region" else name)
            after = said.get(name)
            if after is None or str(after) == str(now):
                continue
            if self._import.policy == Policy.OVERWRITE or now in (None, ""):
                changes[name] = [now, after]
        return changes

    def _organisation_changes(self, found: Found) -> Diff:
        """The core belongs to the home cluster, or to the only one that keeps the organisation."""
        organisation, membership = found.contact.organisation, found.contact.membership
        if organisation is None:
            return {}
        said, changes = self._said[found.organisation], {}
        home, mine = organisation.home_cluster_id, self._import.cluster_id
        others = organisation.memberships.exclude(cluster=mine)
        if home == mine or (home is None and not others.exists()):
            core = tuple(name for name in self.of("organisation") if name != "legal_name")
            changes = self._changes(organisation, core, said)
            changes |= self._codes_changes(organisation, said["codes"])
        changes |= self._changes(membership, self.of("membership"), said)
        return changes | self._own.changes(membership, "organisation", said)

    def _codes_changes(self, organisation: Organisation, said: set[tuple[str, str]]) -> Diff:
        """Facts fill where there are none, or replace those that there are."""
        changes: Diff = {}
        for name, vocabulary in CODED.items():
            after = sorted(code for of, code in said if of == vocabulary)
            facts = organisation.fields.filter(vocabulary=vocabulary)
            now = sorted(facts.values_list("code", flat=True))
            may = {Policy.SKIP: False, Policy.FILL: not now, Policy.OVERWRITE: after != now}
            if after and may[Policy(self._import.policy)]:
                changes[name] = [now, after]
        return changes

    def _post(self, line: Line) -> tuple[Any, bool]:
        """What changes of the person's post, and whether it is another one."""
        contact, facts = line.found.contact, line.found.entry.facts
        if not line.found.organisation or self._import.policy == Policy.SKIP:
            return {}, False
        assert contact.person
        present = list(contact.person.positions.current().order_by("organisation_id"))
        here = [post for post in present if post.organisation == contact.organisation]
        moves = not (present if self._import.policy == Policy.FILL else here)
        ending = contact.person.positions.filter(
            organisation=contact.organisation, during__endswith__gt=self._import.created_at.date()
        )
        if moves and not ending.exists():
            names = ", ".join(post.organisation.legal_name for post in present)
            return [names or None, line.found.organisation], True
        contact.post = here[0] if here else None
        return self._changes(contact.post, ("job",), facts) if here else {}, False

    # --- writing

    def _write_organisation(self, found: Found, changes: Diff) -> None:
        organisation, membership = found.contact.organisation, found.contact.membership
        said = self._said[found.organisation]
        if organisation is None:
            self._create_organisation(found, said)
            return
        core = [name for name in changes if name in self.of("organisation")]
        for name in core:
            setattr(organisation, "region_id" if name == "region" else name, changes[name][1])
        if core:
            self._derive(organisation)
            organisation.version += 1
            organisation.save()
        for name in changes.keys() & CODED.keys():
            facts = organisation.fields.filter(vocabulary=CODED[name])
            facts.exclude(code__in=changes[name][1]).delete()
            for code in changes[name][1]:
                organisation.fields.get_or_create(vocabulary=CODED[name], code=code)
        for name in changes.keys() & {*self.of("membership")}:
            setattr(membership, name, changes[name][1])
        assert membership
        self._own.put(membership, changes)
        membership.save()

    def _create_organisation(self, found: Found, said: dict[str, Any]) -> None:
        core = {name: said[name] for name in self.of("organisation") if name in said}
        organisation = Organisation(
            **{"region_id" if name == "region" else name: value for name, value in core.items()},
            home_cluster=self._import.cluster,
        )
        self._derive(organisation)
        organisation.save()
        Membership.objects.create(
            organisation=organisation,
            cluster=self._import.cluster,
            **{name: said[name] for name in self.of("membership") if name in said},
            **self._own.values("organisation", said),
        )
        OrganisationField.objects.bulk_create(
            OrganisationField(organisation=organisation, vocabulary=vocabulary, code=code)
            for vocabulary, code in sorted(said["codes"])
        )
        self.made[found.organisation] = organisation

    @staticmethod
    def _derive(organisation: Organisation) -> None:
        organisation.name_folded = fold(f"{organisation.legal_name} {organisation.short_name}")
        organisation.domain = domain_of(organisation.website)

    def _address(self, normal: NormalAddress) -> Address:
        address, _created = Address.objects.get_or_create(
            hmac=keyed(normal.key, settings.ADDRESS_KEY),
            defaults={"email": normal.written, "key": normal.key, "domain": normal.domain},
        )
        return address

    def _create_person(self, found: Found, mailbox: list[Address], own: dict[str, Any]) -> None:
        facts = found.entry.facts
        person = Person.objects.create(
            cluster=self._import.cluster,
            name_folded=found.entry.name_folded,
            **{name: facts[name] for name in self.of("person") if facts.get(name)},
            **self._own.values("person", own),
        )
        found.contact.person = person
        for address in mailbox:
            PersonAddress.objects.create(person=person, address=address, since=self._today)
        if self._import.basis:
            self._record_basis(person, mailbox)

    def _change_person(self, person: Person, changes: Diff) -> None:
        if changes:
            for name in changes.keys() & {*self.of("person")}:
                setattr(person, name, changes[name][1])
            self._own.put(person, changes)
            person.name_folded = fold(f"{person.given} {person.family}")
            person.version += 1
            person.save()

    def _write_post(self, line: Line) -> None:
        contact, facts = line.found.contact, line.found.entry.facts
        assert contact.person
        organisation = contact.organisation or self.made.get(line.found.organisation)
        if "p" in line.made or line.moves:
            for post in contact.person.positions.current() if line.moves else ():
                if post.during.lower is None or post.during.lower < self._today:
                    post.during = (post.during.lower, self._today)
                    post.save()
                else:  # it lasted no day
                    post.delete()
            if organisation:
                Position.objects.create(
                    person=contact.person,
                    organisation=organisation,
                    job=facts.get("job") or "",
                    during=(self._today, None),
                )
        elif contact.post and line.post:
            contact.post.job = line.post["job"][1]
            contact.post.save()

    def _add_mailbox(self, found: Found, address: Address) -> None:
        """One that somebody of the cluster uses stays theirs, and an erased one stays erased."""
        used = PersonAddress.objects.filter(
            address=address, person__cluster=self._import.cluster
        ).exists()
        kept_out = Suppression.objects.erased_for(self._import.cluster).filter(address=address)
        erased = address.erased_at or kept_out.exists()
        if found.contact.person and not used and not erased:
            PersonAddress.objects.create(
                person=found.contact.person,
                address=address,
                is_primary=False,
                since=self._today,
            )

    def _record_basis(self, person: Person, mailbox: list[Address]) -> None:
        """Only whom the list brings for the first time may be written to because of it.

        Their first mail says where their data comes from.
        """
        is_consent = self._import.basis == Basis.CONSENT
        acts, dated = ConsentRecord.Act, self._import.dated
        origin = self._import.origin
        source = f"{origin} ({dated})" if dated else origin
        Notice.objects.create(person=person, origin=source)
        for purpose in (Purpose.MISSIONS, Purpose.NEWS) if is_consent else (Purpose.MISSIONS,):
            record = ConsentRecord.objects.create(
                person=person,
                address=mailbox[0] if mailbox else None,
                cluster=self._import.cluster,
                purpose=purpose,
                act=acts.GRANTED if is_consent else acts.RECORDED,
                basis=self._import.basis,
                source=source,
                by=self._import.by,
                at=self._import.created_at,
            )
            LegalBasis.objects.create(
                person=person,
                purpose=purpose,
                basis=self._import.basis,
                since=self._today,
                record=record,
            )
