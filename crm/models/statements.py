"""Questions that every page asks: their statements are written once, and asked again and again.

Django takes longer to write a statement of nine parts than PostgreSQL to answer it. What is kept is
the statement, never an answer; `crm.models.scope.asked_by` keeps one user's from another.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 500
"""So many statements are kept by a process."""

Statement = tuple[str, tuple[Any, ...]]
NOTHING: Statement = ("", ())
_kept: dict[Hashable, Statement] = {}


def statement(key: Hashable, question: Callable[[], QuerySet[Any, Any]]) -> Statement:
    """The statement of a question, and its values; `NOTHING` where no row can be meant.

    The question may depend on nothing that is not in its key.
    """
    found = _kept.get(key)
    if found is None:
        try:
            found = question().query.sql_with_params()
        except EmptyResultSet:
            found = NOTHING
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = found
    return found


def answers(
    key: Hashable, question: Callable[[], QuerySet[Any, Any]], page: range | None = None
) -> list[tuple[Any, ...]]:
    """What the database says to such a question, or one page of it; JSON is text."""
    asked, values = statement(key, question)
    if not asked:
        return []
    if page is not None:
        asked, values = f"{asked} LIMIT %s OFFSET %s", (*values, len(page), page.start)
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
