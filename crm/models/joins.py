"""Requests to keep one organisation together that two clusters keep apart."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.merges import Merge
from crm.models.network import Cluster
from crm.models.organisations import Organisation
from crm.models.scope import Viewer, scope_of

OPEN_FOR = dt.timedelta(days=60)


class JoinQuerySet(models.QuerySet["Join"]):
    def visible_to(self, user: Viewer) -> Self:
        """What my cluster asked, and what it was asked."""
        scope = scope_of(user)
        return self.all() if scope.admin else self._of(scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self._of(scope.contact_for)

    def _of(self, clusters: frozenset[int]) -> Self:
        return self.filter(Q(asker_id__in=clusters) | Q(asked_id__in=clusters))

    def waiting(self) -> Self:
        """Neither answered nor taken back, and not too old to be answered."""
        return self.filter(state=Join.State.OPEN, at__gt=timezone.now() - OPEN_FOR)

    def asked_of(self, user: Viewer) -> Self:
        """Those that the user answers."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(asked_id__in=scope.contact_for)

    def asked_by(self, user: Viewer) -> Self:
        """Those that the user may take back."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(asker_id__in=scope.contact_for)


class Join(models.Model):
    """One cluster asks another whether it keeps the same organisation, and to keep it as one.

    Before the other agrees, whoever asks learns nothing: not whether it is kept there, nor why
    a request came to nothing.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    asker = models.ForeignKey(Cluster, models.PROTECT, related_name="joins_asked")
    asked = models.ForeignKey(Cluster, models.PROTECT, related_name="joins_to_answer")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    """As the cluster that asks keeps it; whoever is asked reads only `told`."""
    told = models.JSONField(default=dict)
    """What it is known by, as it was when the other was asked: name, website, city, country."""
    home = models.ForeignKey(Cluster, models.PROTECT, related_name="+")
    """Which of the two is to keep the shared facts."""
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    merge = models.OneToOneField(Merge, models.PROTECT, null=True, related_name="join")
    """What joining changed, and how it is taken back."""

    objects = JoinQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "asked"],
                condition=Q(state="open"),
                name="one_cluster_is_asked_once",
            ),
            models.CheckConstraint(name="a_join_is_between_two", condition=~Q(asker=F("asked"))),
            models.CheckConstraint(
                name="one_of_the_two_is_home", condition=Q(home=F("asker")) | Q(home=F("asked"))
            ),
            models.CheckConstraint(
                name="what_is_agreed_was_done",
                condition=Q(state="agreed", merge__isnull=False)
                | (~Q(state="agreed") & Q(merge=None)),
            ),
        ]
        # The worklists of both sides.
        indexes = [
            models.Index(fields=["asked", "state"], name="joins_to_answer"),
            models.Index(fields=["asker", "state"], name="joins_asked"),
        ]

    def __str__(self) -> str:
        return str(self.told.get("legal_name", ""))

    @property
    def ends_at(self) -> dt.datetime:
        return self.at + OPEN_FOR

    @property
    def waits(self) -> bool:
        return self.state == self.State.OPEN and timezone.now() < self.ends_at
