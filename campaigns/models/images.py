"""Pictures that an alliance puts into its mails."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from crm.models import Alliance
from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of


def _place(image: "Image", name: str) -> str:
    return f"images/{image.alliance_id}/{name}"


class ImageQuerySet(models.QuerySet["Image"]):
    def visible_to(self, user: Viewer) -> Self:
        """Pictures of alliances of mine."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(alliance_id__in=scope.alliances)

    def editable_by(self, user: Viewer) -> Self:
        """Whoever writes for an alliance brings its pictures."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(alliance_id__in=scope.coordinates)

    def public(self) -> Self:
        """All: its address can only be known from a mail, or from the picture itself."""
        return self.all()


@tracked()
class Image(models.Model):
    """A picture as mails show it: small, without anything said about who made it, never changed."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="images", db_index=False)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=_place)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ImageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alliance", "sha256"], name="one_picture_per_alliance")
        ]
        # The address of a picture names no alliance.
        indexes = [models.Index(fields=["sha256"], name="pictures_by_what_they_show")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What a block and an address call it."""
        return f"{self.sha256}.{str(self.file.name).rpartition('.')[2]}"
