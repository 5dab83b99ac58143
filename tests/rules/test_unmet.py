"""Which parts of a tree of conditions decide whether it holds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.unmet import grounds, holds, leaves, unmet


def leaf(name: str) -> dict[str, Any]:
    return {"f": name, "op": "in", "v": ["1"]}


FRENCH, SME, VIP, LYON = map(leaf, ("french", "sme", "vip", "lyon"))
trees = st.recursive(
    st.sampled_from([FRENCH, SME, VIP, LYON]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
truths = st.sets(st.sampled_from(["french", "sme", "vip", "lyon"]))


def of(*true: str) -> Any:
    return lambda field, _operator, _values: field in true


@pytest.mark.parametrize(
    ("tree", "true", "said"),
    [
        ({"all": [FRENCH, SME]}, ["sme"], [FRENCH]),
        ({"all": [FRENCH, SME]}, [], [FRENCH, SME]),
        ({"all": [FRENCH, SME]}, ["french", "sme"], []),
        ({"any": [FRENCH, SME]}, ["vip"], [{"any": [FRENCH, SME]}]),
        ({"all": [SME, {"any": [FRENCH, LYON]}]}, ["sme"], [{"any": [FRENCH, LYON]}]),
        ({"not": {"any": [VIP, LYON]}}, ["vip"], [{"not": VIP}]),
        ({"not": {"all": [VIP, LYON]}}, ["vip", "lyon"], [{"not": {"all": [VIP, LYON]}}]),
        ({"all": [{"not": VIP}]}, ["vip"], [{"not": VIP}]),
    ],
)
def test_what_fails_is_named_and_nothing_else(tree: Any, true: list[str], said: Any) -> None:
    assert unmet(tree, of(*true)) == said


def test_what_holds_is_named_by_its_grounds() -> None:
    assert grounds({"any": [VIP, LYON]}, of("vip")) == [VIP]
    assert grounds({"any": [VIP, {"all": [SME, LYON]}]}, of("sme", "lyon")) == [
        {"all": [SME, LYON]}
    ]
    assert grounds({"any": [VIP, LYON]}, of("sme")) == []


@given(trees, truths)
def test_there_are_reasons_exactly_where_it_fails(tree: Any, true: set[str]) -> None:
    told = unmet(tree, of(*true))

    assert bool(told) != holds(tree, of(*true))
    assert not any(holds(part, of(*true)) for part in told)
    assert bool(grounds(tree, of(*true))) == holds(tree, of(*true))
    assert all(holds(part, of(*true)) for part in grounds(tree, of(*true)))


def test_every_condition_is_met_once() -> None:
    tree = {"all": [SME, {"not": {"any": [SME, VIP]}}]}

    assert leaves(tree) == [("sme", "in", ("1",)), ("vip", "in", ("1",))]
