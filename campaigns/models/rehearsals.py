"""Dry runs of a campaign: one row each, which a page asks for and a worker fills."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from campaigns.models.campaigns import Campaign
from campaigns.models.releases import Release

LEASE = dt.timedelta(minutes=2)  # without a sign of life, until another process may try


class RehearsalQuerySet(models.QuerySet["Rehearsal"]):
    def due(self) -> Self:
        """Asked for, not done since, and in nobody's hands; what failed before comes last."""
        free = Q(began_at=None) | Q(began_at__lt=Now() - LEASE)
        lanes = Release.objects.unbegun().filter(campaign=OuterRef("campaign"))
        waiting = self.filter(free, Exists(lanes), done_at=None)
        waiting = waiting.exclude(campaign__status__in=Campaign.ENDED)
        return waiting.order_by("tries", "asked_at", "pk")


class Rehearsal(models.Model):
    """A dry run: the mail of every reader written once, looked over and thrown away."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="rehearsal")
    digest = models.CharField(max_length=64)
    """Of everything that it is of, but the people."""
    asked_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(null=True)
    """When the worker that holds it last gave a sign of life."""
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    found = models.JSONField(null=True)
    """By lane: its readers, problems as codes with values (the screens have the sentences), and
    the bytes of its longest mail's HTML in each language. Done and null: it could not be held."""

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        # The scheduler looks every second.
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(done_at=None), name="rehearsals_to_be_held"
            )
        ]

    @property
    def readers(self) -> int:
        """Whose mails were written, in all lanes."""
        return sum(lane["readers"] for lane in (self.found or {}).values())
