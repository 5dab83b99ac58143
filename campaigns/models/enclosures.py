"""Files that a campaign without a record leads to."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from crm.models import User
from crm.models.history import tracked
from crm.models.scope import Viewer
from crm.models.texts import TextsField, in_language


def _place(enclosure: "Enclosure", name: str) -> str:
    return f"enclosures/{enclosure.sha256[:2]}/{name}"


class EnclosureQuerySet(models.QuerySet["Enclosure"]):
    def editable_by(self, user: Viewer) -> Self:
        """Whoever writes the campaign chooses its files."""
        return self.filter(campaign__in=Campaign.objects.editable_by(user))

    def public(self) -> Self:
        """All: its address can only be known from a mail, or from the file itself."""
        return self.all()


@tracked()
class Enclosure(models.Model):
    """A document, or a picture to be printed, that a campaign's mails lead to."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="enclosures")
    titles = TextsField(_("title"))
    language = models.CharField(max_length=2, blank=True, help_text="Empty: needs no reading.")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=_place)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = EnclosureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sha256"], name="a_file_once_a_campaign")
        ]
        # The address of a file names no campaign.
        indexes = [models.Index(fields=["sha256"], name="enclosures_by_what_they_hold")]

    def __str__(self) -> str:
        return in_language(self.titles) or self.name

    @property
    def address(self) -> str:
        """What it is called in addresses: known to whom a mail told it, or who has the file."""
        return f"{self.sha256}.{self.name.rpartition('.')[2].lower()}"
