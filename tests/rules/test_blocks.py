"""What a content may be made of."""

from typing import Any

import pytest

from campaigns.rules.blocks import FROM_RECORDS, InvalidBlock, check, for_reader


def test_written_and_linked_blocks_pass() -> None:
    check([{"kind": "heading", "text": "Japan"}, *({"kind": kind} for kind in FROM_RECORDS)])


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ({"kind": "script"}, "Block 1 is of an unknown kind"),
        ({}, "Block 1 is of an unknown kind"),
        ({"kind": ["text"]}, "Block 1 is of an unknown kind"),
        ({"kind": "text", "text": " \n "}, r"Block 1 \(text\) is empty"),
        ({"kind": "heading"}, r"Block 1 \(heading\) is empty"),
        ({"kind": "heading", "text": None}, r"Block 1 \(heading\) is empty"),
        (
            {"kind": "text", "text": "Dear {firstname}"},
            r"\{firstname\}, which is not a merge field",
        ),
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
