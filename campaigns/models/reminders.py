"""Reminders: follow-ups that leave by themselves, some days before a deadline of their call."""

import datetime as dt
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.rules import reminding
from crm.models import Deadline
from crm.models.scope import Viewer, scope_of

LONGEST = 365  # days before a deadline


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: Viewer) -> Self:
        """Whoever sees a call sees what it reminds of."""
        return self.filter(call__in=Campaign.objects.visible_to(user))

    def editable_by(self, user: Viewer) -> Self:
        """Whoever writes and sends the call."""
        return self.filter(call__in=Campaign.objects.editable_by(user))

    def waiting(self) -> Self:
        """Planned, and not begun."""
        return self.filter(called_off="", campaign__status__in=Campaign.UNSTARTED)

    def open(self) -> Self:
        """Of which something may still leave."""
        return self.filter(called_off="").exclude(campaign__status__in=Campaign.ENDED)

    def with_what_it_hangs_on(self) -> Self:
        return self.select_related("campaign", "call__mission", "call__event", "deadline")

    def for_list(self, user: Viewer) -> Self:
        """What one line of the call's page shows, in the order in which they leave.

        Counts the mails of the user's lanes only.
        """
        scope = scope_of(user)
        read = Q(campaign__alliance__in=scope.reads_alliances)
        read |= Q(campaign__releases__cluster__in=scope.clusters)
        mails = Sum("campaign__releases__expected", filter=None if scope.admin else read)
        lanes = Count("campaign__releases", filter=~Q(campaign__releases__status="declined"))
        signed = Count("campaign__releases", filter=~Q(campaign__releases__signed_version=None))
        return (
            self.with_what_it_hangs_on()
            .annotate(lanes=lanes, signed=signed, mails=mails)
            .order_by("campaign__send_at", "pk")
        )


class Reminder(models.Model):
    """A campaign of its own that follows a call, to whoever got it and has not answered.

    When it leaves follows the deadline; whom it goes to is decided when it leaves.
    """

    class Why(models.TextChoices):
        """Why one is called off that had not begun."""

        GONE = "gone", _("The deadline is gone.")
        OVER = "over", _("The deadline was over before it could leave.")
        PASSED = "passed", _("The deadline moved, and its day was over.")
        CALL = "call", _("The call was cancelled.")
        LATE = "late", _("The call had not left by its day.")
        RECORD = "record", _("Nobody can apply any more.")
        OVERTAKEN = "overtaken", _("Nobody signed it before the next one was due.")

    call = models.ForeignKey(Campaign, models.PROTECT, related_name="reminders")
    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="reminder")
    deadline = models.ForeignKey(
        Deadline,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Of a mission. An invitation's reminders count from the event's beginning.",
    )
    days = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text="How many days before the deadline.",
    )
    hour = models.TimeField(help_text="On the clocks of its campaign.")
    called_off = models.CharField(max_length=9, choices=Why, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_reminder_leaves_before_the_day", condition=Q(days__gte=1, days__lte=LONGEST)
            )
        ]

    @property
    def is_set_aside(self) -> bool:
        """Whether it was planned when this copy of the database was made, and not anew since."""
        return not self.called_off and self.campaign.status == Campaign.Status.DRAFT

    @property
    def due_at(self) -> dt.datetime | None:
        """The deadline; None: it is gone."""
        if self.call.event:
            return self.call.event.starts_at
        return self.deadline.at if self.deadline else None

    @property
    def leaves_at(self) -> dt.datetime | None:
        """When it leaves as things stand; None: it has no deadline any more."""
        if self.due_at is None:
            return None
        return reminding.leaves_at(
            self.due_at, days=self.days, hour=self.hour, zone=self.campaign.timezone
        )
