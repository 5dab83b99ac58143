"""The public directory: how a member presents itself to everybody, and by whose word."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.organisations import Organisation
from crm.models.texts import TextsField


@tracked()
class DirectoryEntry(models.Model):
    """An organisation's page in the public directory; whether it stands there, the core says."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="entry")
    slug = models.SlugField(unique=True, max_length=100, editable=False)
    descriptions = TextsField(_("what the organisation does"))
    word = models.CharField(_("by whose word"), max_length=200, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)

    class Meta:
        verbose_name_plural = "directory entries"
