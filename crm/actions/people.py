"""People a cluster may know: one row per controller, mailboxes and dated posts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import (
    addresses,
    audit,
    bases,
    consent,
    custom_fields,
    erasing,
    merging_people,
    objections,
)
from crm.actions import tags as own_tags
from crm.actions.checks import check, check_owner, check_version
from crm.actions.errors import Refused
from crm.models import (
    Address,
    Basis,
    Cluster,
    CustomField,
    Organisation,
    Person,
    PersonAddress,
    Position,
    Purpose,
    Tag,
    User,
)
from crm.rules.names import fold

EDITABLE = (
    "given", "family", "title", "language", "phone", "kind", "share_objected", "paused_until",
    "owner",
)  # fmt: skip

merge = merging_people.merge


def create(
    *,
    cluster: Cluster,
    by: User | None,
    given: str = "",
    family: str = "",
    title: str = "",
    language: str | None = None,
    phone: str = "",
    kind: str = "contact",
    email: str = "",
    organisation: Organisation | None = None,
    job: str = "",
    basis: str | None = None,
    source: str = "",
    allow_shared: bool = False,
    own_word: bool = False,
    at: dt.datetime | None = None,
) -> Person:
    """A new person of one cluster; a basis covers missions, and news too where it is consent.

    For somebody of the media it covers press releases as well: for them they were written down.

    A second person with the same mailbox is refused unless the mailbox is shared. Whom the cluster
    erased comes back by their `own_word` alone.
    """
    when = at or timezone.now()
    person = Person(
        cluster=cluster,
        given=given.strip(),
        family=family.strip(),
        title=title.strip(),
        language=language or None,
        phone=phone.strip(),
        kind=kind,
    )
    if not (person.given or person.family or email):
        raise Refused(_("Give a name or an address: otherwise nobody will know who this is."))
    person.name_folded = fold(f"{person.given} {person.family}")
    check(person)
    with transaction.atomic():
        person.save()
        if email:
            if own_word:
                address = addresses.find_or_create(email)
            else:
                address = addresses.find_or_enter(email, cluster.pk)
            _refuse_second(person, address, allow_shared)
            # Whoever comes by their own word says nothing of others who read the mailbox.
            shared = PersonAddress.Kind.SHARED
            PersonAddress.objects.create(
                person=person,
                address=address,
                kind=shared if allow_shared and not own_word else PersonAddress.Kind.WORK,
                since=timezone.localdate(when),
            )
        if organisation:
            _open_position(person, organisation, job, timezone.localdate(when))
        elif job:
            raise Refused(_("Choose the organisation at which this person is %s.") % job)
        if basis:
            purposes = [Purpose.MISSIONS]
            if basis == Basis.CONSENT:
                purposes.append(Purpose.NEWS)
            if kind == Person.Kind.MEDIA:
                purposes.append(Purpose.PRESS)
            for purpose in purposes:
                consent.record_basis(
                    person=person,
                    purpose=purpose,
                    basis=basis,
                    source=source or "entered by the cluster",
                    by=by,
                    at=when,
                )
            bases.refuse_barred(person)
        audit.record(
            by=by,
            verb="create",
            row=person,
            cluster=cluster,
            detail={"dated": at.isoformat()} if at else None,
        )
    return person


def edit(
    *,
    person: Person,
    by: User | None,
    version: int,
    tags: Iterable[Tag] | None = None,
    custom: Mapping[CustomField, object] | None = None,
    **fields: Any,
) -> Person:
    """Change a person's own facts; addresses and posts have their own verbs.

    `tags` are all that the person has from now on; `custom` are the answers that change.
    """
    unknown = fields.keys() - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable fields of a person: {sorted(unknown)}")
    if "language" in fields:
        fields["language"] = fields["language"] or None
    with transaction.atomic():
        if tags is not None:
            fields["tags"] = own_tags.own(cluster_id=person.cluster_id, tags=tags)
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        _refuse_gone(row)
        check_version(row, version)
        if custom is not None:
            fields["custom"] = custom_fields.answered(
                cluster_id=row.cluster_id, noun="person", present=row.custom, given=custom
            )
        if fields.get("owner", row.owner) != row.owner:
            check_owner(row.cluster, fields["owner"])
        if "tags" in fields and set(fields["tags"]) == set(row.tags):
            del fields["tags"]
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, fields[name])
        row.name_folded = fold(f"{row.given} {row.family}")
        check(row)
        row.version = version + 1
        row.save()
        _follow(row, changed, by)
        audit.record(
            by=by, verb="edit", row=row, cluster=row.cluster, detail={"fields": sorted(changed)}
        )
    return row


def change_address(
    *,
    person: Person,
    email: str,
    by: User | None,
    at: dt.datetime | None = None,
    allow_shared: bool = False,
    own_word: bool = False,
) -> PersonAddress:
    """Write to another mailbox from now on; the old one stays, so that old mails stay true.

    Whoever objected or left did not do so to a mailbox: what they stopped does not come to the new
    one. A yes to clicks stays where it was said, and ends when nobody's mails come there any more.
    One that the cluster erased holds somebody again by their `own_word` alone.
    """
    with transaction.atomic():
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        _refuse_gone(row)
        if own_word:
            address = addresses.find_or_create(email)
        else:
            address = addresses.find_or_enter(email, row.cluster_id)
        held = row.addresses.filter(address=address).first()
        if held and held.is_primary:
            return held
        _refuse_second(row, address, allow_shared)
        old = Address.objects.filter(uses__person=row, uses__is_primary=True).first()
        row.addresses.filter(is_primary=True).update(is_primary=False)
        if held:
            held.is_primary = True
            held.save(update_fields=["is_primary"])
        else:
            since = timezone.localdate(at or timezone.now())
            held = PersonAddress.objects.create(person=row, address=address, since=since)
        # Who moves by their own word takes along all that they left, and their yes, by itself.
        objections.take_along(person=row, old=None if own_word else old, by=by)
        if old:
            addresses.end_yes(old)
        audit.record(by=by, verb="change_address", row=row, cluster=row.cluster)
    return held


def move(
    *,
    person: Person,
    organisation: Organisation,
    job: str,
    by: User | None,
    on: dt.date | None = None,
) -> Position:
    """Close the present posts and open a new one; the same post again changes nothing."""
    on = on or timezone.localdate()
    with transaction.atomic():
        row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        _refuse_gone(row)
        present = list(row.positions.current())
        if [(post.organisation_id, post.job) for post in present] == [(organisation.pk, job)]:
            return present[0]
        for post in present:
            if post.during.lower and post.during.lower > on:
                raise Refused(
                    _("The present post began on %(day)s. Choose that day or a later one.")
                    % {"day": post.during.lower}
                )
            if post.during.lower == on:  # it lasted no day
                post.delete()
            else:
                post.during = (post.during.lower, on)
                post.save(update_fields=["during"])
        if row.positions.filter(organisation=organisation, during__contains=on).exists():
            raise Refused(_("This person already held a post there then. Choose a later day."))
        position = _open_position(row, organisation, job, on)
        bases.judge([row.pk])
        audit.record(by=by, verb="move", row=row, cluster=row.cluster)
    return position


def correct_job(*, position: Position, job: str, by: User | None, version: int) -> Position:
    """Write what a present post is called otherwise; it stays the same post."""
    with transaction.atomic():
        row = Person.objects.select_for_update(of=("self",)).get(pk=position.person_id)
        check_version(row, version)
        post = row.positions.current().get(pk=position.pk)
        if post.job == job.strip():
            return post
        post.job = job.strip()
        check(post)
        post.save(update_fields=["job"])
        Person.objects.filter(pk=row.pk).update(version=F("version") + 1)
        audit.record(by=by, verb="edit", row=row, cluster=row.cluster, detail={"fields": ["job"]})
    return post


def archive(*, person: Person, by: User | None) -> None:
    """Take a person out of lists and audiences; nothing is lost, and twice is as once."""
    _set_archived(person, by, "archive", timezone.now())


def restore(*, person: Person, by: User | None) -> None:
    """Bring an archived person back; twice is as once."""
    _set_archived(person, by, "restore", None)


def _set_archived(person: Person, by: User | None, verb: str, at: dt.datetime | None) -> None:
    with transaction.atomic():
        _refuse_gone(Person.objects.select_for_update(of=("self",)).get(pk=person.pk))
        changed = Person.objects.filter(pk=person.pk, archived_at__isnull=at is not None).update(
            archived_at=at, version=F("version") + 1
        )
        if changed:
            audit.record(by=by, verb=verb, row=person, cluster=person.cluster)
    person.refresh_from_db()


def _follow(person: Person, changed: list[str], by: User | None) -> None:
    """What goes with a person's own facts elsewhere."""
    if "kind" in changed:
        bases.judge([person.pk])
    if "kind" in changed and person.kind == Person.Kind.MEDIA:
        _found_for_press(person, by)
    if "share_objected" in changed:  # so that it hides the names of the merged, too
        Person.objects.filter(merged_into=person).update(share_objected=person.share_objected)


