"""A drawn map of Europe: rough coasts, and where its regions lie.

Drawn by hand, as exact as a picture of a hand's breadth needs: it shows who is where, and measures
nothing. Longitudes and latitudes are degrees.
"""

from collections.abc import Iterable
from typing import NamedTuple

Degrees = tuple[float, float]

SCALE = 20  # units of the drawing for each degree of latitude
NARROW = 0.64  # a degree of longitude is so much shorter, in the middle of Europe
WEST, NORTH = -12.0, 63.0
LEAST = 12  # degrees of latitude that a drawing shows at least
MARGIN = 2.5  # degrees around whatever is marked
APART = 26  # units between two marks

# fmt: off
COASTS: tuple[tuple[Degrees, ...], ...] = (
    (  # the mainland, from Gibraltar northwards, cut off in the north and the east
        (-5.6, 36), (-6.3, 36.6), (-7.4, 37.2), (-8.9, 37), (-8.8, 38.4), (-9.5, 38.8),
        (-8.9, 40.2),
        (-8.7, 41.3), (-8.9, 42.2), (-9.3, 43), (-8.2, 43.7), (-5.8, 43.6), (-3.8, 43.5),
        (-1.8, 43.4), (-1.4, 44.3), (-1.2, 45.6), (-1.2, 46.2), (-2.1, 47.1), (-2.8, 47.5),
        (-4.4, 47.9), (-4.7, 48.4), (-3.2, 48.8), (-1.6, 48.6), (-1.9, 49.7), (-1.2, 49.4),
        (.1, 49.5), (1.5, 50.1), (1.6, 50.9), (3, 51.3), (3.6, 51.5), (4.1, 52), (4.7, 52.9),
        (5.5, 53.2), (7, 53.4), (8.1, 53.6), (8.7, 53.9), (8.8, 54.4), (8.2, 55.5), (8.1, 56.7),
        (9.6, 57.2), (10.6, 57.7), (10.3, 56.9), (10.9, 56.4), (10.2, 55.9), (9.6, 55.4),
        (10, 54.7), (11, 54), (12.4, 54.3), (13.6, 54.4), (14.3, 53.9), (16.3, 54.4), (18.4, 54.8),
        (19, 54.4), (20, 54.7), (21.1, 55.6), (21, 57), (21.7, 57.6), (22.6, 57.7), (23.2, 57),
        (24.1, 57), (24.4, 58.2), (23.5, 58.8), (24.7, 59.5), (28, 59.5), (30, 59.9), (28.5, 60.6),
        (25, 60.2), (22.9, 59.9), (21.3, 60.8), (21.4, 63), (34, 63), (34, 46.2), (30.7, 46.3),
        (29.6, 45.3), (28.6, 44), (27.9, 43.2), (27.7, 42.5), (28.1, 41.6), (29, 41.2), (28.9, 41),
        (27.5, 40.9), (26.2, 40.1), (26, 40.8), (24, 40.7), (23.9, 40.1), (22.7, 40.4),
        (22.7, 39.6), (23.3, 39.1), (24, 37.7), (23, 37.9), (23.1, 36.5), (22.5, 36.5),
        (21.7, 36.8), (21.3, 37.7), (21.1, 38.3), (20.7, 38.9), (20, 39.7), (19.3, 40.4),
        (19.5, 41.6), (18.5, 42.4), (16.5, 43.5), (15.2, 44.2), (14.9, 45.1), (13.9, 44.8),
        (13.6, 45.6), (12.4, 45.4), (12.3, 44.5), (13.6, 43.6), (14.2, 42.5), (16.1, 41.8),
        (16, 41.4), (18, 40.6), (18.4, 39.8), (17, 40.5), (16.6, 39.7), (17.1, 39), (16.1, 37.9),
        (15.7, 38.3), (16.1, 39), (15.6, 40), (14.4, 40.7), (12.3, 41.7), (10.5, 42.9),
        (10.2, 43.9),
        (8.9, 44.4), (7.5, 43.8), (6.2, 43.1), (4.8, 43.4), (3.1, 43.1), (3.2, 42.3), (2.2, 41.4),
        (.9, 41), (-.3, 39.5), (.2, 38.8), (-.7, 37.7), (-2.1, 36.7), (-4.4, 36.7),
    ),
    (  # Scandinavia
        (8, 63), (5, 62), (5, 61), (5.2, 59.5), (5.7, 58.6), (7, 58), (8.5, 58.4), (10.5, 59.3),
        (11.2, 58.9), (11.9, 57.6), (12.6, 56.3), (12.9, 55.4), (14.2, 55.4), (14.4, 56),
        (16.2, 56.4), (16.7, 57.8), (17.4, 58.7), (18.8, 59.6), (17.3, 60.7), (17.3, 61.8),
        (18.6, 63),
    ),
    (  # Great Britain
        (-5.7, 50.1), (-3.5, 50.3), (-1.2, 50.7), (1.3, 51.2), (.8, 51.5), (1.7, 52.6), (.3, 53),
        (.1, 53.6), (-1.4, 54.7), (-2, 55.8), (-3, 56.1), (-2.1, 57.2), (-1.8, 57.6), (-4, 57.7),
        (-3.1, 58.6), (-5, 58.6), (-5.8, 57.4), (-5.6, 56.3), (-4.8, 55.6), (-5.1, 54.8),
        (-3.3, 54.9), (-3, 53.9), (-3.1, 53.3), (-4.5, 53.3), (-4.3, 52.4), (-5.2, 51.9),
        (-3.2, 51.4), (-4.3, 51),
    ),
    (  # Ireland
        (-6.1, 53.5), (-5.6, 54.6), (-7.4, 55.3), (-8.5, 54.4), (-10, 54.2), (-9.5, 53.2),
        (-10.4, 52.1), (-9.8, 51.5), (-8.3, 51.8), (-6.4, 52.2),
    ),
    ((15.6, 38.3), (13.4, 38.2), (12.5, 37.9), (15.1, 36.7)),  # Sicily
    ((9.2, 41.2), (8.3, 40.8), (8.4, 39.2), (9.5, 39.2)),  # Sardinia
    ((9.4, 43), (8.6, 42.4), (9.2, 41.4)),  # Corsica
    ((23.6, 35.5), (26.3, 35.2), (24.7, 34.9)),  # Crete
    ((11.2, 55.7), (12.5, 56.1), (12.3, 55.2), (11.2, 55.2)),  # Zealand
    ((2.4, 39.6), (3.1, 39.9), (3.4, 39.4)),  # Majorca
    (  # Anatolia
        (29.1, 41.2), (31.3, 41.2), (34, 42), (34, 36.2), (30.6, 36.8), (29.3, 36.3), (27.3, 36.9),
        (26.3, 38.3), (26.1, 39.5), (27.3, 40.4), (29, 40.5),
    ),
    (  # the coast of Africa
        (-12, 33), (-6.8, 34.2), (-5.9, 35.8), (-3, 35.2), (-1, 35.8), (3, 36.9), (7, 37),
        (10, 37.3),
        (11, 37), (10.4, 35.9), (10.7, 34.8), (11, 33),
    ),
)

