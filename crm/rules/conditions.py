"""The tree of typed conditions that a saved view, a list's address and an audience share.

`{"all": […]}`, `{"any": […]}`, `{"not": …}` and leaves `{"f": field, "op": "in", "v": [values]}`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Answer = TypeVar("Answer")
DEEPEST = 12
MOST_VALUES = 200
RELATIVE = ("last", "next")
"""Of a day: so many days ago at most; so many days ahead at most. Today is in both."""
OPERATORS = ("in", "contains", "before", "after", *RELATIVE, "empty")
"""One of the values; a part of the text; earlier or less; later or more; near; not known."""


class InvalidCondition(ValueError):
    """A tree that cannot be asked; the message is a sentence for the user."""


def fold_tree(
    tree: Mapping[str, Any],
    *,
    leaf: Callable[[str, str, list[str]], Answer],
    all_of: Callable[[list[Answer]], Answer],
    any_of: Callable[[list[Answer]], Answer],
    negate: Callable[[Answer], Answer],
    depth: int = 0,
) -> Answer:
    """Walk a tree from its leaves (field, operator, values) up; InvalidCondition if it is none."""
    if depth > DEEPEST or not isinstance(tree, Mapping):
        raise InvalidCondition("The conditions are nested too deeply or are not conditions.")

    def walk(branch: Mapping[str, Any]) -> Answer:
        return fold_tree(
            branch, leaf=leaf, all_of=all_of, any_of=any_of, negate=negate, depth=depth + 1
        )

    match dict(tree):
        case {"all": [*branches], **rest} if branches and not rest:
            return all_of([walk(branch) for branch in branches])
        case {"any": [*branches], **rest} if branches and not rest:
            return any_of([walk(branch) for branch in branches])
        case {"not": branch, **rest} if not rest:
            return negate(walk(branch))
        case {"f": str(field), "op": str(operator), "v": [*values], **rest} if not rest:
            if _askable(operator, values):
                return leaf(field, operator, values)
    raise InvalidCondition(f"“{str(dict(tree))[:80]}” is not a condition.")


def _askable(operator: str, values: list[Any]) -> bool:
    if operator not in OPERATORS or len(values) > MOST_VALUES:
        return False
    if bool(values) == (operator == "empty"):
        return False
    # PostgreSQL has no NUL in texts.
    return all(isinstance(value, str) and "\x00" not in value for value in values)
