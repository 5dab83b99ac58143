"""Two languages of a text side by side."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.beside import State, aligned, changed_since

NAMES = [letter * 8 for letter in "abcdefg"]
ORDERS = st.permutations(NAMES).flatmap(
    lambda all_: st.integers(0, len(all_)).map(lambda n: all_[:n])
)


def block(name: str, text: str = "one", kind: str = "text") -> dict[str, Any]:
    return {"id": name, "kind": kind, "text": text}


def shown(own: list[str], other: list[str]) -> list[tuple[str, str]]:
    mine, theirs = ([block(name * 8) for name in each] for each in (own, other))
    return [
        ("" if place is None else own[place], there["id"][0] if there else "")
        for place, there in aligned(mine, theirs)
    ]


def test_blocks_stand_in_ones_own_order_with_the_same_beside_them() -> None:
    assert shown(["b", "a"], ["a", "b"]) == [("b", "b"), ("a", "a")]


def test_what_only_the_other_has_stands_where_it_stands_there() -> None:
    found = shown(["b", "e"], ["a", "b", "c", "d", "e"])
    assert found == [("", "a"), ("b", "b"), ("", "c"), ("", "d"), ("e", "e")]


def test_what_the_other_has_not_has_nothing_beside_it() -> None:
    assert shown(["a", "b"], ["b"]) == [("a", ""), ("b", "b")]
    assert shown(["a"], []) == [("a", "")]


@given(ORDERS, ORDERS)
def test_every_block_of_both_is_there_once(own: list[str], other: list[str]) -> None:
    rows = aligned([block(name) for name in own], [block(name) for name in other])

    assert [place for place, _there in rows if place is not None] == [*range(len(own))]
    assert sorted(there["id"] for _place, there in rows if there) == sorted(other)
    for place, there in rows:
        if place is not None:
            assert (there["id"] if there else None) == (own[place] if own[place] in other else None)


def test_texts_from_before_blocks_had_ids_are_laid_together_by_their_kinds() -> None:
    old = [{"kind": "heading", "text": "Titre"}, {"kind": "text", "text": "Mots"}]

    rows = aligned([block("a" * 8, kind="heading"), block("b" * 8)], old)

    assert [(place, there and there["text"]) for place, there in rows] == [
        (0, "Titre"),
        (1, "Mots"),
    ]


def at(minute: int, *blocks: dict[str, Any]) -> State:
    moment = dt.datetime(2026, 3, 1, 9, minute, tzinfo=dt.UTC)
    return moment, {each["id"]: each for each in blocks}


def test_what_the_other_language_changed_after_ones_own_words_is_told() -> None:
    own = [at(1, block("a", "un"), block("b", "deux"))]
    other = [
        at(0, block("a", "one"), block("b", "two")),
        at(2, block("a", "one, and more"), block("b", "two")),
    ]

    assert changed_since(own, other) == {
        "a": (block("a", "one"), block("a", "one, and more")),
    }


def test_ones_own_words_that_came_later_have_seen_the_change() -> None:
    own = [at(1, block("a", "un")), at(3, block("a", "un, et plus"))]
    other = [at(0, block("a", "one")), at(2, block("a", "one, and more"))]

    assert changed_since(own, other) == {}


def test_a_change_of_another_block_has_seen_nothing() -> None:
    own = [at(1, block("a", "un"), block("b", "x")), at(3, block("a", "un"), block("b", "y"))]
    other = [at(0, block("a", "one")), at(2, block("a", "1"))]

    assert [*changed_since(own, other)] == ["a"]


def test_of_what_was_written_at_once_nothing_has_changed_since() -> None:
    own = [at(0, block("a", "un")), at(2, block("a", "le premier"))]
    other = [at(0, block("a", "one")), at(2, block("a", "the first"))]

    assert changed_since(own, other) == changed_since(other, own) == {}


def test_nothing_is_told_of_what_was_not_there_then_or_is_not_there_now() -> None:
    own = [at(1, block("a", "un"), block("b", "deux"))]

    assert changed_since(own, [at(2, block("a", "one")), at(3, block("a", "1"))]) == {}
    assert changed_since(own, [at(0, block("a", "one")), at(2)]) == {}
    assert changed_since(own, []) == changed_since([], own) == {}


def test_a_change_that_was_taken_back_is_none() -> None:
    own = [at(1, block("a", "un"))]
    other = [at(0, block("a", "one")), at(2, block("a", "1")), at(3, block("a", "one"))]

    assert changed_since(own, other) == {}
