"""Who asked to be written to at another mailbox, and what the owners of both said to it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crm.models.addresses import Address

KEPT = dt.timedelta(days=7)
"""So long both may say yes; then the request goes, and with it the new address."""


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def kept(self) -> "AddressChangeQuerySet":
        return self.filter(asked_at__gt=timezone.now() - KEPT)


class AddressChange(models.Model):
    """A wish for another mailbox. Until the owners of both said yes nothing changes."""

    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    """The mailbox until now."""
    email = models.CharField(max_length=320)
    hmac = models.BinaryField(max_length=32)
    language = models.CharField(max_length=2)
    network = models.CharField(max_length=49)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    """When a worker decided whether the mailboxes are asked."""
    mailed_at = models.DateTimeField(null=True)
    old_agreed_at = models.DateTimeField(null=True)
    new_agreed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(looked_at=None), name="address_changes_to_look_at"
            ),
            # Whether the new mailbox was asked already.
            models.Index(fields=["hmac", "mailed_at"], name="address_changes_to_a_mailbox"),
            models.Index(fields=["asked_at"], name="address_changes_by_age"),
        ]

    @property
    def is_open(self) -> bool:
        return not (self.done_at or self.refused_at)
