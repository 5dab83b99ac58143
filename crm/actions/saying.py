"""How changes of tracked rows are said: each field by its name, with its former and new value."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from crm.models import CustomField
from crm.models.codes import country_name, language_name
from crm.models.texts import in_language
from crm.models.together import Entry, Row
from crm.models.vocabulary import Words

Changes = list[tuple[str, str, str]]
NOTHING = "–"
CODES = {"language": language_name, "country": country_name}


def changed(model: type[models.Model], what: Row, words: Words | None = None) -> Entry | None:
    """What the change of one row says; None where nothing that is shown changed."""
    before, after = what["before"], what["after"] or {}
    by = what["by"] or ""
    changes = differences(model, before, after, words or Words())
    archived = [before.get("archived_at"), after.get("archived_at")]
    if archived[0] != archived[1]:
        title = _("Archived") if archived[1] else _("Restored")
        return Entry(title, by=by, changes=changes, tone="stop" if archived[1] else "ok")
    return Entry(_("Changed"), by=by, changes=changes) if changes else None


def differences(model: type[models.Model], before: Row, after: Row, words: Words) -> Changes:
    changes = []
    for name, former in before.items():
        new = after.get(name)
        if former == new or name in ("archived_at", "custom"):
            continue
        field = model._meta.get_field(name)
        label = _("Tags") if name == "tags" else str(field.verbose_name)  # type: ignore[union-attr]
        changes.append((label, value(field, former, words), value(field, new, words)))
    answers = before.get("custom") or {}, after.get("custom") or {}
    for key in dict.fromkeys([*answers[0], *answers[1]]):
        former, new = answers[0].get(key), answers[1].get(key)
        if former != new and key in words.fields:
            asked = words.fields[key]
            before_said, after_said = answer(asked, former), answer(asked, new)
            changes.append((asked.name, before_said or NOTHING, after_said or NOTHING))
    return changes


def value(field: Any, said: Any, words: Words) -> str:
    """A value of a column, as a history row tells it."""
    if said is None or said in ("", []):
        return NOTHING
    if isinstance(said, list):
        return ", ".join(tag.name for tag in words.tags_of(said)) or NOTHING
    if isinstance(said, dict):
        return in_language(said)
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    if isinstance(field, models.DateField):
        return day(str(said))
    name = CODES.get(field.name, dict(field.flatchoices).get)
    return str(name(said) or said)


def answer(field: CustomField, said: Any) -> str:
    """An answer to a custom field."""
    if said is None:
        return ""
    if field.kind == CustomField.Kind.YES_NO:
        return _("yes") if said else _("no")
    if field.kind == CustomField.Kind.DATE:
        return day(str(said))
    if field.kind == CustomField.Kind.NUMBER:
        return number_format(said, use_l10n=True, force_grouping=True)
    return str(said)


def answered(words: Words, row: Any) -> list[tuple[CustomField, str]]:
    """What a cluster asks, with the answer of one of its rows; "" where there is none."""
    return [(field, answer(field, row.custom.get(field.key))) for field in words.asked()]


def day(said: str) -> str:
    return date_format(dt.date.fromisoformat(said[:10]), "SHORT_DATE_FORMAT")


def period(said: str | None) -> str:
    """A dated range, as a history row tells it: "[2024-01-01,2026-06-01)"."""
    first, _comma, after = (said or "").strip("[)").partition(",")
    last = (dt.date.fromisoformat(after) - dt.timedelta(days=1)).isoformat() if after else ""
    return f"{day(first) if first else '…'} – {day(last) if last else '…'}"
