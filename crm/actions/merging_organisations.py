"""Two organisations that one cluster keeps become one for it.

Where nobody else keeps the one that goes, it becomes a tombstone. Where others do, it stays theirs
as it is: only what this cluster knows of it (its membership, its people's posts, its notes) moves.
The core that stays is changed only by the cluster that may change it.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions.checks import check, check_version
from crm.actions.errors import Refused
from crm.actions.journal import Journal
from crm.actions.merging import close_merge, open_merge, settle_duplicates, take_over
from crm.actions.merging_people import CUSTOM
from crm.models import (
    Cluster,
    Membership,
    Merge,
    Organisation,
    OrganisationField,
    OrganisationName,
    Position,
    User,
)
from crm.models.merges import Noun
from crm.rules.merging import answers, chosen, united
from crm.rules.names import fold

CORE = ("legal_name", "short_name", "kind", "website", "city", "country", "region")
MEMBERSHIP = ("standing", "category", "employees", "owner")

Choices = Mapping[str, str]


def merge(
    *,
    keep: Organisation,
    drop: Organisation,
    cluster: Cluster,
    by: User | None,
    choices: Choices | None = None,
    versions: tuple[int, int] | None = None,
    at: dt.datetime | None = None,
) -> Merge:
    """For `cluster`, `drop` goes into `keep`; `choices` say of a field which side stays.

    `versions` are those of the two that the user saw.
    """
    at, choices = at or timezone.now(), choices or {}
    with transaction.atomic():
        keep, drop = _locked(keep, drop, cluster, versions)
        ours, theirs = refuse_pair(keep, drop, cluster)
        whole = is_alone(drop, cluster)
        found = open_merge(
            noun=Noun.ORGANISATION, cluster=cluster, kept=keep.pk, dropped=drop.pk, by=by, at=at
        )
        journal = Journal()
        if may_change_core(keep, cluster):
            unite_core(journal, keep, drop, choices)
        unite_memberships(journal, ours, theirs, choices)
        posts = Position.objects.filter(organisation=drop, person__cluster=cluster)
        for post in posts.order_by("person", "during"):
            take_over(journal, post, organisation_id=keep.pk)
        if whole:
            for tombstone in (drop, *Organisation.objects.filter(merged_into=drop).order_by("pk")):
                journal.update(tombstone, merged_into_id=keep.pk)
        else:
            journal.delete(theirs)
        settle_duplicates(found, journal, at)
        close_merge(found, journal, [keep, drop] if whole else [keep])
    return found


def may_change_core(organisation: Organisation, cluster: Cluster) -> bool:
    """The home cluster may, or the only one that keeps it."""
    if organisation.home_cluster_id:
        return organisation.home_cluster_id == cluster.pk
    return not organisation.memberships.exclude(cluster=cluster).exists()


def is_alone(organisation: Organisation, cluster: Cluster) -> bool:
    """Whether the cluster may let this core go: nobody else keeps it or has people there."""
    posts = organisation.positions.exclude(person__cluster=cluster)
    others = organisation.memberships.exclude(cluster=cluster)
    at_home = organisation.home_cluster_id in (None, cluster.pk)
    return at_home and not others.exists() and not posts.exists()


def refuse_pair(
    keep: Organisation, drop: Organisation, cluster: Cluster
) -> tuple[Membership, Membership]:
    """What two organisations must be like to be merged by a cluster; its two memberships."""
    if keep.pk == drop.pk:
        raise Refused(_("This is one and the same organisation. Choose another one."))
    memberships = []
    for organisation in (keep, drop):
        if organisation.merged_into_id:
            raise Refused(_("“%s” was merged already. Open it again.") % organisation)
        if organisation.archived_at:
            raise Refused(_("“%s” is archived. Restore it first, then merge.") % organisation)
        kept = organisation.memberships.filter(cluster=cluster).first()
        if kept is None:
            raise Refused(
                _("%(cluster)s does not keep “%(organisation)s”. Enter it first.")
                % {"cluster": cluster, "organisation": organisation}
            )
        memberships.append(kept)
    if drop.home_cluster_id == cluster.pk and not is_alone(drop, cluster):
        raise Refused(
            _(
                "“%(name)s” is at home with %(cluster)s and cannot leave. Keep it, and let the "
                "other one go into it; or ask an administrator to join the two."
            )
            % {"name": drop, "cluster": cluster}
        )
    return memberships[0], memberships[1]


def _locked(
    keep: Organisation,
    drop: Organisation,
    cluster: Cluster,
    versions: tuple[int, int] | None,
) -> tuple[Organisation, Organisation]:
    """Both rows as they are now, held in one order so that two merges never wait in a circle.

    The cluster's memberships are held with them: an edit under way is waited for, and then seen.
    """
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=(keep.pk, drop.pk))}
    pair = found[keep.pk], found[drop.pk]
    if versions:
        for row, version in zip(pair, versions, strict=True):
            check_version(row, version)
    kept = Membership.objects.filter(cluster=cluster, organisation__in=(keep.pk, drop.pk))
    list(kept.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return pair


def unite_core(journal: Journal, keep: Organisation, drop: Organisation, choices: Choices) -> None:
    """The facts everybody shares; a name that is not chosen stays as another name."""
    names = {keep.legal_name, drop.legal_name}
    values = _chosen(keep, drop, CORE, choices)
    values |= {
        "name_folded": fold(f"{values['legal_name']} {values['short_name']}"),
        "domain": (urlsplit(values["website"]).hostname or "").removeprefix("www."),
    }
    journal.update(keep, **values)
    check(keep)
    known = {fold(keep.legal_name), *keep.names.values_list("folded", flat=True)}
    former = [(name, None) for name in sorted(names)]
    former += [(name.name, name.during) for name in drop.names.order_by("pk")]
    for name, during in former:
        if fold(name) not in known:
            known.add(fold(name))
            journal.insert(
                OrganisationName(organisation=keep, name=name, folded=fold(name), during=during)
            )
    held = set(keep.fields.values_list("vocabulary", "code"))
    for field in drop.fields.order_by("pk"):
        if (field.vocabulary, field.code) not in held:
            journal.insert(
                OrganisationField(organisation=keep, vocabulary=field.vocabulary, code=field.code)
            )


def unite_memberships(
    journal: Journal, ours: Membership, theirs: Membership, choices: Choices
) -> None:
    """What the cluster alone knows of the two; notes and files move."""
    asked = {
        name.removeprefix(CUSTOM): side for name, side in choices.items() if name.startswith(CUSTOM)
    }
    journal.update(
        ours,
        **_chosen(ours, theirs, MEMBERSHIP, choices),
        during=chosen(ours.during, theirs.during),
        tags=united(ours.tags, theirs.tags),
        custom=answers(ours.custom, theirs.custom, asked),
    )
    check(ours)
    for rows in (theirs.notes, theirs.attachments):
        for row in rows.order_by("pk"):
            journal.update(row, membership_id=ours.pk)


def _chosen(keep: Any, drop: Any, names: tuple[str, ...], choices: Choices) -> dict[str, Any]:
    columns = {name: type(keep)._meta.get_field(name).attname for name in names}
    return {
        column: chosen(getattr(keep, column), getattr(drop, column), choices.get(name))
        for name, column in columns.items()
    }
