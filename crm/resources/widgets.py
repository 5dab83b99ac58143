"""How one cell of a list is read and written. Reading is what `crm.rules.cells` says.

`clean` raises BadCell, a ValueError, with a sentence that says what to write instead.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language
from import_export.widgets import Widget

from crm.rules import cells
from crm.rules.cells import BadCell
from crm.rules.formulas import unescaped
from crm.rules.names import fold
from crm.rules.tables import Value

Codes = Mapping[str, Mapping[str, Any]]


def reader_language() -> str:
    return (get_language() or "en")[:2]


class Text(Widget):
    """A text in one line."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = unescaped(str(value or ""))
        if cells.is_nothing(text):
            return None
        text = cells.plain(text)
        return self.read(text, **kwargs) if text else None

    def read(self, text: str, **_kwargs: Any) -> Any:
        return text

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        return str(value) if value not in (None, "") else ""


class Parsed(Text):
    """A text that a rule makes a value of."""

    def __init__(self, rule: Callable[[str], Any], said: Callable[[Any, str], str] | None = None):
        super().__init__()
        self._rule = rule
        self._said = said

    def read(self, text: str, **_kwargs: Any) -> Any:
        return self._rule(text)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        if value in (None, ""):
            return ""
        return self._said(value, reader_language()) if self._said else str(value)


class Phone(Text):
    def read(self, text: str, country: str = "", **_kwargs: Any) -> Any:
        return cells.phone(text, country)


class Mailboxes(Text):
    """Every mailbox of the cell."""

    def read(self, text: str, **_kwargs: Any) -> Any:
        return cells.addresses(text)[0]


class Number(Parsed):
    """A whole number, also in the file."""

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        return value if isinstance(value, int) else None


class Day(Widget):
    """A day, also in the file."""

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        return value if isinstance(value, dt.date) else None


class Coded(Text):
    """One of the words that the column may hold."""

    def __init__(self, name: str, said: Callable[[Any], str] = str) -> None:
        super().__init__()
        self.name = name
        self._said = said

    def read(self, text: str, codes: Codes | None = None, **_kwargs: Any) -> Any:
        known = (codes or {}).get(self.name, {})
        if fold(text) not in known:
            raise BadCell(f"“{text[:40]}” is no {self.name} we know.")
        return known[fold(text)]

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        return self._said(value) if value not in (None, "") else ""


class Choice(Coded):
    """One of a column's choices, by its name."""

    def __init__(self, name: str, choices: type[TextChoices]) -> None:
        names = dict(choices.choices)
        super().__init__(name, lambda value: str(names.get(value, value)))


class Several(Coded):
    """Any number of such words."""

    def read(self, text: str, codes: Codes | None = None, **_kwargs: Any) -> Any:
        return tuple(
            sorted({super(Several, self).read(part, codes) for part in cells.several(text)})
        )

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        return "; ".join(self._said(code) for code in value or ())


class Listed(Widget):
    """Several texts, none of which is read."""

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Value:
        return "; ".join(map(str, value or ()))
