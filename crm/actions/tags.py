"""Tags: a cluster's words for its own people and organisations.

Whoever puts tags on a row holds the tags first and the row afterwards, as merging does: so a tag
that is merged or removed meanwhile is never put on anything.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, F, Func, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Cluster, Membership, Person, Tag, User
from crm.rules import cells
from crm.rules.names import fold

Tagged = QuerySet[Person] | QuerySet[Membership]

LONGEST = cells.LONGEST_TAG
MOST = 1_000  # tags of a cluster
MOST_ON_ONE = cells.MOST_TAGS


def create(*, cluster: Cluster, name: str, by: User | None) -> Tag:
    """A new tag of a cluster; one that there is already is refused."""
    name, folded = _checked(name)
    with transaction.atomic():
        tag, created = _find_or_create(cluster, name, folded, by)
        if not created:
            raise Refused(_("There is a tag “%(name)s” already.") % {"name": tag})
    return tag


def named(*, cluster: Cluster, names: Iterable[str], by: User | None) -> list[Tag]:
    """The cluster's tags of these names; a word that is new becomes one."""
    wanted: dict[str, str] = {}
    for name, folded in map(_checked, names):
        wanted.setdefault(folded, name)
    with transaction.atomic():
        return [
            _find_or_create(cluster, name, folded, by)[0] for folded, name in sorted(wanted.items())
        ]


def rename(*, tag: Tag, name: str, by: User | None) -> Tag:
    """Call a tag otherwise, wherever it stands; a name that another one has is refused."""
    name, folded = _checked(name)
    with transaction.atomic():
        row = _held(tag)
        twin = Tag.objects.filter(cluster=row.cluster_id, folded=folded).exclude(pk=row.pk).first()
        if twin:
            raise Refused(
                _("There is a tag “%(name)s” already. Merge the two instead.") % {"name": twin}
            )
        if row.name != name:
            row.name, row.folded = name, folded
            row.save(update_fields=["name", "folded"])
            audit.record(by=by, verb="rename", row=row, cluster=row.cluster)
    return row


def merge(*, keep: Tag, drop: Tag, by: User | None) -> int:
    """Put one tag wherever another one stands, which then is gone; on how many rows it stood."""
    if keep.pk == drop.pk:
        raise Refused(_("Choose another tag: this one cannot be merged with itself."))
    if keep.cluster_id != drop.cluster_id:
        raise Refused(_("These tags belong to two clusters, so they stay apart."))
    with transaction.atomic():
        both = Tag.objects.select_for_update(of=("self",)).filter(pk__in=(keep.pk, drop.pk))
        if len(both.order_by("pk")) < 2:
            raise Refused(_("One of the two tags is gone: somebody merged or removed it before."))
        count = 0
        for rows in _tagged(drop):
            count += _write(rows.filter(tags__contains=[keep.pk]), _without(drop))
            count += _write(rows, Func(F("tags"), _id(drop), _id(keep), function="array_replace"))
        drop.delete()
        audit.record(by=by, verb="merge", row=keep, cluster=keep.cluster, count=count)
    return count


def remove(*, tag: Tag, by: User | None) -> int:
    """Take a tag off everything and forget it; on how many rows it stood."""
    with transaction.atomic():
        row = _held(tag)
        count = sum(_write(rows, _without(row)) for rows in _tagged(row))
        audit.record(by=by, verb="remove", row=row, cluster=row.cluster, count=count)
        row.delete()
    return count


def put(*, tag: Tag, rows: Tagged, by: User | None) -> list[int]:
    """Put a tag on those of its own cluster that do not have it; their ids.

    Whoever has as many as one may have gets no more.
    """
    with transaction.atomic():
        row = _held(tag)
        wanting = _wanting(rows, row).filter(tags__len__lt=MOST_ON_ONE)
        added = Func(F("tags"), _id(row), function="array_append")
        return _bulk(row, wanting, "put", added, by)


def full(*, tag: Tag, rows: Tagged) -> int:
    """How many of those that want the tag have as many as one may have."""
    return _wanting(rows, tag).filter(tags__len__gte=MOST_ON_ONE).count()


