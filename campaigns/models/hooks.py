"""What comes back from providers and mailboxes, as it came."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class HookEvent(models.Model):
    """One raw event: stored and answered first, understood later, each alone.

    The same event may come any number of times; its key makes it one row.
    """

    provider = models.CharField(max_length=20)
    event_key = models.CharField(max_length=100)
    received_at = models.DateTimeField(db_default=Now())
    payload = models.JSONField()
    processed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_key"], name="one_row_per_event")
        ]
        # The next events to understand.
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(processed_at=None, parked_at=None),
                name="hook_events_waiting",
            )
        ]
