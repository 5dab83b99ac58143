"""Why somebody may be written to at all, and what each country's law says of it: the matrix."""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.scope import Viewer


class Purpose(models.TextChoices):
    MISSIONS = "missions", _("missions and events")
    NEWS = "news", _("news")
    PRESS = "press", _("press releases")


class Basis(models.TextChoices):
    CONSENT = "consent", _("consent")
    SOFT_OPT_IN = "soft-opt-in", _("soft opt-in")
    MEMBER = "member", _("membership")
    LEGITIMATE_INTEREST = "legitimate-interest", _("legitimate interest")
    PUBLIC_TASK = "public-task", _("public task")


class BasisRuleQuerySet(models.QuerySet["BasisRule"]):
    def visible_to(self, user: Viewer) -> Self:
        """Everybody who signs in may know why somebody cannot be written to."""
        return self.all() if user.is_authenticated else self.none()

    def valid_on(self, day: dt.date) -> Self:
        return self.filter(during__contains=day)

    def in_order(self) -> Self:
        return self.order_by("country", "purpose", "basis", "recipient", "during")


@tracked()
class BasisRule(models.Model):
    """Whether a reason to write is one in a country, for a purpose and a kind of reader.

    What no rule speaks of is allowed. A rule without a country holds in every country that has
    none of its own for the same purpose, basis and reader.
    """

    class Recipient(models.TextChoices):
        COMPANY = "company", _("people at an organisation")
        PRIVATE = "private", _("people without an organisation")
        FOLLOWER = "follower", _("followers")
        MEDIA = "media", _("journalists")

    country = models.CharField(_("country"), max_length=2, blank=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    basis = models.CharField(_("legal basis"), max_length=20, choices=Basis)
    recipient = models.CharField(_("reader"), max_length=8, choices=Recipient)
    allowed = models.BooleanField(_("allowed"))
    during = DateRangeField()
    note = models.TextField(_("what follows from it"), max_length=600, blank=True)
    law = models.CharField(_("source in the law"), max_length=300)

    objects = BasisRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_rule_at_a_time",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    ("purpose", RangeOperators.EQUAL),
                    ("basis", RangeOperators.EQUAL),
                    ("recipient", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