# The middle of each country, and of the regions of those in which several clusters may sit, by
# the beginning of their NUTS codes.
MIDDLES: dict[str, Degrees] = {
    "AD": (1.6, 42.5), "AL": (20.1, 41.1), "AT": (14.1, 47.6), "BA": (17.8, 44.2),
    "BE": (4.6, 50.6),
    "BG": (25.2, 42.8), "CH": (8.2, 46.8), "CY": (33.2, 35), "CZ": (15.3, 49.8), "DE": (10.4, 51.1),
    "DK": (9.4, 56), "EE": (25.5, 58.7), "EL": (22.5, 39.3), "ES": (-3.6, 40.3), "FI": (25.5, 61.8),
    "FR": (2.5, 46.6), "GB": (-1.8, 52.8), "GR": (22.5, 39.3), "HR": (16.4, 45.1),
    "HU": (19.4, 47.2),
    "IE": (-8, 53.2), "IT": (12.5, 42.8), "LI": (9.5, 47.1), "LT": (23.9, 55.3), "LU": (6.1, 49.8),
    "LV": (25, 56.9), "MC": (7.4, 43.7), "MD": (28.5, 47.2), "ME": (19.3, 42.8), "MK": (21.7, 41.6),
    "MT": (14.4, 35.9), "NL": (5.5, 52.2), "NO": (9, 61), "PL": (19.3, 52.1), "PT": (-8, 39.7),
    "RO": (25, 45.9), "RS": (20.8, 44.1), "SE": (15.2, 60), "SI": (14.9, 46.1), "SK": (19.5, 48.7),
    "TR": (30, 39.5), "UA": (30, 49.5), "UK": (-1.8, 52.8),
    "AT1": (16.2, 48), "AT2": (14.5, 46.9), "AT3": (12.5, 47.5),
    "BE1": (4.4, 50.8), "BE2": (4.3, 51.1), "BE3": (5, 50.2),
    "DE1": (9.1, 48.6), "DE2": (11.5, 48.6), "DE3": (13.4, 52.5), "DE4": (13.6, 52.2),
    "DE5": (8.8, 53.1), "DE6": (10, 53.6), "DE7": (9, 50.6), "DE8": (12.5, 53.8),
    "DE9": (9.3, 52.7),
    "DEA": (7.5, 51.5), "DEB": (7.4, 49.9), "DEC": (7, 49.4), "DED": (13.3, 51), "DEE": (11.7, 52),
    "DEF": (9.8, 54.2), "DEG": (11, 50.9),
    "ES1": (-8, 42.9), "ES11": (-8, 42.9), "ES12": (-6, 43.3), "ES13": (-4, 43.2),
    "ES2": (-1.6, 42.7),
    "ES21": (-2.6, 43), "ES22": (-1.6, 42.7), "ES23": (-2.5, 42.3), "ES24": (-.7, 41.5),
    "ES3": (-3.7, 40.5), "ES4": (-4.5, 40.8), "ES41": (-4.8, 41.7), "ES42": (-3, 39.5),
    "ES43": (-6.2, 39.2), "ES5": (1.5, 41.7), "ES51": (1.5, 41.8), "ES52": (-.6, 39.4),
    "ES53": (3, 39.6), "ES6": (-4.6, 37.5), "ES61": (-4.6, 37.5), "ES62": (-1.5, 38),
    "FR1": (2.5, 48.7), "FRB": (1.7, 47.5), "FRC": (4.8, 47.2), "FRD": (.2, 49), "FRE": (2.8, 50),
    "FRF": (5.9, 48.6), "FRG": (-.8, 47.5), "FRH": (-2.8, 48.2), "FRI": (.2, 45.2),
    "FRJ": (2.2, 43.7),
    "FRK": (4.8, 45.5), "FRL": (6, 44), "FRM": (9.1, 42.1),
    "ITC": (9, 45.2), "ITC1": (7.9, 45.1), "ITC2": (7.4, 45.7), "ITC3": (8.9, 44.4),
    "ITC4": (9.8, 45.6),
    "ITF": (15.5, 40.9), "ITF1": (13.8, 42.2), "ITF3": (14.8, 40.9), "ITF4": (16.6, 41),
    "ITG": (14, 37.6), "ITG1": (14.1, 37.6), "ITG2": (9, 40.1), "ITH": (11.5, 45.6),
    "ITH1": (11.4, 46.7), "ITH2": (11.1, 46.1), "ITH3": (11.9, 45.6), "ITH4": (13.1, 46.1),
    "ITH5": (11, 44.5), "ITI": (12, 42.9), "ITI1": (11.1, 43.4), "ITI3": (13.2, 43.4),
    "ITI4": (12.6, 42),
    "NL1": (6.5, 53), "NL2": (6.1, 52.2), "NL3": (4.7, 52.2), "NL4": (5.4, 51.5),
    "PL2": (19.4, 50), "PL4": (16.8, 52.8), "PL5": (17, 51.1), "PL6": (19.5, 53.8),
    "PL7": (20, 51.2),
    "PL8": (22.7, 51.5), "PL9": (21, 52.2), "PT11": (-8.2, 41.4), "PT17": (-9.1, 38.8),
    "SE1": (17.5, 59.4), "SE2": (13.8, 57), "UKI": (-.1, 51.5), "UKM": (-4, 56.6),
    "UKL": (-3.6, 52.2),
}
# fmt: on


