"""What missions and events share: records of one or more alliances, led by a cluster."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from crm.models.scope import Viewer, scope_of

Record = TypeVar("Record", bound=models.Model)


class AlliedQuerySet(models.QuerySet[Record]):
    """Rows with `alliances`, `lead_cluster`, `status`, `public` and `archived_at`."""

    def visible_to(self, user: Viewer) -> Self:
        """Those of an alliance of mine."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(self._of(scope.alliances))

    def editable_by(self, user: Viewer) -> Self:
        """Coordinators of one of its alliances, and contacts of the cluster that leads it."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(self._of(scope.coordinates) | Q(lead_cluster_id__in=scope.contact_for))

    def announceable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(self._of(scope.coordinates))

    def public(self) -> Self:
        return self.filter(public=True, archived_at=None).exclude(status="draft")

    def _of(self, alliances: frozenset[int]) -> Q:
        field: Any = self.model._meta.get_field("alliances")
        links = field.remote_field.through._default_manager.filter(alliance_id__in=alliances)
        return Q(pk__in=links.values(field.m2m_column_name()))
