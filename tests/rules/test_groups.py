"""A tree of conditions and the groups that the builder draws of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.groups import ALL, ANY, MODES, NONE, CannotBeDrawn, Group, group_of
from crm.rules.conditions import fold_tree
from crm.rules.queries import Leaf

SME = {"f": "category", "op": "in", "v": ["sme"]}
ONCOLOGY = {"f": "area", "op": "in", "v": ["oncology"]}
NEVER = {"f": "answered", "op": "empty", "v": []}

leaves = st.builds(
    Leaf,
    st.sampled_from(["language", "area", "tag"]),
    st.just("in"),
    st.sampled_from([("fr",), ("de", "fr"), ("12",)]),
    st.booleans(),
)
rows = st.lists(leaves, max_size=2).map(tuple)
full_rows = st.lists(leaves, min_size=1, max_size=2).map(tuple)
inner = st.builds(Group, st.sampled_from(MODES), full_rows)
groups = st.builds(Group, st.sampled_from(MODES), rows, st.lists(inner, max_size=2).map(tuple))


@given(groups)
def test_what_is_drawn_is_what_was_saved(group: Group) -> None:
    if group.tree:
        assert group_of(group.tree) == group


def test_the_usual_readers_can_be_drawn() -> None:
    tree = {"any": [{"all": [SME, ONCOLOGY]}, NEVER]}
    drawn = group_of(tree)

    assert drawn.mode == ANY
    assert [row.field for row in drawn.rows] == ["answered"]
    assert drawn.groups[0].mode == ALL


def test_one_condition_is_a_group_of_one_row() -> None:
    assert group_of(SME) == group_of({"all": [SME]})
    assert group_of({"not": SME}).rows[0].negated
    assert group_of({"not": {"any": [SME]}}).mode == NONE
    assert group_of({}) == Group()


def test_an_empty_group_asks_nothing() -> None:
    assert Group(ANY, groups=(Group(ALL),)).tree == {}


@pytest.mark.parametrize(
    "tree",
    [
        {"not": {"all": [SME, ONCOLOGY]}},
        {"all": [{"any": [{"all": [SME]}, ONCOLOGY]}]},
        {"not": {"not": SME}},
        {"all": [SME], "any": [SME]},
        {"all": "sme"},
        {"all": [None]},
        {"f": 1, "op": "in", "v": []},
    ],
    ids=str,
)
def test_what_has_no_rows_is_told_so(tree: Any) -> None:
    with pytest.raises(CannotBeDrawn):
        group_of(tree)


@given(groups)
def test_a_group_is_a_tree_that_can_be_asked(group: Group) -> None:
    def asked(parts: list[int]) -> int:
        return sum(parts)

    tree = group.tree
    if tree:
        count = fold_tree(
            tree, leaf=lambda *_leaf: 1, all_of=asked, any_of=asked, negate=lambda part: part
        )
        assert count == len(group.rows) + sum(len(each.rows) for each in group.groups)
