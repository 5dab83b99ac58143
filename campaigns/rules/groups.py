"""A tree of conditions as the builder draws it: a group of rows, with groups of rows in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.rules.conditions import InvalidCondition
from crm.rules.queries import Leaf

ALL, ANY, NONE = "all", "any", "none"
MODES = (ALL, ANY, NONE)


class CannotBeDrawn(InvalidCondition):
    """A tree that the builder has no rows for, though it can be asked."""


@dataclass(frozen=True)
class Group:
    """Conditions of which all, any or none must hold."""

    mode: str = ALL
    rows: tuple[Leaf, ...] = ()
    groups: tuple["Group", ...] = ()

    @property
    def tree(self) -> dict[str, Any]:
        """As it is saved; {} where nothing is asked."""
        inner = [group.tree for group in self.groups]
        branches = [*(row.tree for row in self.rows), *(tree for tree in inner if tree)]
        if not branches:
            return {}
        return {"not": {ANY: branches}} if self.mode == NONE else {self.mode: branches}


def group_of(tree: Mapping[str, Any]) -> Group:
    """The group that a tree stands for. Raises CannotBeDrawn."""
    row = _row(tree)
    if row:
        return Group(ALL, (row,))
    return _group(tree, deeper=True) if tree else Group()


def _group(tree: Mapping[str, Any], *, deeper: bool) -> Group:
    mode, branches = _branches(tree)
    rows, groups = [], []
    for branch in branches:
        row = _row(branch)
        if row:
            rows.append(row)
        elif deeper:
            groups.append(_group(branch, deeper=False))
        else:
            raise CannotBeDrawn("The conditions are nested too deeply.")
    return Group(mode, tuple(rows), tuple(groups))


def _branches(tree: Any) -> tuple[str, list[Any]]:
    match tree:
        case {"all": [*branches], **rest} if not rest:
            return ALL, branches
        case {"any": [*branches], **rest} if not rest:
            return ANY, branches
        case {"not": {"any": [*branches], **inner}, **rest} if not rest and not inner:
            return NONE, branches
    raise CannotBeDrawn("The conditions are none that stand in rows.")


def _row(tree: Any) -> Leaf | None:
    match tree:
        case {"f": str(field), "op": str(operator), "v": [*values]}:
            return Leaf(field, operator, tuple(values))
        case {"not": {"f": str(field), "op": str(operator), "v": [*values]}}:
            return Leaf(field, operator, tuple(values), negated=True)
    return None
