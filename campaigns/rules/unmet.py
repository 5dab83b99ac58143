"""Which conditions of a tree stand between somebody and an audience.

A tree of all, any and not holds or does not; this says which of its parts decide that, each as a
tree of its own, as small as it can be.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crm.rules.conditions import fold_tree

Tree = Mapping[str, Any]
Holds = Callable[[str, str, list[str]], bool]


def holds(tree: Tree, leaf: Holds) -> bool:
    """Whether the tree holds of somebody of whom one knows that of its leaves."""
    return fold_tree(tree, leaf=leaf, all_of=all, any_of=any, negate=lambda part: not part)


def unmet(tree: Tree, leaf: Holds) -> list[Tree]:
    """The parts that do not hold and should; none where the whole tree holds."""
    return [] if holds(tree, leaf) else [*_against(tree, leaf)]


def grounds(tree: Tree, leaf: Holds) -> list[Tree]:
    """The parts by which the tree holds; none where it does not."""
    return [*_for(tree, leaf)] if holds(tree, leaf) else []


def leaves(tree: Tree) -> list[tuple[str, str, tuple[str, ...]]]:
    """Every condition in it as (field, operator, values), each once."""
    found: dict[tuple[str, str, tuple[str, ...]], None] = {}

    def take(field: str, operator: str, values: list[str]) -> bool:
        found[field, operator, tuple(values)] = None
        return True

    fold_tree(tree, leaf=take, all_of=all, any_of=any, negate=lambda part: part)
    return [*found]


def _against(tree: Tree, leaf: Holds) -> Iterator[Tree]:
    """Of all each that fails; of none each that holds; of any the whole, as one of it would do."""
    match dict(tree):
        case {"all": branches}:
            for branch in branches:
                yield from unmet(branch, leaf)
        case {"not": {"any": branches}}:
            for branch in branches:
                yield from ({"not": part} for part in grounds(branch, leaf))
        case _:
            yield tree


def _for(tree: Tree, leaf: Holds) -> Iterator[Tree]:
    """Of any each that holds; of all the whole, since it needs every one."""
    match dict(tree):
        case {"any": branches}:
            for branch in branches:
                yield from grounds(branch, leaf)
        case _:
            yield tree
