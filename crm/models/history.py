"""What the database itself remembers: earlier states of rows, and acts worth answering for."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.utils import timezone

Model = TypeVar("Model", bound=type[models.Model])


def tracked() -> Callable[[Model], Model]:
    """Keep every earlier state of a row (statement-level triggers: bulk updates are seen, too)."""

    def track(model: Model) -> Model:
        return pghistory.track(  # type: ignore[no-any-return]
            pghistory.UpdateEvent(row=pghistory.Old, level=pgtrigger.Statement),
            pghistory.DeleteEvent(level=pgtrigger.Statement),
            model_name=f"{model.__name__}History",
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        )(model)

    return track


def append_only(name: str = "append_only") -> pgtrigger.Protect:
    """A trigger that refuses UPDATE and DELETE."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class AuditEntry(models.Model):
    """One act worth answering for: who did what to which row, and when it truly happened."""

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    row_id = models.BigIntegerField(null=True)
    cluster = models.ForeignKey("crm.Cluster", models.PROTECT, null=True, related_name="+")
    count = models.IntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        triggers = [append_only()]
        # The record page's "who did what" reads one row's acts, newest first.
        indexes = [models.Index(fields=["noun", "row_id", "-at"], name="audit_of_a_row")]
