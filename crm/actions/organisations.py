"""Companies, laboratories and agencies: the shared core, and each cluster's membership."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit, bases, custom_fields, merging_organisations
from crm.actions import tags as own_tags
from crm.actions.checks import check, check_owner, check_version
from crm.actions.errors import Refused, Stale
from crm.models import (
    Cluster,
    CustomField,
    Membership,
    Organisation,
    OrganisationField,
    OrganisationName,
    Position,
    Region,
    Tag,
    User,
)
from crm.rules.names import fold

CORE = ("legal_name", "short_name", "kind", "website", "city", "country", "region")
MEMBERSHIP = ("standing", "category", "employees", "owner")

Codes = Iterable[tuple[str, str]]

merge = merging_organisations.merge


def create(
    *,
    cluster: Cluster,
    by: User | None,
    legal_name: str,
    short_name: str = "",
    kind: str = "company",
    website: str = "",
    city: str = "",
    country: str = "",
    region: Region | None = None,
    standing: str = "member",
    category: str = "sme",
    employees: int | None = None,
    codes: Codes = (),
    at: dt.datetime | None = None,
) -> Organisation:
    """A new organisation, kept by the cluster that enters it; the same name twice is refused."""
    organisation = Organisation(
        legal_name=legal_name.strip(),
        short_name=short_name.strip(),
        kind=kind,
        website=website,
        city=city,
        country=country,
        region=region,
        home_cluster=cluster,
    )
    _derive(organisation)
    check(organisation)
    with transaction.atomic():
        _refuse_twin(organisation, cluster)
        organisation.save()
        membership = Membership(
            organisation=organisation,
            cluster=cluster,
            standing=standing,
            category=category,
            employees=employees,
        )
        check(membership)
        membership.save()
        _write_codes(organisation, codes)
        audit.record(
            by=by,
            verb="create",
            row=organisation,
            cluster=cluster,
            detail={"dated": at.isoformat()} if at else None,
        )
    return organisation


def edit(
    *, organisation: Organisation, by: User | None, version: int, **core_fields: Any
) -> Organisation:
    """Change the shared core. A changed legal name is kept as a former name."""
    unknown = core_fields.keys() - set(CORE)
    if unknown:
        raise TypeError(f"not fields of an organisation's core: {sorted(unknown)}")
    with transaction.atomic():
        row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        _refuse_merged(row)
        check_version(row, version)
        former = row.legal_name
        changed = [name for name, value in core_fields.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, core_fields[name])
        _derive(row)
        check(row)
        row.version = version + 1
        row.save()
        if row.legal_name != former:
            _keep_name(row, former)
        if "country" in changed:
            staff = Position.objects.current().filter(organisation=row)
            bases.judge(staff.values_list("person_id", flat=True))
        audit.record(
            by=by,
            verb="edit",
            row=row,
            cluster=row.home_cluster,
            detail={"fields": sorted(changed)},
        )
    return row


def edit_membership(
    *,
    membership: Membership,
    by: User | None,
    tags: Iterable[Tag] | None = None,
    custom: Mapping[CustomField, object] | None = None,
    **fields: Any,
) -> Membership:
    """Change how one cluster sees the organisation.

    `tags` are all that it has from now on; `custom` are the answers that change.
    """
    unknown = fields.keys() - set(MEMBERSHIP)
    if unknown:
        raise TypeError(f"not fields of a membership: {sorted(unknown)}")
    with transaction.atomic():
        if tags is not None:
            fields["tags"] = own_tags.own(cluster_id=membership.cluster_id, tags=tags)
        rows = Membership.objects.select_for_update(of=("self",))
        row = rows.select_related("owner", "cluster").get(pk=membership.pk)
        if custom is not None:
            fields["custom"] = custom_fields.answered(
                cluster_id=row.cluster_id, noun="organisation", present=row.custom, given=custom
            )
        if fields.get("owner", row.owner) != row.owner:
            check_owner(row.cluster, fields["owner"])
        if "tags" in fields and set(fields["tags"]) == set(row.tags):
            del fields["tags"]
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, fields[name])
        check(row)
        if changed:
            row.save(update_fields=changed)
            audit.record(
                by=by,
                verb="edit",
                row=row,
                cluster=row.cluster,
                detail={"fields": sorted(changed)},
            )
    return row


def set_kept(
    *, membership: Membership, by: User | None, field: str, value: Any, was: str
) -> Membership:
    """Change one thing that a cluster says of an organisation, unless somebody did since."""
    if field not in ("standing", "category", "employees"):
        raise TypeError(f"not a field of a membership: {field}")
    with transaction.atomic():
        row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        held = getattr(row, field)
        if ("" if held is None else str(held)) != was:
            raise Stale(
                _("Somebody else changed this meanwhile. It is “%s” now. Open it again.")
                % ("–" if held is None else held)
            )
        if held == value:
            return row
        setattr(row, field, value)
        check(row)
        row.save(update_fields=[field])
        audit.record(by=by, verb="edit", row=row, cluster=row.cluster, detail={"fields": [field]})
    return row


def set_codes(*, organisation: Organisation, by: User | None, codes: Codes) -> None:
    """Replace the coded facts of an organisation by these (vocabulary, code) pairs."""
    wanted = set(codes)
    with transaction.atomic():
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        held = set(organisation.fields.values_list("vocabulary", "code"))
        if wanted == held:
            return
        for vocabulary, code in held - wanted:
            organisation.fields.filter(vocabulary=vocabulary, code=code).delete()
        _write_codes(organisation, wanted - held)
        audit.record(by=by, verb="set_codes", row=organisation, cluster=organisation.home_cluster)


def archive(*, organisation: Organisation, by: User | None) -> None:
    """Take an organisation out of lists and audiences; nothing is lost, and twice is as once."""
    _set_archived(organisation, by, "archive", timezone.now())


def restore(*, organisation: Organisation, by: User | None) -> None:
    """Bring an archived organisation back; twice is as once."""
    _set_archived(organisation, by, "restore", None)


def _set_archived(
    organisation: Organisation, by: User | None, verb: str, at: dt.datetime | None
) -> None:
    with transaction.atomic():
        _refuse_merged(Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk))
        changed = Organisation.objects.filter(
            pk=organisation.pk, archived_at__isnull=at is not None
        ).update(archived_at=at, version=F("version") + 1)
        if changed:
            audit.record(by=by, verb=verb, row=organisation, cluster=organisation.home_cluster)
    organisation.refresh_from_db()


def _refuse_merged(organisation: Organisation) -> None:
    if organisation.merged_into_id:
        raise Refused(_("This organisation was merged into another one. Open that one instead."))


def _derive(organisation: Organisation) -> None:
    names = f"{organisation.legal_name} {organisation.short_name}"
    organisation.name_folded = fold(names)
    organisation.domain = (urlsplit(organisation.website).hostname or "").removeprefix("www.")


def _refuse_twin(organisation: Organisation, cluster: Cluster) -> None:
    twin = (
        Organisation.objects.current()
        .filter(memberships__cluster=cluster, name_folded=organisation.name_folded)
        .first()
    )
    if twin:
        raise Refused(
            _("%(cluster)s already keeps “%(name)s”. Open that one instead.")
            % {"cluster": cluster, "name": twin.legal_name}
        )


def _keep_name(organisation: Organisation, former: str) -> None:
    OrganisationName.objects.create(
        organisation=organisation,
        name=former,
        folded=fold(former),
        during=(None, timezone.localdate()),
    )


def _write_codes(organisation: Organisation, codes: Codes) -> None:
    rows = [
        OrganisationField(organisation=organisation, vocabulary=vocabulary, code=code)
        for vocabulary, code in sorted(set(codes))
    ]
    for row in rows:
        check(row)
    OrganisationField.objects.bulk_create(rows)
