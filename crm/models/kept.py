"""What tags, custom fields, notes and attachments share: one cluster alone knows of them."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

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


def hangs_on_one(name: str) -> models.CheckConstraint:
    """It belongs to a person or to an organisation as the cluster keeps it, never to both."""
    return models.CheckConstraint(
        name=name,
        condition=Q(person=None, membership__isnull=False)
        | Q(person__isnull=False, membership=None),
    )
