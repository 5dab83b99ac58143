"""Folding: nobody is hidden by an accent, a case or a hyphen."""

import pytest

from crm.rules.names import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Müller-Örtz", "muller ortz"),
        ("  Ada   BYRON ", "ada byron"),
        ("Groß", "gross"),
        ("Søren Ærø", "soren aero"),
        ("Łódź", "lodz"),
        ("L’Hospitalet", "l hospitalet"),
        ("L'Hospitalet", "l hospitalet"),
        ("Paral·lel", "parallel"),
        ("Bio™ Research®", "biotm research"),
        ("Ǽ Ǿ", "ae o"),
        ("Œuvre", "oeuvre"),
        ("Ⅳ", "iv"),
        ("日本", "日本"),
        ("***", ""),
    ],
)
def test_a_name_is_found_however_it_is_typed(written: str, folded: str) -> None:
    assert fold(written) == folded
