"""Notes: what one cluster writes down about a person or an organisation, for itself alone."""

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
class Note(models.Model):
    """Something a cluster wrote down about one of its people or organisations."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="notes")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="notes", db_index=False
    )
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="notes", db_index=False
    )
    text = models.TextField(_("note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = KeptQuerySet["Note"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [hangs_on_one("a_note_on_a_person_or_a_membership")]
        # The timeline of a record, newest first.
        indexes = [
            models.Index(fields=["person", "-at"], name="notes_of_a_person"),
            models.Index(fields=["membership", "-at"], name="notes_of_a_membership"),
        ]
