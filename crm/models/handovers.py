"""Hand-overs: a desk passes to somebody else on a day, with all that is in hand."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crm.models.network import Cluster, ContactPoint
from crm.models.scope import Viewer, scope_of
from crm.models.users import Grant, User


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: Viewer) -> Self:
        """What it moved are numbers of the cluster's own records."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.contact_for)

    def planned(self) -> Self:
        return self.filter(done_at=None, called_off_at=None)

    def due(self, day: dt.date) -> Self:
        return self.planned().filter(day__lte=day)


class HandOver(models.Model):
    """One contact point's desks that pass to a successor on a day, and what goes with them.

    Desks and roles carry their dates from the beginning; what has none moves on the day itself.
    """

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="hand_overs")
    former = models.ForeignKey(ContactPoint, models.PROTECT, related_name="handed_over")
    successor = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, related_name="taken_over"
    )
    day = models.DateField()
    moves_records = models.BooleanField(default=True)
    moves_words = models.BooleanField(default=True)
    moves_reply_to = models.BooleanField(default=False)
    begun_role = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="+")
    ended_roles = models.JSONField(default=list)
    """Each role's id with its first day and the day it would have ended otherwise, or null."""
    moved = models.JSONField(default=dict)
    """How much of each went over, once it did."""
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["former"],
                condition=Q(called_off_at=None),
                name="a_desk_is_handed_over_once",
            )
        ]
        # The scheduler looks for what is due.
        indexes = [
            models.Index(
                fields=["day"],
                condition=Q(done_at=None, called_off_at=None),
                name="hand_overs_to_carry_out",
            )
        ]

    @property
    def is_planned(self) -> bool:
        return self.done_at is None and self.called_off_at is None
