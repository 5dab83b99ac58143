"""Attachments: files that one cluster keeps with a person or an organisation."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.kept import KeptQuerySet, hangs_on_one
from crm.models.network import Cluster
from crm.models.organisations import Membership
from crm.models.people import Person


@tracked()
class Attachment(models.Model):
    """A file that a cluster keeps with one of its people or organisations."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="attachments")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False
    )
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="attachments/")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = KeptQuerySet["Attachment"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [hangs_on_one("an_attachment_of_a_person_or_a_membership")]
        # The files and the timeline of a record, newest first.
        indexes = [
            models.Index(fields=["person", "-at"], name="attachments_of_a_person"),
            models.Index(fields=["membership", "-at"], name="attachments_of_a_membership"),
        ]

    def __str__(self) -> str:
        return self.name
