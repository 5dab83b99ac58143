"""Who asked to follow an alliance and has not yet said so from their own mailbox."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.consent import Frequency
from crm.models.network import Alliance, Cluster
from crm.models.wordings import Wording

KEPT = dt.timedelta(days=14)
"""So long somebody may confirm; then the request goes, and with it the address."""


class FollowQuerySet(models.QuerySet["Follow"]):
    def open(self) -> "FollowQuerySet":
        """Requests that may still be confirmed."""
        return self.filter(confirmed_at=None, asked_at__gt=timezone.now() - KEPT)

    def beside(self, follow: "Follow") -> "FollowQuerySet":
        """Open requests of the same mailbox, this one among them."""
        return self.open().filter(hmac=follow.hmac)


class Follow(models.Model):
    """A request to follow: what the form said. Anybody can enter anybody's address, so nothing is
    known of a person until their mailbox confirms it, and until then no person exists."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAILED = "mailed", _("asked to confirm")
        SILENT = "silent", _("no mail")

    email = models.CharField(max_length=320)
    hmac = models.BinaryField(max_length=32)
    domain = models.CharField(max_length=255)
    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="+", db_index=False)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+", db_index=False)
    """Whose record the person becomes: that of the region they chose, else the coordinator's."""
    topics = ArrayField(models.BigIntegerField())
    markets = ArrayField(models.CharField(max_length=50), default=list)
    frequency = models.CharField(max_length=6, choices=Frequency, blank=True)
    """How posts shall come; empty: nothing was said of it."""
    language = models.CharField(max_length=2)
    wording = models.TextField()
    """The words above the button, as they stood there."""
    shown_in = models.CharField(max_length=2)
    """The language of these words; `language` is that of the mails."""
    network = models.CharField(max_length=49)
    """Where the request came from: an address, or the /64 of one (RFC 6177)."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    message = models.CharField(max_length=100, blank=True)
    """The Message-ID of the mail that asked for the confirmation, up to its "@"."""
    asked_with = models.ForeignKey(
        Wording, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The words of that mail."""
    confirmed_at = models.DateTimeField(null=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        indexes = [
            # What is to be mailed, the oldest first.
            models.Index(fields=["id"], condition=Q(state="waiting"), name="follows_to_be_mailed"),
            # Whether this mailbox was asked already.
            models.Index(fields=["hmac", "mailed_at"], name="follows_of_a_mailbox"),
            # How many came from one place, and went to one domain, lately.
            models.Index(fields=["network", "asked_at"], name="follows_from_a_network"),
            models.Index(fields=["domain", "mailed_at"], name="follows_to_a_domain"),
            # What is too old.
            models.Index(fields=["asked_at"], name="follows_by_age"),
        ]
