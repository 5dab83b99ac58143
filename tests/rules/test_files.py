import pytest

from crm.rules.files import media_type, shown_name


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("offer.pdf", b"%PDF-1.7", "application/pdf"),
        ("OFFER.PDF", b"%PDF-1.7", "application/pdf"),
        ("badge.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("list.csv", "société;ville".encode("cp1252"), "text/csv"),
        ("offer.pdf", b"<html>", None),
        ("badge.png", b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        ("badge.svg", b"<svg>", None),
        ("page.html", b"<html>", None),
        ("macros.xlsm", b"PK\x03\x04", None),
        ("notes.txt", b"a\x00b", None),
        ("offer", b"%PDF-1.7", None),
    ],
)
def test_a_file_is_what_its_ending_and_its_beginning_agree_on(
    name: str, content: bytes, kind: str | None
) -> None:
    assert media_type(name, content) == kind


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/offer.pdf", "offer.pdf"),
        ("C:\\desk\\offer.pdf", "offer.pdf"),
        ("of\r\nfer.pdf", "of fer.pdf"),
        ("a" * 200 + ".pdf", "a" * 115 + "….pdf"),
    ],
)
def test_a_name_is_shown_without_folders_and_line_ends(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown
