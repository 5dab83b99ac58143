"""The history of several rows as one, each change with what it is about."""

from dataclasses import dataclass

from django.db.models import Model

from crm.models import Change, changes_among


@dataclass(frozen=True)
class Told:
    """One change, and of which of the page's rows."""

    about: str
    change: Change


def timeline(*rows: tuple[Model, str]) -> list[Told]:
    """Every change of the rows, newest first. The words beside a row say which one it is."""

    changes = changes_among(row for row, _about in rows)
    told = (Told(about, change) for row, about in rows for change in changes[row])
    return sorted(told, key=lambda each: each.change.at, reverse=True)