class Spot(NamedTuple):
    """Where something is drawn, in units of the drawing."""

    x: int
    y: int


class Frame(NamedTuple):
    """The part of the drawing that is shown."""

    x: int
    y: int
    width: int
    height: int


def middle(country: str, codes: Iterable[str] = ()) -> Degrees | None:
    """Where a region lies: in the middle of its codes, as exactly as they are known here.

    None for what is not in Europe.
    """
    found = [place for code in codes if (place := _nearest(code.upper()))]
    if not found:
        return MIDDLES.get(country.upper())
    longitudes, latitudes = zip(*found, strict=True)
    return sum(longitudes) / len(found), sum(latitudes) / len(found)


def _nearest(code: str) -> Degrees | None:
    """A code, or what it begins with: but postcodes are no codes of these."""
    shorter = (code[:n] for n in range(len(code), 1, -1))
    return next((MIDDLES[each] for each in shorter if each in MIDDLES), None)


def spot(place: Degrees) -> Spot:
    longitude, latitude = place
    return Spot(round((longitude - WEST) * NARROW * SCALE), round((NORTH - latitude) * SCALE))


def apart(spots: Iterable[Spot]) -> list[Spot]:
    """The same spots, moved to the right where they would lie on one another."""
    placed: list[Spot] = []
    for one in spots:
        x, y = one
        while any(abs(x - other.x) < APART and abs(y - other.y) < APART for other in placed):
            x += APART
        placed.append(Spot(x, y))
    return placed


def frame(spots: Iterable[Spot]) -> Frame:
    """A square around the spots, with their neighbourhood."""
    found = [*spots] or [spot(MIDDLES["DE"])]
    left, right = min(one.x for one in found), max(one.x for one in found)
    top, bottom = min(one.y for one in found), max(one.y for one in found)
    side = max(right - left, bottom - top, LEAST * SCALE) + round(2 * MARGIN * SCALE)
    return Frame((left + right - side) // 2, (top + bottom - side) // 2, side, side)


def _path() -> str:
    """All coasts as one path, each point told by its way from the one before."""
    drawn = ""
    for coast in COASTS:
        (x, y), *others = (spot(place) for place in coast)
        drawn += f"M{x} {y}l"
        ways = []
        for one in others:
            ways.append(f"{one.x - x} {one.y - y}")
            x, y = one
        drawn += " ".join(ways).replace(" -", "-") + "z"
    return drawn


LAND = _path()
"""What an SVG path draws as land."""
