"""What only a worker finds out: what the name servers say of senders, where links lead."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class ProbeQuerySet(models.QuerySet["Probe"]):
    def due(self) -> Self:
        """Asked for since the last look."""
        waiting = Q(looked_at=None) | Q(looked_at__lt=F("asked_at"))
        return self.filter(waiting).order_by("asked_at", "pk")


class Probe(models.Model):
    """A look at something outside: what the DNS says of a sender, or whether a link answers."""

    class Kind(models.TextChoices):
        DOMAIN = "domain"
        LINK = "link"
        SIGNED = "signed"
        """Nobody asks for it: it is seen of a mail that came back."""

    kind = models.CharField(max_length=6, choices=Kind)
    subject = models.CharField(max_length=2000)
    """The domain with its DKIM selector behind a space, the page's address, or who signs."""
    asked_at = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(null=True)
    found = models.JSONField(default=list)
    """As codes with their values; the screens have the sentences. Empty: in order."""

    objects = ProbeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="probed_once")]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(looked_at=None) | Q(looked_at__lt=F("asked_at")),
                name="probes_to_be_made",
            )
        ]

    @property
    def is_due(self) -> bool:
        """Asked for since the last look."""
        return self.looked_at is None or self.looked_at < self.asked_at
