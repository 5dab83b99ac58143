"""A drawn map of Europe: who is where, roughly, and nothing on top of one another."""

import re

import pytest

from campaigns.rules import europe


@pytest.mark.parametrize(
    ("country", "codes", "place"),
    [
        ("FR", ["FRK"], (4.8, 45.5)),
        ("FR", ["FRK2"], (4.8, 45.5)),
        ("fr", ["69"], (2.5, 46.6)),
        ("FR", [], (2.5, 46.6)),
        ("DE", ["DE6", "DEF"], (9.9, 53.9)),
        ("JP", ["JP"], None),
    ],
)
def test_a_region_lies_in_the_middle_of_what_is_known_of_it(
    country: str, codes: list[str], place: europe.Degrees | None
) -> None:
    found = europe.middle(country, codes)

    assert found == (pytest.approx(place) if place else None)


def test_north_is_up_and_east_is_right() -> None:
    lisbon, helsinki = europe.spot((-9.1, 38.7)), europe.spot((24.9, 60.2))

    assert helsinki.x > lisbon.x
    assert helsinki.y < lisbon.y


def test_no_mark_lies_on_another() -> None:
    spots = europe.apart([europe.Spot(10, 10)] * 4)

    assert [spot.x for spot in spots] == [10, 36, 62, 88]


def test_what_is_shown_is_a_square_around_all_marks() -> None:
    spots = [europe.spot(place) for place in ((-9.1, 38.7), (24.9, 60.2), (12.5, 41.9))]
    frame = europe.frame(spots)

    assert frame.width == frame.height
    for spot in spots:
        assert frame.x < spot.x < frame.x + frame.width
        assert frame.y < spot.y < frame.y + frame.height
    assert europe.frame([]).width > 0


def test_the_coasts_are_one_closed_path() -> None:
    assert re.fullmatch(r"(M-?\d+ -?\d+l(-?\d+[ -]-?\d+ ?)+z)+", europe.LAND)
    assert europe.LAND.count("M") == len(europe.COASTS)
    assert len(europe.LAND) < 4_000
