"""What the database itself remembers: earlier states of rows, and acts worth answering for."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.auth import get_user_model
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext

Model = TypeVar("Model", bound=type[models.Model])


class _PlannedAnew(pghistory.trigger.Event):
    """PostgreSQL plans it for the number of rows that each statement brings.

    Otherwise a session keeps the plan of its first statement. That is mostly of one row: ten
    thousand that are changed later would be compared each with each, which takes minutes.
    """

    def get_func(self, model: Any) -> Any:
        func: Any = super().get_func(model)  # type: ignore[no-untyped-call]
        statement = func.func.removesuffix("RETURN NULL;").rstrip(" ;")
        func.func = f"EXECUTE $history${statement}$history$; RETURN NULL;"
        return func


class _Statements(pghistory.RowEvent):
    """An event of a whole statement, so that bulk updates are seen."""

    def add_event_trigger(self, event_model: Any) -> None:
        event: Any = _PlannedAnew
        trigger = event(
            event_model=event_model,
            label=self.label,
            name=self.trigger_name,
            row=pghistory.Old,
            operation=self.operation,
            condition=self.condition,
            level=pgtrigger.Statement,
        )
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


class _Updated(_Statements, pghistory.UpdateEvent):
    row = pghistory.Old


class _Deleted(_Statements, pghistory.DeleteEvent):
    pass


def tracked(*, without: Iterable[str] = ()) -> Callable[[Model], Model]:
    """Keep every earlier state of a row, whether it was changed alone or with others.

    `without` names columns that follow from others, of which no history is told.
    """

    def track(model: Model) -> Model:
        return pghistory.track(  # type: ignore[no-any-return]
            _Updated(),
            _Deleted(),
            model_name=f"{model.__name__}History",
            exclude=list(without),
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        )(model)

    return track


def history_of(model: type[models.Model]) -> Any:
    """The model of a tracked model's earlier states."""
    return model.history.field.model  # type: ignore[attr-defined]


def append_only(name: str = "append_only") -> pgtrigger.Protect:
    """A trigger that refuses UPDATE and DELETE."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


@dataclass(frozen=True)
class Change:
    """One change of a row: when, by whom, and each field's name with its former and new value."""

    at: dt.datetime
    by: str
    fields: list[tuple[str, str, str]]


def changes_among(rows: Iterable[models.Model]) -> dict[models.Model, list[Change]]:
    """Every change of tracked rows, newest first, in one question for each kind of them.

    Who may see a row may see its changes.
    """
    changes: dict[models.Model, list[Change]] = {}
    for kind, alike in groupby(rows, key=type):
        now = {row.pk: row for row in alike}
        states: dict[int, list[Any]] = {pk: [] for pk in now}
        for state in _former(kind, now):
            states[state.pgh_obj_id].append(state)
        changes |= {row: _changes([*states[pk], row]) for pk, row in now.items()}
    return changes


def _former(kind: type[models.Model], pks: Iterable[int]) -> models.QuerySet[Any]:
    """Earlier states of these rows, the oldest first, each with who ended it: `ended_by`."""
    references = [field.name for field in _shown(kind) if field.is_relation]
    by = Cast(KeyTextTransform("user", "pgh_context__metadata"), models.BigIntegerField())
    user = get_user_model()._default_manager.filter(pk=OuterRef("ended_by_id"))
    name = Coalesce(NullIf("name", Value("")), F("email"), output_field=models.TextField())
    rows = history_of(kind)._default_manager
    former: models.QuerySet[Any] = (
        rows.filter(pgh_obj__in=list(pks))
        .select_related(*references)
        .alias(ended_by_id=by)
        .annotate(ended_by=Subquery(user.values_list(name)))
        .order_by("pgh_id")
    )
    return former


def _shown(kind: type[models.Model]) -> list[Any]:
    return [
        field
        for field in kind._meta.concrete_fields
        if field.editable and not field.primary_key and field.name != "version"
    ]


def _changes(states: list[Any]) -> list[Change]:
    shown = _shown(type(states[-1]))
    changes = []
    for before, after in pairwise(states):
        fields = [
            (str(field.verbose_name), _said(before, field), _said(after, field))
            for field in shown
            if getattr(before, field.attname) != getattr(after, field.attname)
        ]
        if fields:
            changes.append(Change(before.pgh_created_at, before.ended_by or "", fields))
    return changes[::-1]


def _said(state: Any, field: Any) -> str:
    value = getattr(state, field.name)
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, dict):  # a text per language
        return " / ".join(f"{code.upper()}: {text}" for code, text in value.items() if text)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, DateRange):
        last = value.upper and value.upper - dt.timedelta(days=1)
        return f"{value.lower or '…'} – {last or '…'}"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
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
