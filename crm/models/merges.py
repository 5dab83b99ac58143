"""Merges: two records of one cluster that were the same, and what becoming one changed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.kept import KeptQuerySet
from crm.models.network import Cluster
from crm.models.scope import Viewer, scope_of


class Noun(models.TextChoices):
    """What can be there twice."""

    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")


SHARED = frozenset({"organisation", "organisationname", "organisationfield"})
"""The tables whose rows everybody sees who keeps an organisation."""


class MergeQuerySet(KeptQuerySet["Merge"]):
    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self._of(scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self._of(scope.contact_for)

    def _of(self, clusters: frozenset[int]) -> Self:
        """Their own, and where they came to keep an organisation together with another one."""
        joined = Q(join__asker_id__in=clusters) | Q(join__asked_id__in=clusters)
        return self.filter(Q(cluster_id__in=clusters) | joined)

    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def of(self, noun: str, pk: Any) -> Self:
        """Merges that this record was kept in."""
        return self.filter(noun=noun, kept=pk)


class Merge(models.Model):
    """Two records of one cluster became one: which stayed, and every row that changed by it."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="merges")
    noun = models.CharField(max_length=12, choices=Noun)
    kept = models.BigIntegerField()
    dropped = models.BigIntegerField()
    changes = models.JSONField(default=list)
    """What was done to each row, in its order, with the values before and after."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    stayed = models.JSONField(default=list)
    """What the undoing left as it was, for it had been changed since."""

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "noun", "dropped"],
                condition=Q(undone_at=None),
                name="a_record_is_merged_once",
            ),
            models.CheckConstraint(
                name="nothing_is_merged_with_itself", condition=~Q(kept=models.F("dropped"))
            ),
        ]
        # A record's page: what was merged into it.
        indexes = [models.Index(fields=["noun", "kept", "-at"], name="merges_into_a_record")]

    def stayed_for(self, user: Viewer) -> list[dict[str, Any]]:
        """What stayed, as far as the user may know: of a join, the other cluster's rows are not."""
        scope = scope_of(user)
        if scope.reads_whole(self.cluster_id):
            return list(self.stayed)
        return [step for step in self.stayed if step["noun"] in SHARED]

    @property
    def concerned(self) -> tuple[Cluster, ...]:
        """Whose records they were."""
        join = getattr(self, "join", None)
        return (join.asker, join.asked) if join else (self.cluster,)
