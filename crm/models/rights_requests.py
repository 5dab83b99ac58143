"""Requests of people about their own data (GDPR, Art. 15 to 21), each with its month."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.kept import KeptQuerySet
from crm.models.network import Cluster
from crm.models.people import Person

SOON = 7
"""Days before the last one in which a request stands on the first page."""


class RightsRequestQuerySet(KeptQuerySet["RightsRequest"]):
    def open(self) -> Self:
        return self.filter(state=RightsRequest.State.OPEN)

    def pressing(self, today: dt.date) -> Self:
        """Open ones whose last day is near or over."""
        return self.open().filter(due_on__lte=today + dt.timedelta(days=SOON))


@tracked()
class RightsRequest(models.Model):
    """What somebody asked a cluster to do with their data, and by when it has to be answered."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("to see their data")
        RECTIFICATION = "rectification", _("to have it corrected")
        ERASURE = "erasure", _("to have it erased")
        OBJECTION = "objection", _("objects to its use")
        PORTABILITY = "portability", _("to take it along")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined with reasons")

    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="rights_requests", verbose_name=_("cluster")
    )
    kind = models.CharField(_("what is asked"), max_length=13, choices=Kind)
    name = models.CharField(_("who asks"), max_length=240, blank=True)
    email = models.CharField(_("address"), max_length=320, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="rights_requests"
    )
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("to be answered by"))
    extended_why = models.CharField(_("why it takes longer"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = RightsRequestQuerySet.as_manager()

    WORDLESS: ClassVar[dict[str, str]] = dict.fromkeys(
        ("name", "email", "note", "answer", "extended_why"), ""
    )
    """Its columns with words, emptied; that there was a request, its kind and its days stay."""

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="answered_on_a_day",
                condition=Q(state="open", answered_on=None)
                | Q(~Q(state="open"), answered_on__isnull=False),
            )
        ]
        indexes = [
            # What waits in one's clusters, the most pressing first.
            models.Index(
                fields=["cluster", "due_on"],
                condition=Q(state="open"),
                name="open_rights_requests",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Nameless"))

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_extended(self) -> bool:
        return bool(self.extended_why)

    @property
    def days_left(self) -> int:
        """Until the last day; negative once it is over."""
        return (self.due_on - timezone.localdate()).days
