"""Two people's changes of one text: nothing of either is lost."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.reconcile import Conflict, Written, reconcile

NAMES = list("abcdefgh")
WORDS = st.sampled_from(["", "one", "two", "three", "four"])


def block(name: str, text: str = "one", **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "text", "text": text, **more}


@st.composite
def texts(draw: st.DrawFn) -> Written:
    names = draw(st.permutations(NAMES))[: draw(st.integers(0, len(NAMES)))]
    blocks = []
    for name in names:
        readers = draw(st.sampled_from([{}, {"readers": ["member"]}, {"readers": ["public"]}]))
        blocks.append(block(name, draw(WORDS), **readers))
    return Written(draw(WORDS), draw(WORDS), draw(st.booleans()), blocks)


def text(*blocks: dict[str, Any], **more: Any) -> Written:
    return Written("Subject", "Line", True, list(blocks), **more)


def by_id(written: Written) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in written.blocks}


@given(texts(), texts())
def test_where_one_changed_nothing_the_other_is_the_outcome(base: Written, one: Written) -> None:
    assert reconcile(base, one, base).written == one
    assert reconcile(base, base, one).written == one
    assert reconcile(base, one, base).conflicts == []
    assert reconcile(base, base, one).conflicts == []


@given(texts(), texts())
def test_two_who_did_the_same_are_of_one_mind(base: Written, both: Written) -> None:
    outcome = reconcile(base, both, both)

    assert outcome.written == both
    assert outcome.conflicts == []


@given(texts(), texts(), texts())
def test_no_word_of_either_is_lost(base: Written, mine: Written, theirs: Written) -> None:
    outcome = reconcile(base, mine, theirs)
    found, then = by_id(outcome.written), by_id(base)
    told = {(one.block, one.field): one.theirs for one in outcome.conflicts}

    for name, value in by_id(mine).items():
        if value != then.get(name) and value.get("text") != then.get(name, {}).get("text"):
            assert found[name]["text"] == value["text"]
    for name, value in by_id(theirs).items():
        if value != then.get(name) and value["text"] != then.get(name, {}).get("text"):
            assert value["text"] in (found[name]["text"], told.get((name, "text")))
    for head in ("subject", "preheader"):
        if getattr(theirs, head) != getattr(base, head):
            assert getattr(theirs, head) in (getattr(outcome.written, head), told.get(("", head)))
        if getattr(mine, head) != getattr(base, head):
            assert getattr(outcome.written, head) == getattr(mine, head)


@given(texts(), texts(), texts())
def test_every_block_is_there_once_and_none_comes_from_nowhere(
    base: Written, mine: Written, theirs: Written
) -> None:
    names = [each["id"] for each in reconcile(base, mine, theirs).written.blocks]

    assert len(names) == len(set(names))
    assert set(names) <= {*by_id(mine), *by_id(theirs)}
    assert {*by_id(mine)} & {*by_id(theirs)} <= set(names)


@given(texts(), st.randoms(use_true_random=False))
def test_one_moves_blocks_while_the_other_writes(base: Written, random: Any) -> None:
    moved = list(base.blocks)
    random.shuffle(moved)
    written = [{**each, "text": f"{each['text']} more"} for each in base.blocks]
    mine, theirs = replace(base, blocks=moved), replace(base, blocks=written)

    for one, other in ((mine, theirs), (theirs, mine)):
        outcome = reconcile(base, one, other)
        assert outcome.conflicts == []
        assert [each["id"] for each in outcome.written.blocks] == [each["id"] for each in moved]
        assert all(each["text"].endswith(" more") for each in outcome.written.blocks)


def test_two_blocks_that_two_people_moved_are_both_moved() -> None:
    a, b, c, d = (block(name) for name in "abcd")

    outcome = reconcile(text(a, b, c, d), text(b, a, c, d), text(a, b, d, c))

    assert [each["id"] for each in outcome.written.blocks] == list("badc")


def test_two_who_add_in_one_place_have_both() -> None:
    a, b = block("a"), block("b")

    outcome = reconcile(text(a, b), text(a, block("m"), b), text(a, block("t"), b))

    assert [each["id"] for each in outcome.written.blocks] == ["a", "m", "t", "b"]


def test_words_that_both_wrote_anew_are_both_told() -> None:
    outcome = reconcile(text(block("a")), text(block("a", "mine")), text(block("a", "theirs")))

    assert outcome.written.blocks == [block("a", "mine")]
    assert outcome.conflicts == [Conflict("a", "text", "mine", "theirs")]


def test_a_block_that_one_took_away_and_the_other_rewrote_stays() -> None:
    base = text(block("a"), block("b"), block("c"))
    without = text(block("a"), block("c"))
    rewritten = text(block("a"), block("b", "new"), block("c"))

    for mine, theirs in ((without, rewritten), (rewritten, without)):
        outcome = reconcile(base, mine, theirs)
        assert outcome.written == rewritten
        (conflict,) = outcome.conflicts
        assert (conflict.block, conflict.field) == ("b", "kept")


def test_two_may_change_one_block_in_different_fields() -> None:
    outcome = reconcile(
        text(block("a")), text(block("a", "mine")), text(block("a", readers=["member"]))
    )

    assert outcome.written.blocks == [block("a", "mine", readers=["member"])]
    assert outcome.conflicts == []


def test_without_a_common_beginning_everything_of_both_stays() -> None:
    outcome = reconcile(Written(), text(block("a", "mine")), text(block("b"), block("a")))

    assert {each["id"] for each in outcome.written.blocks} == {"a", "b"}
    assert Conflict("a", "text", "mine", "one") in outcome.conflicts