def _found_for_press(person: Person, by: User | None) -> None:
    """Whoever is put on the press list is written to for the reason that there is already.

    Except for a consent: that was given for something else.
    """
    bases = person.legal_bases.filter(alliance=None)
    standing = bases.filter(purpose=Purpose.MISSIONS).exclude(basis=Basis.CONSENT).first()
    if standing and not bases.filter(purpose=Purpose.PRESS).exists():
        consent.record_basis(
            person=person,
            purpose=Purpose.PRESS,
            basis=standing.basis,
            source="put on the press list",
            by=by,
        )


def _open_position(
    person: Person, organisation: Organisation, job: str, since: dt.date
) -> Position:
    if not organisation.memberships.filter(cluster=person.cluster_id).exists():
        raise Refused(
            _("%(cluster)s does not keep “%(organisation)s”. Enter it first.")
            % {"cluster": person.cluster, "organisation": organisation}
        )
    position = Position(person=person, organisation=organisation, job=job, during=(since, None))
    check(position)
    position.save()
    return position


def _refuse_gone(person: Person) -> None:
    if person.merged_into_id:
        raise Refused(_("This person was merged into another one. Open that record instead."))
    erasing.refuse_erased(person)


def _refuse_second(person: Person, address: Address, allow_shared: bool) -> None:
    if allow_shared:
        return
    others = Person.objects.current().filter(cluster=person.cluster_id, addresses__address=address)
    other = others.exclude(pk=person.pk).first()
    if other:
        raise Refused(
            _("%(name)s of your cluster already uses %(email)s. Open that person instead.")
            % {"name": other, "email": address.email}
        )
