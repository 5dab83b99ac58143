"""Saved views: how somebody wants to see a list again."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Cluster, SavedView, User

MOST = 50


def create(
    *,
    by: User,
    noun: str,
    name: str,
    conditions: dict[str, Any],
    columns: Iterable[str] = (),
    sort: str = "",
    cluster: Cluster | None = None,
    is_default: bool = False,
) -> SavedView:
    """Save a list as it is asked for; with a cluster, its users see it, too."""
    if SavedView.objects.filter(user=by, noun=noun).count() >= MOST:
        raise Refused(_("You have %(n)s views already. Delete one first.") % {"n": MOST})
    with transaction.atomic():
        _check_name(by, noun, name)
        if is_default:
            _step_back(by, noun)
        view = SavedView.objects.create(
            user=by,
            noun=noun,
            name=name.strip(),
            conditions=conditions,
            columns=list(columns),
            sort=sort,
            cluster=cluster,
            is_default=is_default,
        )
        if cluster:
            audit.record(by=by, verb="share", row=view, cluster=cluster)
    return view


def edit(
    *, view: SavedView, by: User, name: str, cluster: Cluster | None, is_default: bool
) -> SavedView:
    """Another name, shared or not, opened first or not."""
    with transaction.atomic():
        row = _held(view, by)
        _check_name(by, row.noun, name, row.pk)
        if is_default and not row.is_default:
            _step_back(by, row.noun)
        if cluster and cluster.pk != row.cluster_id:
            audit.record(by=by, verb="share", row=row, cluster=cluster)
        row.name, row.cluster, row.is_default = name.strip(), cluster, is_default
        row.save()
    return row


def overwrite(
    *, view: SavedView, by: User, conditions: dict[str, Any], columns: Iterable[str], sort: str
) -> SavedView:
    """Keep the list as it is now under the name that the view has."""
    with transaction.atomic():
        row = _held(view, by)
        _check_name(by, row.noun, row.name, row.pk)
        row.conditions, row.columns, row.sort = conditions, list(columns), sort
        row.save()
        if row.cluster:
            audit.record(by=by, verb="edit", row=row, cluster=row.cluster)
    return row


def remove(*, view: SavedView, by: User) -> None:
    """Delete a view; the rows it showed stay. Twice is as once."""
    with transaction.atomic():
        deleted, _each = SavedView.objects.filter(pk=view.pk).delete()
        if deleted and view.cluster:
            audit.record(by=by, verb="remove", row=view, cluster=view.cluster)


def _held(view: SavedView, by: User) -> SavedView:
    """The view as it is now; whose maker has left belongs to whoever changes it."""
    rows = SavedView.objects.select_for_update(of=("self",)).select_related("cluster")
    row = rows.filter(pk=view.pk).first()
    if row is None:
        raise Refused(_("This view was deleted meanwhile."))
    if row.user_id != by.pk:
        row.user, row.is_default = by, False
    return row


def _check_name(by: User, noun: str, name: str, pk: int = 0) -> None:
    if not name.strip():
        raise Refused(_("Give the view a name."))
    taken = SavedView.objects.filter(user=by, noun=noun, name=name.strip()).exclude(pk=pk)
    if taken.exists():
        raise Refused(_("You have a view called “%s” already. Choose another name.") % name.strip())


def _step_back(by: User, noun: str) -> None:
    SavedView.objects.filter(user=by, noun=noun, is_default=True).update(is_default=False)
