"""How long to wait before trying again, and how many lines to keep open."""

from campaigns.rules.pacing import (
    LONGEST_WAIT,
    backoff,
    is_near,
    lines,
    paced_window,
    timely_window,
)


def test_each_wait_is_twice_the_last_and_none_is_longer_than_four_hours() -> None:
    assert [backoff(tries, 60) for tries in (0, 1, 2, 3, 4)] == [60, 60, 120, 240, 480]
    assert backoff(500, 60) == LONGEST_WAIT == 4 * 3600


def test_a_server_far_away_gets_more_lines() -> None:
    assert [lines(seconds) for seconds in (0, 0.0002, 0.005, 0.02, 0.03, 0.2)] == [
        4,
        4,
        6,
        25,
        38,
        50,
    ]


def test_a_server_is_near_by_what_was_measured() -> None:
    assert is_near(0.0019, 2)
    assert not is_near(0.002, 2)
    assert not is_near(0, 2)


def test_no_more_is_put_on_the_line_than_the_pace_or_the_server_needs() -> None:
    assert [paced_window(pace) for pace in (1, 40, 500, 2_000)] == [1, 1, 10, 40]
    assert [timely_window(seconds, 2) for seconds in (0, 0.0001, 0.005, 1)] == [1, 285, 5, 1]
    assert [timely_window(0.02, lines) for lines in (1, 25, 50)] == [1, 17, 35]
