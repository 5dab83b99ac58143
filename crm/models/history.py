"""What the database itself remembers: earlier states of rows, and acts worth answering for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.auth import get_user_model
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


@dataclass(frozen=True)
class Change:
    """One change of a row: when, by whom, and each field's name with its former and new value."""

    at: dt.datetime
    by: str
    fields: list[tuple[str, str, str]]


def changes_of(row: models.Model) -> list[Change]:
    """Every change of a tracked row, newest first; who may see the row may see them."""
    shown = [
        field
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key and field.name != "version"
    ]
    references = [field.name for field in shown if field.is_relation]
    former = row.history.select_related("pgh_context", *references)  # type: ignore[attr-defined]
    states: list[Any] = [*former.order_by("pgh_id"), row]
    people = get_user_model()._default_manager.in_bulk(
        {state.pgh_context.metadata.get("user") for state in states[:-1] if state.pgh_context}
        - {None}
    )
    changes = []
    for before, after in pairwise(states):
        fields = [
            (str(field.verbose_name), _said(before, field), _said(after, field))
            for field in shown
            if getattr(before, field.attname) != getattr(after, field.attname)
        ]
        if fields:
            who = before.pgh_context and people.get(before.pgh_context.metadata.get("user"))
            changes.append(Change(before.pgh_created_at, str(who or ""), fields))
    return changes[::-1]


def _said(state: Any, field: Any) -> str:
    value = getattr(state, field.name)
    if value in (None, ""):
        return "–"
    return str(dict(field.flatchoices).get(value, value))


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
