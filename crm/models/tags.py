"""Tags: the words of one cluster for its own people and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.kept import KeptQuerySet
from crm.models.network import Cluster


@tracked()
class Tag(models.Model):
    """A word by which one cluster finds its people and organisations again.

    `Person.tags` and `Membership.tags` hold the ids.
    """

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="tags")
    name = models.CharField(_("name"), max_length=60)
    folded = models.CharField(max_length=80, editable=False)

    objects = KeptQuerySet["Tag"].as_manager()

    class Meta:
        ordering = ["folded", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "folded"], name="a_tag_once_per_cluster")
        ]

    def __str__(self) -> str:
        return self.name
