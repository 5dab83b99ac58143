"""What the nightly work on proofs and on old data found, a row each night and rule."""

from typing import Self, TypeVar

from django.db import models

from crm.models.scope import Viewer, scope_of

Row = TypeVar("Row", bound=models.Model)


class OfAdministrators(models.QuerySet[Row]):
    def visible_to(self, user: Viewer) -> Self:
        return self.all() if scope_of(user).admin else self.none()


class ConsentCheckQuerySet(OfAdministrators["ConsentCheck"]):
    pass


class RetentionRunQuerySet(OfAdministrators["RetentionRun"]):
    pass


class ConsentCheck(models.Model):
    """One comparison of all legal bases with the consent records they come from."""

    at = models.DateTimeField()
    compared = models.IntegerField()
    """Legal bases and what the records say, taken together."""
    barred = models.IntegerField(default=0)
    """Legal bases that the rules of a country let hold no longer, or again, since the last look."""
    differences = models.JSONField(default=list)
    """The first of them: what differs, the person's id, purpose and alliance."""
    differing = models.IntegerField(default=0)

    objects = ConsentCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]


class RetentionRun(models.Model):
    """What one rule found too old on one night, and what went."""

    rule = models.CharField(max_length=40)
    at = models.DateTimeField()
    before = models.DateTimeField()
    """What is older than this is too old."""
    due = models.IntegerField()
    gone = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    """None: it was cut short, and the next one goes on."""
    by = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+")

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        indexes = [models.Index(fields=["rule", "-at"], name="last_run_of_a_rule")]
