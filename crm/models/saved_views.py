"""Saved views: one stored question of a list, with its columns and its order."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.network import Cluster
from crm.models.scope import Viewer, scope_of


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Viewer) -> Self:
        """My own, and those that somebody shared with a cluster of mine."""
        return self.filter(Q(user_id=user.pk) | Q(cluster_id__in=scope_of(user).clusters))

    def editable_by(self, user: Viewer) -> Self:
        """My own; and those that somebody who has left shared with a cluster I keep."""
        left = Q(cluster_id__in=scope_of(user).contact_for, user__is_active=False)
        return self.filter(Q(user_id=user.pk) | left)


class SavedView(models.Model):
    """How somebody wants to see a list again: mine alone, or shared with a cluster."""

    class Noun(models.TextChoices):
        PERSON = "person", _("people")
        ORGANISATION = "organisation", _("organisations")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="+")
    noun = models.CharField(max_length=12, choices=Noun)
    name = models.CharField(_("name"), max_length=60)
    conditions = models.JSONField(default=dict)
    """A tree as `crm.rules.conditions` has it; empty where everybody is shown."""
    columns = ArrayField(models.CharField(max_length=40), default=list)
    sort = models.CharField(max_length=41, blank=True)
    is_default = models.BooleanField(_("opens first"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "noun", "name"], name="a_view_of_mine_has_its_own_name"
            ),
            models.UniqueConstraint(
                fields=["user", "noun"],
                condition=Q(is_default=True),
                name="one_view_opens_first",
            ),
        ]
        # The tabs above a list.
        indexes = [models.Index(fields=["cluster", "noun"], name="views_of_a_cluster")]

    def __str__(self) -> str:
        return self.name