def take(*, tag: Tag, rows: Tagged, by: User | None) -> list[int]:
    """Take a tag off those of its own cluster that have it; their ids."""
    with transaction.atomic():
        row = _held(tag)
        having = _among(rows, row).filter(tags__contains=[row.pk])
        return _bulk(row, having, "take", _without(row), by)


def own(*, cluster_id: int, tags: Iterable[Tag]) -> list[int]:
    """The ids of a cluster's own tags, held until the transaction ends; any other is refused."""
    ids = {tag.pk for tag in tags}
    if len(ids) > MOST_ON_ONE:
        raise Refused(_("These are more than %(most)s tags. Choose fewer.") % {"most": MOST_ON_ONE})
    held = Tag.objects.select_for_update(of=("self",)).filter(cluster=cluster_id, pk__in=ids)
    found = sorted(tag.pk for tag in held.order_by("pk"))
    if len(found) < len(ids):
        raise Refused(_("A tag is not one of your cluster's, or it is gone. Choose again."))
    return found


def _among(rows: Tagged, tag: Tag) -> QuerySet[Any]:
    """Of these rows those that are the tag's cluster's own."""
    chosen = rows.order_by().values("pk")
    return rows.model._default_manager.filter(pk__in=chosen, cluster=tag.cluster_id)


def _wanting(rows: Tagged, tag: Tag) -> QuerySet[Any]:
    return _among(rows, tag).exclude(tags__contains=[tag.pk])


def _bulk(tag: Tag, rows: QuerySet[Any], verb: str, tags: Func, by: User | None) -> list[int]:
    locked = rows.order_by("pk").select_for_update(of=("self",))
    ids = list(locked.values_list("pk", flat=True))
    if ids:
        _write(rows.model._default_manager.filter(pk__in=ids), tags)
        audit.record(by=by, verb=verb, row=tag, cluster=tag.cluster, count=len(ids))
    return ids


def _held(tag: Tag) -> Tag:
    row = Tag.objects.select_for_update(of=("self",)).filter(pk=tag.pk).first()
    if row is None:
        raise Refused(_("This tag is gone: somebody merged or removed it before."))
    return row


def _tagged(tag: Tag) -> tuple[QuerySet[Person], QuerySet[Membership]]:
    return (
        Person.objects.filter(cluster=tag.cluster_id, tags__contains=[tag.pk]),
        Membership.objects.filter(cluster=tag.cluster_id, tags__contains=[tag.pk]),
    )


def _write(rows: Tagged, tags: Func) -> int:
    if rows.model is Person:  # a form that is open knows the former tags
        return rows.update(tags=tags, version=F("version") + 1)
    return rows.update(tags=tags)


def _without(tag: Tag) -> Func:
    return Func(F("tags"), _id(tag), function="array_remove")


def _id(tag: Tag) -> Cast:
    return Cast(Value(tag.pk), BigIntegerField())


def _find_or_create(cluster: Cluster, name: str, folded: str, by: User | None) -> tuple[Tag, bool]:
    tag = Tag.objects.filter(cluster=cluster, folded=folded).first()
    if tag:
        return tag, False
    if Tag.objects.filter(cluster=cluster).count() >= MOST:
        raise Refused(_("%(most)s tags are enough. Merge or remove some first.") % {"most": MOST})
    tag, created = Tag.objects.get_or_create(
        cluster=cluster, folded=folded, defaults={"name": name}
    )
    if created:
        audit.record(by=by, verb="create", row=tag, cluster=cluster)
    return tag, created


def _checked(name: str) -> tuple[str, str]:
    name = " ".join(name.split())
    folded = fold(name)
    if not folded:
        raise Refused(_("Write the tag with at least one letter or digit."))
    if "," in name or ";" in name:
        raise Refused(_("A tag has no comma in it: commas stand between tags."))
    if len(name) > LONGEST or len(folded) > LONGEST + 20:
        raise Refused(
            _("“%(name)s…” is too long for a tag: %(most)s letters are the most.")
            % {"name": name[:20], "most": LONGEST}
        )
    return name, folded
