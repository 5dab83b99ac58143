"""Who asked for the way to the page on which they see and choose what comes to their mailbox."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

KEPT = dt.timedelta(hours=25)
"""So long a request is remembered, for a mailbox gets only so many mails a day."""


class OwnPageRequest(models.Model):
    """A request for the link. Anybody may ask for anybody's, so of the mailbox it has nothing but
    the keyed hash: a worker knows whether there is one, and mails it there."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAILED = "mailed", _("link sent")
        SILENT = "silent", _("no mail")

    hmac = models.BinaryField(max_length=32)
    language = models.CharField(max_length=2)
    network = models.CharField(max_length=49)
    """Where the request came from: an address, or the /64 of one (RFC 6177)."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="waiting"), name="own_pages_to_be_mailed"
            ),
            models.Index(fields=["hmac", "mailed_at"], name="own_pages_of_a_mailbox"),
            models.Index(fields=["network", "asked_at"], name="own_pages_from_a_network"),
            models.Index(fields=["asked_at"], name="own_pages_by_age"),
        ]
