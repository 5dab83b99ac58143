"""The saved question: who a campaign is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import Alliance, SavedView, User
from crm.models.history import tracked


@tracked()
class Audience(models.Model):
    """A saved question: a tree of typed conditions for inclusion, and one for exclusion."""

    ref = models.SlugField(unique=True)
    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="audiences")
    name = models.CharField(_("name"), max_length=120)
    include = models.JSONField()
    exclude = models.JSONField(null=True, blank=True)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, blank=True, related_name="+")
    """The saved view whose conditions were copied; what it becomes later changes nothing here."""
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Who chose it for one campaign; nobody where it is the alliance's own question."""

    def __str__(self) -> str:
        return self.name
