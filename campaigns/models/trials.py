"""Two subjects of one campaign, of which readers who were drawn get either."""

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.models.deliveries import Delivery
from crm.models import User
from crm.models.history import tracked
from crm.models.texts import TextsField

LEAST_SHARE, MOST_SHARE = 5, 40  # % of the readers who get either subject
MOST_HOURS = 72


def _seed() -> str:
    return secrets.token_hex(16)


@tracked()
class Trial(models.Model):
    """A second subject of a campaign, and how it is found out which of the two is better.

    A share of each lane's readers, drawn at random, gets the first; as many get the second. All
    others wait until somebody chooses, or the hours are over.
    """

    class Subject(models.TextChoices):
        FIRST = "a", _("the first subject")
        SECOND = "b", _("the second subject")

    class Policy(models.TextChoices):
        """What happens when the hours are over and nobody chose."""

        FIRST = "a", _("the first subject")
        SECOND = "b", _("the second subject")
        BETTER = "better", _("the better one; the first where they cannot be told apart")

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="trial")
    subjects = TextsField(_("second subject"))
    share = models.PositiveSmallIntegerField(
        _("share of the readers who get either subject"),
        default=10,
        validators=[MinValueValidator(LEAST_SHARE), MaxValueValidator(MOST_SHARE)],
        help_text=_("In percent, for each of the two."),
    )
    hours = models.PositiveSmallIntegerField(
        _("hours until the others follow"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
    )
    policy = models.CharField(
        _("if nobody chooses"), max_length=6, choices=Policy, default=Policy.BETTER
    )
    seed = models.CharField(
        max_length=32, default=_seed, help_text="The key of the draw: the same for all lanes."
    )
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="When the hours are over; empty: they have not begun."
    )
    slept_until = models.DateTimeField(
        null=True, blank=True, help_text="Until when all its lanes sleep, which does not count."
    )
    chosen = models.CharField(max_length=1, choices=Subject, blank=True)
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what_was_chosen_was_chosen_at_some_time",
                condition=Q(chosen="", chosen_at=None, chosen_by=None)
                | (~Q(chosen="") & Q(chosen_at__isnull=False)),
            )
        ]

    @property
    def for_the_rest(self) -> Delivery.Subject:
        """What a delivery is given that was not drawn, once a subject was chosen."""
        second = self.chosen == self.Subject.SECOND
        return Delivery.Subject.CHOSEN_SECOND if second else Delivery.Subject.CHOSEN_FIRST


def trial_of(campaign: Campaign) -> Trial | None:
    """Without a question where the campaign was read with it."""
    return getattr(campaign, "trial", None)
