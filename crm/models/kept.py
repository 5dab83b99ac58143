"""What tags, custom fields, notes and attachments share: one cluster alone knows of them."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Count, F, Func, Q

from crm.models.scope import Viewer, scope_of

Record = TypeVar("Record", bound=models.Model)


class KeptQuerySet(models.QuerySet[Record]):
    """Rows with a `cluster`, whose own users alone know of them."""

    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(cluster_id__in=scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(cluster_id__in=scope.contact_for)


def per_tag(rows: models.QuerySet[Any]) -> dict[int, int]:
    """Of people or memberships how many have each tag, by the tag's id."""
    tag = Func(F("tags"), function="unnest", output_field=models.BigIntegerField())
    counted = rows.order_by().annotate(tag=tag).values_list("tag")
    return dict(counted.annotate(count=Count("pk")))


def per_key(rows: models.QuerySet[Any]) -> dict[str, int]:
    """Of people or memberships how many answer each custom field, by the field's key."""
    key = Func(F("custom"), function="jsonb_object_keys", output_field=models.TextField())
    counted = rows.order_by().annotate(key=key).values_list("key")
    return dict(counted.annotate(count=Count("pk")))


def hangs_on_one(name: str) -> models.CheckConstraint:
    """It belongs to a person or to an organisation as the cluster keeps it, never to both."""
    return models.CheckConstraint(
        name=name,
        condition=Q(person=None, membership__isnull=False)
        | Q(person__isnull=False, membership=None),
    )
