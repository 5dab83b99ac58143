"""Mailboxes. One row in the world for each, never listed and never searched across clusters."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.rules import addresses as rules


class AddressQuerySet(models.QuerySet["Address"]):
    def at(self, text: str) -> "AddressQuerySet":
        """The mailbox written in `text`, found by its keyed hash: erased ones are found, too.

        Raises InvalidAddress.
        """
        normal = rules.normalise(text)
        return self.filter(hmac=rules.keyed(normal.key, settings.ADDRESS_KEY))


class Address(models.Model):
    """One mailbox; after erasure only its keyed hash stays."""

    email = models.CharField(max_length=320, null=True)
    key = models.CharField(max_length=320, null=True, db_collation="C")
    hmac = models.BinaryField(max_length=32, unique=True)
    domain = models.CharField(max_length=255)
    undeliverable_at = models.DateTimeField(null=True)
    undeliverable_why = models.CharField(max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="one_row_per_mailbox", condition=Q(key__isnull=False)
            ),
            models.CheckConstraint(
                name="erased_means_emptied",
                condition=Q(erased_at=None, key__isnull=False, email__isnull=False)
                | Q(erased_at__isnull=False, key=None, email=None),
            ),
        ]
        indexes = [
            # Whose company writes from this domain.
            models.Index(fields=["domain", "id"], name="addresses_of_a_domain"),
            # Those of a whole list that cannot be reached.
            models.Index(
                fields=["id"],
                condition=Q(undeliverable_at__isnull=False),
                name="undeliverable_addresses",
            ),
            models.Index(fields=["id"], condition=Q(key=None), name="erased_addresses"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_mailbox_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__key__isnull=False)
                & pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
            )
        ]

    def __str__(self) -> str:
        return self.email or "(erased)"
