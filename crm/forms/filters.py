"""How a list can be narrowed: questions with choices, each choice a condition on the rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Choice:
    """One value of a filter: what the address carries, its name, and which rows it keeps."""

    value: str
    label: str
    keeps: Q


@dataclass(frozen=True)
class Filter:
    """One question that narrows a list; at most one of its choices is on."""

    param: str
    label: str
    choices: list[Choice]
    counted: bool = True
    """False where counting every choice would cost more than it tells."""


def of_field(
    param: str, label: str, choices: Iterable[tuple[str, object]], path: str | None = None
) -> Filter:
    """A filter on one column of the rows themselves."""
    return Filter(
        param,
        label,
        [Choice(value, str(name), Q(**{path or param: value})) for value, name in choices],
    )
