"""Where links of mails lead, and how often they were followed.

Nothing here tells who follows a link, unless that reader agreed to it: then a row names their mail.
"""

from typing import Self

from django.db import models
from django.db.models import Q

from campaigns.models.campaigns import Campaign


class LinkQuerySet(models.QuerySet["Link"]):
    def public(self) -> Self:
        """All: a key can only be known from a mail."""
        return self.all()


class Link(models.Model):
    """A target of a campaign's mails. Who follows it is led there, and nowhere else."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="links", db_index=False)
    url = models.CharField(max_length=2000)
    key = models.CharField(max_length=16, unique=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "url"], name="a_target_once_a_campaign")
        ]


class Visit(models.Model):
    """One use of a link, for less than a minute: then it is counted, and its visitor is forgotten.

    So much time it takes to see that a program opened all links of a mail at once.
    """

    link = models.ForeignKey(Link, models.CASCADE, related_name="+", db_index=False)
    delivery = models.BigIntegerField(null=True)
    """The mail, where its reader agreed."""
    visitor = models.BinaryField(max_length=16)
    """A keyed hash of network and program, to tell visits apart that come at once."""
    machine = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["visitor"], name="visits_of_a_visitor")]


class Click(models.Model):
    """How often a link was followed within an hour, by people or by machines."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="clicks", db_index=False)
    hour = models.DateTimeField()
    machine = models.BooleanField()
    delivery = models.BigIntegerField(null=True)
    """The mail, of readers who agreed; all others are counted together."""
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link", "hour", "machine", "delivery"],
                nulls_distinct=False,
                name="one_count_per_link_and_hour",
            )
        ]
        indexes = [
            # Those of a reader who no longer agrees.
            models.Index(
                fields=["delivery"], condition=Q(delivery__isnull=False), name="clicks_of_readers"
            ),
        ]
