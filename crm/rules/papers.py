"""A paper of headings, facts and quotations as a PDF: the same input gives the same bytes."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer

# They come with the library and are embedded, so that every accent shows on every machine.
FONTS = {"Vera": "Vera.ttf", "VeraBd": "VeraBd.ttf", "VeraIt": "VeraIt.ttf"}
MARGIN = 20 * mm


@dataclass(frozen=True)
class Section:
    """A heading, facts as (label, value), and texts word for word as (label, text)."""

    heading: str
    facts: Sequence[tuple[str, str]] = ()
    quotes: Sequence[tuple[str, str]] = ()


def pdf(*, title: str, language: str, lead: str, sections: Iterable[Section], page: str) -> bytes:
    """The paper; `page` says which page it is, with "%s" for its number."""
    _register()
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author="Liaison",
        lang=language,
        invariant=1,
    )
    styles = _styles()
    story: list[Any] = [_paragraph(title, styles["title"]), _paragraph(lead, styles["text"])]
    for section in sections:
        head = [Spacer(1, 4 * mm), _paragraph(section.heading, styles["heading"])]
        facts = [
            Paragraph(f"<b>{_markup(label)}</b> {_markup(value)}", styles["text"])
            for label, value in section.facts
            if value
        ]
        story.append(KeepTogether([*head, *facts]))
        for label, text in section.quotes:
            story.append(_paragraph(label, styles["text"]))
            story.append(_paragraph(text, styles["quote"]))

    def numbered(canvas: Any, _document: Any) -> None:
        canvas.setFont("Vera", 8)
        canvas.drawString(MARGIN, 10 * mm, shown(page % canvas.getPageNumber()))

    document.build(story, onFirstPage=numbered, onLaterPages=numbered)
    return target.getvalue()


def shown(text: str) -> str:
    """The text in signs that the fonts have: others without their accents, or by their number."""
    known = _signs()
    return "".join(
        sign if sign in known or sign == "\n" else _spelt(sign, known)
        for sign in unicodedata.normalize("NFC", text)
    )


def _spelt(sign: str, known: frozenset[str]) -> str:
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if part in known)
    return bare or f"[U+{ord(sign):04X}]"


@cache
def _register() -> None:
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="VeraIt")


@cache
def _signs() -> frozenset[str]:
    _register()
    return frozenset(
        frozenset.intersection(
            *(frozenset(map(chr, pdfmetrics.getFont(name).face.charToGlyph)) for name in FONTS)
        )
    )


@cache
def _styles() -> dict[str, ParagraphStyle]:
    text = ParagraphStyle("text", fontName="Vera", fontSize=9, leading=13)
    return {
        "text": text,
        "title": ParagraphStyle("title", text, fontName="VeraBd", fontSize=15, leading=22),
        "heading": ParagraphStyle("heading", text, fontName="VeraBd", fontSize=10, leading=15),
        "quote": ParagraphStyle("quote", text, fontName="VeraIt", leftIndent=6 * mm),
    }


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_markup(text), style)


def _markup(text: str) -> str:
    return escape(shown(text)).replace("\n", "<br/>")
