"""What the scheduler could not do: a row for each step that failed when it was taken last."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from crm.models import Alliance
from crm.models.scope import Viewer, scope_of


class FaultQuerySet(models.QuerySet["Fault"]):
    def visible_to(self, user: Viewer) -> Self:
        """Whoever keeps the installation: its words are a program's."""
        return self.all() if scope_of(user).admin else self.none()

    def in_order(self) -> Self:
        return self.select_related("campaign__mission", "campaign__event", "alliance").order_by(
            "since", "pk"
        )


class Fault(models.Model):
    """A step that failed: of one campaign, of one alliance, or as a whole.

    It is gone once that succeeds.
    """

    class Step(models.TextChoices):
        TAKE_BACK = "take-back", _("taking back what stopped workers had")
        HAND_OVERS = "hand-overs", _("carrying out hand-overs")
        LANES = "lanes", _("giving clusters that joined a lane")
        DATES = "dates", _("what follows at a lane's date")
        REMINDERS = "reminders", _("moving reminders and calling them off")
        DIGESTS = "digests", _("writing digests")
        OVERTAKEN = "overtaken", _("pausing what was overtaken")
        START = "start", _("starting campaigns and lanes")
        SUBJECTS = "subjects", _("choosing one of two subjects")
        QUIET = "quiet", _("quiet hours")
        RETRY = "retry", _("queuing what may be tried again")
        CANCEL = "cancel", _("going on with cancellations")
        BREAKER = "breaker", _("pausing what does harm")
        CLOSE = "close", _("closing lanes and campaigns")

    step = models.CharField(max_length=10, choices=Step)
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="faults")
    alliance = models.ForeignKey(Alliance, models.CASCADE, null=True, related_name="+")
    why = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    objects = FaultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "campaign", "alliance"],
                name="a_fault_is_one_row",
                nulls_distinct=False,
            )
        ]


def unseen_reminders() -> Q:
    """Campaigns that are reminders at which the scheduler could not look before they leave."""
    missed = Fault.objects.filter(step=Fault.Step.REMINDERS)
    of_it = models.Exists(missed.filter(campaign=models.OuterRef("pk")))
    of_all = models.Exists(missed.filter(campaign=None))
    return Q(reminder__isnull=False) & (Q(of_it) | Q(of_all))


MORE = {"times": F("times") + 1, "last_at": Now()}
