"""How days are written on a page."""

import datetime as dt

import pytest
from django.utils import formats, translation


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "3 November 2026"),
        ("fr", "3 novembre 2026"),
        ("de", "3. November 2026"),
        ("it", "3 novembre 2026"),
        ("es", "3 de noviembre de 2026"),
        ("ca", "3 novembre 2026"),
    ],
)
def test_a_day_is_written_as_its_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert formats.date_format(dt.date(2026, 11, 3), "DATE_FORMAT") == written
