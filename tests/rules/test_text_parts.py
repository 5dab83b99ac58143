"""The text part as a person writes it: what is a place, what is a word, what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.blocks import FROM_RECORDS, InvalidBlock
from campaigns.rules.text_parts import PLACES, check, links, pieces, placed, tidied

CONTACT = {"kind": "contact"}
ANSWERS = {"kind": "answers", "readers": ["member"]}
INTRODUCTION = {"kind": "introduction"}


def said(text: str, *blocks: dict[str, Any], variant: str = "member") -> list[str]:
    """Words as they are, blocks by their kind in angle brackets."""
    return [
        block["text"] if block["kind"] == "words" else f"<{block['kind']}>"
        for block in placed(text, blocks, variant)
    ]


def test_words_and_blocks_stand_where_they_were_placed() -> None:
    text = "Dear all\n\n{contact}\nBye,\nwe\n  {answers} "

    assert said(text, ANSWERS, CONTACT) == ["Dear all", "<contact>", "Bye,\nwe", "<answers>"]


def test_a_linked_block_without_a_place_comes_last() -> None:
    assert said("Hello", INTRODUCTION, {"kind": "heading"}, CONTACT) == [
        "Hello",
        "<introduction>",
        "<contact>",
    ]


def test_the_place_of_a_block_that_this_reader_has_not_is_empty() -> None:
    assert said("Hello\n{introduction}\n{contact}", CONTACT) == ["Hello", "<contact>"]


def test_some_words_are_for_some_readers() -> None:
    text = "All\n{for|member,outside}\nMembers\n{for| public }\nFollowers\n{for|all}\nAll again"

    assert said(text, variant="member") == ["All", "Members", "All again"]
    assert said(text, variant="outside") == ["All", "Members", "All again"]
    assert said(text, variant="public") == ["All", "Followers", "All again"]


def test_a_block_whose_place_is_for_others_comes_last() -> None:
    assert said("{for|public}\n{contact}", CONTACT, variant="member") == ["<contact>"]
    assert said("{for|public}\n{contact}", CONTACT, variant="public") == ["<contact>"]


@pytest.mark.parametrize(
    "words", ["{{ 7*7 }}", "{0} {}", "{% now 'Y' %}", "{ contact }", "{Contact}", "${contact"]
)
def test_what_only_looks_like_a_place_is_words(words: str) -> None:
    check(words, FROM_RECORDS)
    assert said(words, CONTACT) == [words, "<contact>"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear {nickname}", "Line 1 has {nickname}, which is neither"),
        ("Hello\n{divider}", "Line 2 has {divider}, which is neither"),
        ("Ask {contact} soon", "Give it its own line"),
        ("{for|member} all", "Give it its own line"),
        ("{for|everyone}", "for unknown readers"),
        ("{for}", "for unknown readers"),
        ("{programme}", "the text has no such block"),
        ("See https://x.example/{name}", "a merge field in an address"),
        ("See https://bit.ly/x.", "leads through bit.ly"),
        ("ü" * 33_000, "longer than 64 KB"),
    ],
)
def test_what_is_no_place_is_refused_by_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidBlock, match=sentence):
        check(text, {"contact"})


def test_merge_fields_and_places_pass() -> None:
    check("Dear {given_name|colleague}, of {cluster}\n{contact}\n{for|all}", {"contact"})


def test_lines_end_without_space_and_the_text_without_empty_lines() -> None:
    assert tidied("\r\n a \r\nb\t\n\n-- \nbell\x07\u2028x\n\n") == " a\nb\n\n--\nbell\nx"


def test_its_addresses_are_found() -> None:
    text = "(https://a.example/b?c=1). https://a.example/b?c=1 and http://no.example"

    assert links(text) == ["https://a.example/b?c=1"]


@given(
    st.lists(st.sampled_from(["words", "", "{contact}", "{answers}", "{for|public}", "{for|all}"])),
    st.sampled_from(["member", "outside", "public"]),
)
def test_nobody_loses_a_block_and_no_mark_is_seen(lines: list[str], variant: str) -> None:
    text = "\n".join(lines)
    check(text, PLACES)

    shown = said(text, CONTACT, ANSWERS, variant=variant)

    assert {"<contact>", "<answers>"} <= set(shown)
    assert not any("{" in each for each in shown)
    assert sum(each == "words" for each in "\n".join(shown).split("\n")) <= lines.count("words")


def test_pieces_know_their_readers() -> None:
    assert [piece.readers for piece in pieces("a\n{for|outside}\nb")] == [
        ("member", "outside", "public"),
        ("outside",),
    ]
