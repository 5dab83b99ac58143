"""Rows of several tables in one question, newest first: what a record's timeline is made of.

Each source asks its own table and says what it found in words of its own. The sources' questions
become one UNION, so a page costs one question however many tables have something to tell.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Window
from django.db.models.functions import Cast, Coalesce, JSONObject, Lead
from django.utils.translation import gettext_lazy as _

from crm.models.users import User

Row = dict[str, Any]
Rows = QuerySet[Any, Any]


class Kind(models.TextChoices):
    """What a timeline can be narrowed to."""

    NOTES = "notes", _("Notes and files")
    MAILS = "mails", _("Mails")
    ANSWERS = "answers", _("Answers")
    PEOPLE = "people", _("People")
    CHANGES = "changes", _("Changes")
    CONSENT = "consent", _("Consent")
    IMPORTS = "imports", _("Imports")


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as the timeline says it."""

    title: str
    by: str = ""
    text: str = ""
    quoted: bool = False
    """Whether the text is somebody's own words, with their line ends."""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """Each field that changed: its name, its former and its new value."""
    url: str = ""
    tone: str = ""
    edit: str = ""
    remove: str = ""
    whole_day: bool = False
    """Whether only the day is known."""
    at: dt.datetime | None = None
    kind: str = ""

    @property
    def day(self) -> dt.date | None:
        """The day as the table says it, whatever the hour is where the reader is."""
        return self.at and self.at.astimezone(dt.UTC).date()


@dataclass(frozen=True)
class Source:
    """What one table tells: rows made by `told`, and how one of them is said (None: not at all)."""

    name: str
    kind: str
    rows: Rows
    say: Callable[[Row], Entry | None]


def told(rows: Rows, when: str | models.expressions.Combinable, /, **what: Any) -> Rows:
    """Of each row when it happened, and what of it is needed to say it."""
    moment = F(when) if isinstance(when, str) else when
    told_at = Cast(moment, models.DateTimeField())
    told_rows: Rows = rows.order_by().annotate(told_at=told_at, told_what=JSONObject(**what))
    return told_rows


def earlier(model: type[models.Model]) -> Rows:
    """The earlier states of a tracked model's rows."""
    history: Any = model.history.rel.related_model  # type: ignore[attr-defined]
    rows: Rows = history._default_manager.all()
    return rows


def told_changes(history: Rows, fields: Mapping[str, str], **more: Any) -> Rows:
    """Of each earlier state of tracked rows: these fields then and in the state that followed.

    A row that was deleted has no state that follows its last one.
    """
    state = JSONObject(**fields)
    now: Rows = history.model.pgh_tracked_model._default_manager.filter(pk=OuterRef("pgh_obj_id"))
    following = Window(Lead(state), partition_by=[F("pgh_obj_id")], order_by="pgh_id")
    after = Coalesce(following, Subquery(now.values(state=state)[:1]))
    more = {"by": changed_by(), **more}
    return told(history, "pgh_created_at", before=state, after=after, **more)


def changed_by(known: Rows | None = None) -> Subquery:
    """The name of who made a change, of those whose names the reader may know."""
    users: Rows = User.objects.all() if known is None else known
    who = users.filter(pk=Cast(OuterRef("pgh_context__metadata__user"), BigIntegerField()))
    return Subquery(who.values("name")[:1])


def newest(
    questions: Mapping[str, Rows], start: int, stop: int
) -> list[tuple[str, dt.datetime, Row]]:
    """From the `start`th to before the `stop`th of all that was told, newest first, in one query.

    Each answer has the name of its question, when it happened, and what was told.
    """
    parts = [
        rows.annotate(told_by=Value(name, output_field=models.CharField())).values_list(
            "told_at", "told_by", "told_what"
        )
        for name, rows in questions.items()
    ]
    if not parts:
        return []
    first, *others = parts
    rows = first.union(*others, all=True).order_by("-told_at", "told_by", "told_what")
    return [(name, at, what) for at, name, what in rows[start:stop]]


def as_row(model: type[models.Model], what: Row) -> Any:
    """A row of a model, as far as its fields are among what was told."""
    known = {each.attname: each for each in model._meta.concrete_fields}
    return model(
        **{name: known[name].to_python(value) for name, value in what.items() if name in known}
    )
