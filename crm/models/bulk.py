"""One act on many rows at once, and what undoes it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.scope import Viewer, scope_of


class BulkActQuerySet(models.QuerySet["BulkAct"]):
    def visible_to(self, user: Viewer) -> Self:
        """What I did myself; an administrator sees what everybody did."""
        return self.all() if scope_of(user).admin else self.filter(by_id=user.pk)

    def editable_by(self, user: Viewer) -> Self:
        return self.visible_to(user)


class BulkAct(models.Model):
    """One act on many people or organisations, with their values before it."""

    class Act(models.TextChoices):
        TAG = "tag", _("Add a tag")
        UNTAG = "untag", _("Take a tag away")
        SUBSCRIBE = "subscribe", _("Subscribe to a topic")
        LEAVE = "leave", _("Leave a topic")
        LANGUAGE = "language", _("Set the language")
        OWNER = "owner", _("Set who looks after them")
        ARCHIVE = "archive", _("Archive")

    noun = models.CharField(max_length=12)
    act = models.CharField(max_length=10, choices=Act)
    value = models.CharField(max_length=60, blank=True)
    said = models.CharField(max_length=200)
    """The value in words, as it was when it was done."""
    before = models.JSONField(default=dict)
    """What each changed row had before, by its id."""
    skipped = models.JSONField(default=dict)
    """How many rows were left alone, by reason."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_acts")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=list)
    """Ids of rows that the undo left alone, because somebody changed them since."""

    objects = BulkActQuerySet.as_manager()

    class Meta:
        # What somebody did lately.
        indexes = [models.Index(fields=["by", "-at"], name="bulk_acts_of_a_user")]

    @property
    def count(self) -> int:
        return len(self.before)
