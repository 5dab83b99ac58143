"""Erasures: what has to be done once more when an older copy of the database comes back."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.network import Cluster


class Erasure(models.Model):
    """One mailbox that was erased, for one cluster or for everybody. It names nobody.

    It also stands in a file outside the database (`crm.actions.erasure_log`).
    """

    class Scope(models.TextChoices):
        MAILBOX = "mailbox", _("for everybody")
        CLUSTER = "cluster", _("for one cluster")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    hmac = models.BinaryField(max_length=32, null=True)
    """The keyed hash of the mailbox; None for people who had none."""
    scope = models.CharField(max_length=7, choices=Scope)
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, related_name="+", db_index=False
    )
    people = models.JSONField(default=list)
    """Whose records went: [[id, when the row was made]], for ids begin anew after a restore."""
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """None where the mailbox's owner did it."""
    logged_at = models.DateTimeField(null=True)
    """When it was written to the file."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_erasure_names_its_cluster",
                condition=Q(scope="mailbox", cluster=None)
                | Q(scope="cluster", cluster__isnull=False),
            )
        ]
        indexes = [
            # What the sweep looks for.
            models.Index(fields=["id"], condition=Q(logged_at=None), name="erasures_to_be_logged"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_forgotten", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="told_as_it_was", exclude=["logged_at"]),
        ]
