"""What two texts say differently."""

from campaigns.rules.differences import compare


def test_a_changed_line_tells_its_words_and_other_lines_come_and_go_whole() -> None:
    before = ["Join us in Osaka in October", "Hotels are ours", "See you there"]
    after = ["Join us in Kobe in October", "See you there", "Bring your slides"]

    assert compare(before, after) == [
        [("same", "Join us in"), ("gone", "Osaka"), ("new", "Kobe"), ("same", "in October")],
        [("gone", "Hotels are ours")],
        [("new", "Bring your slides")],
    ]


def test_lines_with_little_in_common_are_two() -> None:
    assert compare(["Hotels are ours"], ["Bring your own slides"]) == [
        [("gone", "Hotels are ours")],
        [("new", "Bring your own slides")],
    ]


def test_words_at_the_end_and_spaces() -> None:
    assert compare(["Nobody sits alone. "], ["Nobody  sits alone. Come!"]) == [
        [("same", "Nobody sits alone."), ("new", "Come!")]
    ]
    assert compare(["a  b ", "c"], ["a b", "c "]) == []
