"""The layout is MJML, and mrml passes tags it doesn't know without a word."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from campaigns.mail.compose import COLOURS
from crm.models.network import ACCENTS

EMAILS = Path(settings.BASE_DIR, "templates", "emails")
MJML = {
    "mjml", "mj-head", "mj-body", "mj-title", "mj-preview", "mj-breakpoint", "mj-attributes",
    "mj-all", "mj-class", "mj-style", "mj-raw", "mj-text", "mj-section", "mj-column", "mj-wrapper",
    "mj-button", "mj-divider", "mj-spacer", "mj-image", "mj-group", "mj-table",
}  # fmt: skip


@pytest.mark.parametrize(
    "template", sorted(EMAILS.rglob("*.mjml")), ids=lambda path: path.stem + path.parent.stem
)
def test_a_template_uses_only_tags_that_mjml_knows(template: Path) -> None:
    tags = set(re.findall(r"<(mj[\w-]*)", template.read_text()))

    assert tags <= MJML
    assert ("mjml" in tags) == (template.name == "layout.mjml")


@pytest.mark.parametrize("block", sorted(EMAILS.glob("blocks/*.mjml")), ids=lambda path: path.stem)
def test_a_block_is_rows_of_the_cards_table(block: Path) -> None:
    """A section of its own would cost each mail a kilobyte."""
    written = re.sub("{[{%#].*?[#%}]}", "", block.read_text())

    assert "<mj-" not in written
    assert written.strip().startswith("<tr>")
    assert written.strip().endswith("</tr>")


def test_every_block_has_both_parts() -> None:
    blocks = EMAILS / "blocks"

    assert {path.stem for path in blocks.glob("*.mjml")} == {
        path.stem for path in blocks.glob("*.txt")
    }


def _on_white(colour: str) -> float:
    """The contrast of a colour on white (WCAG 2.2, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_each_accent_of_an_alliance_has_a_colour_that_reads_on_white() -> None:
    assert set(COLOURS) == set(ACCENTS)
    assert all(_on_white(colour) >= 4.5 for colour in COLOURS.values())
