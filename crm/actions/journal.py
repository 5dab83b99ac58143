"""A journal of changed rows, from which an act can be taken back later.

Each step holds the values before and after. Taken back in reverse order, each step finds the
tables as it left them; where somebody changed a row since, that row stays and is named.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

Step = dict[str, Any]
Values = dict[str, Any]

# Counts changes so that a page opened before one is refused: it only ever goes up.
COUNTER = "version"


class Journal:
    """Changes rows, and writes down how to take each change back."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def update(self, row: models.Model, **values: Any) -> None:
        """Set columns of a row; columns that have the value already are left out."""
        before = _said(row, values)
        _rows(row).filter(pk=row.pk).update(**values)
        row.refresh_from_db(fields=[row._meta.get_field(name).name for name in values])
        after = _said(row, values)
        changed = [name for name in before if before[name] != after[name]]
        if changed:
            self._write(
                "update",
                row,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )

    def remember(self, row: models.Model, *names: str) -> None:
        """Write down columns as they are, so that a later change to them is seen and stays."""
        said = _said(row, names)
        self._write("update", row, before=said, after=said)

    def insert(self, row: models.Model) -> None:
        row.save(force_insert=True)
        row.refresh_from_db()
        self._write("insert", row, after=_all(row))

    def delete(self, row: models.Model) -> None:
        self._write("delete", row, before=_all(row))
        row.delete()

    def _write(self, act: str, row: models.Model, **values: Values) -> None:
        self.steps.append({"act": act, "noun": row._meta.model_name, "pk": row.pk, **values})


def take_back(steps: list[Step], *, by_column: frozenset[str] = frozenset()) -> list[Step]:
    """Take steps back, the last one first; those that stay as they are, with the names of fields.

    Of the nouns in `by_column` only the changed columns of a row stay; of others the whole row.
    """
    return [kept for step in reversed(steps) if (kept := _taken_back(step, by_column))]


def _taken_back(step: Step, by_column: frozenset[str]) -> Step | None:
    model = apps.get_model("crm", step["noun"])
    try:
        with transaction.atomic():
            row = (
                model._default_manager.select_for_update(of=("self",)).filter(pk=step["pk"]).first()
            )
            if step["act"] == "delete":
                return _brought_back(model, step, row)
            if row is None:
                return _stays(step, [])
            changed = _changed(row, step["after"])
            if step["act"] == "insert":
                if changed:
                    return _stays(step, changed)
                row.delete()
                return None
            return _put_back(row, step, changed, whole=step["noun"] not in by_column)
    except (IntegrityError, models.ProtectedError):
        # What was written meanwhile stands in its way: another primary mailbox, another post.
        return _stays(step, [])


def _put_back(row: models.Model, step: Step, changed: list[str], *, whole: bool) -> Step | None:
    back = {} if whole and changed else _values(type(row), step["before"], without=changed)
    if back:
        _rows(row).filter(pk=row.pk).update(**back)
    return _stays(step, changed) if changed else None


def _brought_back(model: type[models.Model], step: Step, row: models.Model | None) -> Step | None:
    if row is not None:
        return _stays(step, [])
    model(**_values(model, step["before"])).save(force_insert=True)
    return None


def count_up(rows: Iterable[models.Model]) -> None:
    """A page of these rows that was opened before is refused from now on."""
    for row in rows:
        _rows(row).filter(pk=row.pk).update(**{COUNTER: F(COUNTER) + 1})


def _stays(step: Step, fields: list[str]) -> Step:
    return {"act": step["act"], "noun": step["noun"], "pk": step["pk"], "fields": fields}


def _changed(row: models.Model, after: Values) -> list[str]:
    present = _said(row, after)
    return [name for name, value in after.items() if present[name] != value]


def _rows(row: models.Model) -> "models.QuerySet[Any]":
    return type(row)._default_manager.all()


def _columns(row: models.Model) -> Iterator[str]:
    left_out = (COUNTER, *getattr(row, "WRITTEN_BY_THE_DATABASE", ()))
    for field in row._meta.concrete_fields:
        if field.name not in left_out:
            yield field.attname


def _all(row: models.Model) -> Values:
    return _said(row, _columns(row))


def _said(row: models.Model, names: Iterable[str]) -> Values:
    """Columns as JSON holds them."""
    said = {}
    for name in names:
        field: Any = row._meta.get_field(name)
        value = getattr(row, field.attname)
        plain = value is None or isinstance(value, bool | int | str | dict)
        said[name] = value if plain else field.value_to_string(row)
    return said


def _values(model: type[models.Model], said: Values, *, without: Iterable[str] = ()) -> Values:
    """Columns as the database takes them."""
    skipped = set(without)
    values = {}
    for name, value in said.items():
        if name not in skipped:
            field: Any = model._meta.get_field(name)
            is_json = isinstance(field, models.JSONField)
            values[name] = value if value is None or is_json else field.to_python(value)
    return values
