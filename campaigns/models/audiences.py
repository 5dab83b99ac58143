"""The saved question: who a campaign is for."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Alliance, SavedView, User
from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of


class AudienceQuerySet(models.QuerySet["Audience"]):
    """Only what somebody saved is anybody's; a campaign's own question is read on its page."""

    def visible_to(self, user: Viewer) -> Self:
        """My own, and those that a colleague shared with whoever writes an alliance's calls."""
        scope = scope_of(user)
        shared = Q(shared=True)
        if not scope.admin:
            shared &= Q(alliance_id__in=scope.coordinates)
        return self.filter(Q(user_id=user.pk) | shared, user__isnull=False)

    def editable_by(self, user: Viewer) -> Self:
        """My own; and those that somebody who has left shared with me."""
        mine = Q(user_id=user.pk) | Q(user__is_active=False, shared=True)
        return self.visible_to(user).filter(mine)


@tracked()
class Audience(models.Model):
    """A saved question: a tree of typed conditions for inclusion, and one for exclusion."""

    ref = models.SlugField(unique=True, max_length=80)
    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="audiences")
    name = models.CharField(_("name"), max_length=120)
    include = models.JSONField()
    exclude = models.JSONField(null=True, blank=True)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, blank=True, related_name="+")
    """The saved view whose conditions were copied; what it becomes later changes nothing here."""
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Who chose it for one campaign; nobody where it is the alliance's own question."""
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="audiences")
    """Who saved it to be used again. Campaigns keep a copy of their own."""
    shared = models.BooleanField(_("shared"), default=False)
    """Whether others who write the alliance's calls use it, too."""

    objects = AudienceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "alliance", "name"], name="an_audience_of_mine_has_its_own_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
