"""The tree of typed conditions."""

from typing import Any

import pytest

from crm.rules.conditions import DEEPEST, InvalidCondition, fold_tree

LEAF = {"f": "kind", "op": "in", "v": ["contact"]}


def spoken(tree: Any) -> str:
    return fold_tree(
        tree,
        leaf=lambda field, operator, values: f"{field}={'/'.join(values)}",
        all_of=lambda parts: f"({' and '.join(parts)})",
        any_of=lambda parts: f"({' or '.join(parts)})",
        negate=lambda part: f"not {part}",
    )


def test_a_tree_is_walked_from_its_leaves_up() -> None:
    tree = {"all": [LEAF, {"any": [LEAF, {"not": LEAF}]}]}

    assert spoken(tree) == "(kind=contact and (kind=contact or not kind=contact))"


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"all": []},
        {"any": "kind"},
        {"all": [LEAF], "any": [LEAF]},
        {"not": [LEAF]},
        {"f": "kind", "op": "in", "v": []},
        {"f": "kind", "op": "like", "v": ["%"]},
        {"f": "kind", "op": "in", "v": "contact"},
        {"f": "kind", "op": "in", "v": [1]},
        {"f": "kind", "op": "in", "v": [{}]},
        {"f": "kind", "op": "in", "v": ["con\x00tact"]},
        {"f": 1, "op": "in", "v": ["contact"]},
        {**LEAF, "sql": "drop"},
        None,
        [],
        "all",
        7,
    ],
)
def test_what_is_no_tree_is_refused(tree: Any) -> None:
    with pytest.raises(InvalidCondition):
        spoken(tree)


def test_a_tree_too_deep_is_refused() -> None:
    tree: dict[str, Any] = LEAF
    for _level in range(DEEPEST + 1):
        tree = {"not": tree}

    with pytest.raises(InvalidCondition, match="too deeply"):
        spoken(tree)
