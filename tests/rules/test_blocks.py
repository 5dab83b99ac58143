"""What a content may be made of."""

from typing import Any

import pytest

from campaigns.rules.blocks import (
    FROM_RECORDS,
    InvalidBlock,
    check,
    for_reader,
    identified,
    words_of,
)

PICTURE = {"kind": "image", "image": "ab.png", "alt": "A hall in Osaka, {name}"}
BUTTON = {"kind": "button", "label": "The hotel for {organisation|you}", "url": "https://h.example"}
QUOTE = {"kind": "quote", "text": "Worth it, [see](https://a.example/b)."}


def test_written_and_linked_blocks_pass() -> None:
    check([{"kind": "heading", "text": "Japan"}, *({"kind": kind} for kind in FROM_RECORDS)])
    check([PICTURE, BUTTON, QUOTE, {**PICTURE, "url": "https://h.example/x?a=(1)", "caption": ""}])


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ({"kind": "script"}, "Block 1 is of an unknown kind"),
        ({}, "Block 1 is of an unknown kind"),
        ({"kind": ["text"]}, "Block 1 is of an unknown kind"),
        ({"kind": "text", "text": " \n "}, "Block 1 is empty"),
        ({"kind": "heading"}, "Block 1 is empty"),
        ({"kind": "heading", "text": None}, "Block 1 is empty"),
        (
            {"kind": "text", "text": "Dear {firstname}"},
            r"\{firstname\}, which is not a merge field",
        ),
        ({**PICTURE, "image": ""}, "Block 1 has no picture yet"),
        ({**PICTURE, "alt": " "}, "Block 1 is a picture without a description"),
        ({**PICTURE, "url": "http://h.example"}, "begins with https://"),
        ({**PICTURE, "caption": "{nickname}"}, r"\{nickname\}, which is not a merge field"),
        ({**BUTTON, "label": ""}, "Block 1 is a button without words"),
        ({**BUTTON, "label": "{who}"}, r"\{who\}, which is not a merge field"),
        ({**BUTTON, "url": ""}, "Block 1 is a button that leads nowhere"),
        ({**BUTTON, "url": None}, "Block 1 is a button that leads nowhere"),
        ({**BUTTON, "url": "h.example"}, "begins with https://"),
        ({**BUTTON, "url": "https://"}, "begins with https://"),
        ({**BUTTON, "url": "https://localhost/"}, "begins with https://"),
        ({**BUTTON, "url": "https://bank.example@evil.example/"}, "begins with https://"),
        ({**BUTTON, "url": "https://h.example/ x"}, "begins with https://"),
        ({**BUTTON, "url": 'https://h.example/"onclick='}, "begins with https://"),
        ({**BUTTON, "url": "https://[h.example/"}, "begins with https://"),
        ({**BUTTON, "url": "javascript:alert(1)"}, "begins with https://"),
        ({**BUTTON, "url": "https://h.example/{name}"}, "a merge field in its address"),
        ({**BUTTON, "url": "https://www.bit.ly/x"}, "hides where to"),
        ({**QUOTE, "text": ""}, "Block 1 is empty"),
        ({**QUOTE, "text": "[a](http://a.example)"}, "begins with https://"),
        ({"kind": "text", "text": "[a](https://a.example/{name})"}, "a merge field in its"),
        ({"kind": "text", "text": "[a](javascript:alert(1))"}, "begins with https://"),
        ({"kind": "text", "text": "ü" * 33_000}, r"Block 1 is 65 KB of text; 64 KB"),
        ({"kind": "divider", "readers": ["everybody"]}, "Block 1 is for unknown readers"),
        ({"kind": "divider", "readers": None}, "Block 1 is for unknown readers"),
        ({"kind": "divider", "readers": []}, "Block 1 is for unknown readers"),
    ],
)
def test_a_block_that_cannot_be_sent_is_named(block: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidBlock, match=sentence):
        check([block])


def test_a_reader_gets_the_blocks_for_all_and_for_their_kind() -> None:
    everybody, members = {"kind": "divider"}, {"kind": "answers", "readers": ["member"]}
    others = {"kind": "external", "readers": ["outside", "public"]}

    assert for_reader([everybody, members, others], "member") == [everybody, members]
    assert for_reader([everybody, members, others], "outside") == [everybody, others]
    assert for_reader([everybody, members, others], "public") == [everybody, others]


def test_a_refusal_can_be_said_in_another_language() -> None:
    with pytest.raises(InvalidBlock) as refused:
        check([{"kind": "text", "text": "{nickname}"}])

    assert refused.value.said(lambda _words: "Bloc {n} : {name}") == "Bloc 1 : nickname"


def test_a_draft_has_a_bound_as_a_whole() -> None:
    block = {"kind": "text", "text": "x" * 60_000}

    check([block] * 4)
    with pytest.raises(InvalidBlock, match="This text is 293 KB; 256 KB are the most"):
        check([block] * 5)


def test_words_are_what_readers_read() -> None:
    said = list(words_of([PICTURE, BUTTON, QUOTE, {"kind": "facts"}]))

    assert said == [PICTURE["alt"], BUTTON["label"], QUOTE["text"]]


def test_a_block_keeps_its_id_and_a_new_one_gets_one_of_its_own() -> None:
    first = identified([{"kind": "divider"}, {"kind": "text", "text": "a"}, {"kind": "divider"}])
    names = [block["id"] for block in first]
    moved = identified([first[2], {**first[1], "text": "b"}, {"kind": "divider"}, first[0]])

    assert len(set(names)) == 3
    assert all(len(name) == 8 and name.isalpha() and name.islower() for name in names)
    assert [moved[0]["id"], moved[1]["id"], moved[3]["id"]] == [names[2], names[1], names[0]]
    assert moved[2]["id"] not in names


@pytest.mark.parametrize("name", ["", "ABCDEFGH", "abc", "abcdefghi", "<script>", None, 7, ["x"]])
def test_what_is_no_id_is_replaced(name: Any) -> None:
    (block,) = identified([{"kind": "divider", "id": name}])

    assert block["id"] != name
    assert len(block["id"]) == 8


def test_two_blocks_never_share_an_id() -> None:
    one = {"kind": "divider", "id": "abcdefgh"}

    first, second = identified([one, one])

    assert first["id"] == "abcdefgh" != second["id"]


def test_another_language_gets_the_ids_of_the_same_blocks() -> None:
    english = identified([{"kind": "heading"}, {"kind": "text"}, {"kind": "text"}])
    french = identified([{"kind": "text"}, english[2], {"kind": "heading"}], like=english)

    assert [block["id"] for block in french] == [english[n]["id"] for n in (1, 2, 0)]
