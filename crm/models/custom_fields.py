"""Custom fields: what one cluster wants to know of people or organisations beyond the usual."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.kept import KeptQuerySet
from crm.models.network import Cluster


class CustomFieldQuerySet(KeptQuerySet["CustomField"]):
    def current(self) -> "CustomFieldQuerySet":
        return self.filter(archived_at=None)


@tracked()
class CustomField(models.Model):
    """A question that one cluster asks of each of its people, or of each of its organisations.

    `Person.custom` and `Membership.custom` hold the answers by `key`, in the form that
    `crm.rules.answers` gives them. What is not answered has no key.
    """

    class Noun(models.TextChoices):
        PERSON = "person", _("people")
        ORGANISATION = "organisation", _("organisations")

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of several choices")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="custom_fields")
    noun = models.CharField(_("asked of"), max_length=12, choices=Noun)
    name = models.CharField(_("name"), max_length=60)
    folded = models.CharField(max_length=80, editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.TEXT)
    choices = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("choices")
    )
    place = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["noun", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "noun", "folded"], name="a_question_once_per_cluster"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Where the rows hold the answer; it stays when the field is renamed."""
        return str(self.pk)
