"""How long to wait before trying again."""

from campaigns.rules.pacing import LONGEST_WAIT, backoff


def test_each_wait_is_twice_the_last_and_none_is_longer_than_four_hours() -> None:
    assert [backoff(tries, 60) for tries in (0, 1, 2, 3, 4)] == [60, 60, 120, 240, 480]
    assert backoff(500, 60) == LONGEST_WAIT == 4 * 3600
