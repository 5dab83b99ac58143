"""Lanes: one cluster's part of a campaign, and its sign-off."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.models.contents import ContentVersion
from crm.models import Cluster, ContactPoint, User
from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: Viewer) -> Self:
        """My cluster's lanes, and every lane of a campaign of an alliance I read (counts only)."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(
            Q(cluster_id__in=scope.clusters) | Q(campaign__alliance_id__in=scope.reads_alliances)
        )

    def editable_by(self, user: Viewer) -> Self:
        """The lane's own contact signs; the coordinator may sign for all."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(
            Q(cluster_id__in=scope.contact_for) | Q(campaign__alliance_id__in=scope.coordinates)
        )

    def ask_again(self) -> int:
        """Take signatures back: what was signed is no longer what would be sent."""
        signed = self.filter(status=Release.Status.RELEASED, frozen_at=None)
        return signed.update(status=Release.Status.WAITING, signed_version=None)

    def in_order(self) -> Self:
        return self.select_related("cluster__region", "contact_point", "decided_by").order_by(
            F("cluster__name").asc(nulls_last=True)
        )


@tracked()
class Release(models.Model):
    """One cluster's lane of a campaign (without one: the alliance's own), and its sign-off."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits for signature")
        HELD = "held", _("on hold")
        RELEASED = "released", _("released")
        FREEZING = "freezing", _("being counted")
        SENDING = "sending", _("sending")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("lapsed")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="releases")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="releases")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    by_date = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    signed_version = models.ForeignKey(ContentVersion, models.PROTECT, null=True, related_name="+")
    contact_point = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, related_name="releases"
    )
    expected = models.IntegerField(null=True)
    excluded = models.IntegerField(null=True)
    freeze_began_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "cluster"], nulls_distinct=False, name="one_lane_per_cluster"
            )
        ]

    @property
    def name(self) -> str:
        """How the lane is called on screens: the cluster, or the alliance's own readers."""
        return str(self.cluster) if self.cluster else str(_("Followers and partners"))


class LaneText(models.Model):
    """A lane's introduction in one language; fixed once the lane is frozen."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "language"], name="one_introduction_per_language"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("lane", "bigint")],
                func=pgtrigger.Func(  # type: ignore[no-untyped-call]
                    """
                    lane := CASE WHEN TG_OP = 'DELETE' THEN OLD.release_id ELSE NEW.release_id END;
                    IF EXISTS (SELECT FROM campaigns_release r
                               WHERE r.id = lane AND r.freeze_began_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'The introduction of a frozen lane cannot change.';
                    END IF;
                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                    """
                ),
            )
        ]
