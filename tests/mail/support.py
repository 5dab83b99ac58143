"""What mail programs do with what our mails are made of: a table of our own, filled in by hand.

The three that differ most: Outlook for Windows, which draws with Word; Gmail on the web and on
phones; Apple Mail. Our mails may only use what each of them supports, or what is no loss where it
is dropped: then the note says why. What is not in the table fails, so that somebody looks it up.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from html.parser import HTMLParser
from typing import NamedTuple


class Does(StrEnum):
    YES = "supports"
    NO = "does not support"
    HARMLESS = "drops, and nothing is lost"


Y, N, H = Does.YES, Does.NO, Does.HARMLESS
PROGRAMS = ("Outlook", "Gmail", "Apple Mail")
OTHERS = PROGRAMS[1:]
STYLE_SHEET_MOST = 8192  # characters: Gmail drops a longer <style> as a whole


class Row(NamedTuple):
    """One construct: what Outlook, Gmail and Apple Mail do with it."""

    outlook: Does
    gmail: Does
    apple: Does
    note: str = ""

    def does(self, program: str) -> Does:
        return dict(zip(PROGRAMS, (self.outlook, self.gmail, self.apple), strict=True))[program]


_TAGS = (
    "html head title meta style body div table tbody tr td th h1 h2 h3 p br span a b strong em "
    "small ul ol li img"
)
_ATTRIBUTES = (
    "align alt bgcolor border cellpadding cellspacing class colspan content dir height href "
    "http-equiv id lang name src style type valign width"
)
_PROPERTIES = (
    "background background-color border border-collapse border-color border-left border-right "
    "border-top color direction font-family font-size font-style font-weight letter-spacing "
    "line-height margin margin-bottom margin-top padding padding-bottom padding-left padding-right "
    "padding-top text-align text-decoration vertical-align width word-break"
)

SUPPORT: dict[str, Row] = {
    **{f"<{tag}>": Row(Y, Y, Y) for tag in _TAGS.split()},
    **{f"[{name}]": Row(Y, Y, Y) for name in _ATTRIBUTES.split()},
    **{name: Row(Y, Y, Y) for name in _PROPERTIES.split()},
    # --- tags
    "<noscript>": Row(Y, Y, Y, "inside a comment for Outlook alone, around its settings"),
    "<xml>": Row(Y, N, N, "Outlook's settings"),
    "<o:officedocumentsettings>": Row(Y, N, N),
    "<o:allowpng>": Row(Y, N, N),
    "<o:pixelsperinch>": Row(Y, N, N, "pictures keep their size on fine screens"),
    "<script>": Row(N, N, N),
    "<form>": Row(N, N, Y),
    "<input>": Row(N, N, Y),
    "<button>": Row(N, N, Y),
    "<video>": Row(N, N, Y),
    "<svg>": Row(N, N, Y),
    "<iframe>": Row(N, N, N),
    "<link>": Row(N, N, Y),
    "<picture>": Row(N, N, Y),
    # --- attributes
    "[role]": Row(H, Y, Y, "Word reads no roles; it says “table” and reads on"),
    "[scope]": Row(H, Y, Y, "the first cell of a row is read before the others all the same"),
    "[aria-label]": Row(H, H, Y, "the subject, which was read before"),
    "[aria-roledescription]": Row(H, H, Y, "a word more for a screen reader"),
    "[media]": Row(H, H, Y, "of a sheet for Thunderbird alone"),
    "[xmlns]": Row(Y, H, H, "needed by what only Outlook reads"),
    "[xmlns:v]": Row(Y, H, H, "needed by what only Outlook reads"),
    "[xmlns:o]": Row(Y, H, H, "needed by what only Outlook reads"),
    "[background]": Row(N, Y, Y),
    "[srcset]": Row(N, Y, Y),
    "[onclick]": Row(N, N, N),
    # --- where a style stands, and for whom
    "selector: type": Row(Y, Y, Y),
    "selector: class": Row(Y, Y, Y),
    "selector: descendant": Row(Y, Y, Y),
    "selector: id": Row(Y, Y, Y),
    "selector: child": Row(H, Y, Y, "stands only where something is for phones or the dark"),
    "selector: attribute": Row(H, H, H, "marks of Outlook's own on phones and the web: the dark"),
    "selector: pseudo": Row(N, N, Y),
    "@media max-width": Row(H, Y, Y, "Word draws on computers, where the mail is wide"),
    "@media min-width": Row(H, Y, Y, "the table for Outlook says the width"),
    "@media prefers-color-scheme": Row(H, H, Y, "both have a dark of their own"),
    "@font-face": Row(N, N, Y),
    "@import": Row(N, N, Y),
    "!important": Row(H, Y, Y, "stands only where something is for phones or the dark"),
    # --- properties that one of them drops
    "border-radius": Row(H, Y, Y, "Word draws square corners"),
    "text-underline-offset": Row(H, H, Y, "the line is where it always is"),
    "-webkit-text-size-adjust": Row(H, H, Y, "only there letters would grow by themselves"),
    "-ms-text-size-adjust": Row(H, H, H, "of Windows phones"),
    "-ms-interpolation-mode": Row(H, H, H, "of an old Explorer"),
    "mso-table-lspace": Row(Y, H, H, "takes back what only Word adds"),
    "mso-table-rspace": Row(Y, H, H, "takes back what only Word adds"),
    "mso-line-height-rule": Row(Y, H, H, "takes back what only Word adds"),
    "mso-padding-alt": Row(Y, H, H, "Word gives a link no padding: its cell has it"),
    "max-width": Row(H, Y, Y, "the table for Outlook, or the picture, says its width"),
    "max-height": Row(H, Y, Y, "of the preview line, hidden by other means as well"),
    "height: auto": Row(H, Y, Y, "the picture says its height"),
    "opacity": Row(H, Y, Y, "of the preview line, hidden by other means as well"),
    "overflow": Row(H, Y, Y, "of the preview line, and of round corners"),
    "word-spacing": Row(H, H, Y, "normal, which it is anyway"),
    "outline": Row(H, Y, Y, "pictures have none anyway"),
    "margin: auto": Row(H, Y, Y, "the table for Outlook is in the middle by itself"),
    "display: none": Row(Y, Y, Y),
    "display: block": Row(H, Y, Y, "what it is anyway; a button's cell has the padding"),
    "display: inline-block": Row(H, Y, Y, "the table for Outlook has the columns"),
    "display: flex": Row(N, Y, Y),
    "display: grid": Row(N, Y, Y),
    "color-mix()": Row(H, H, Y, "stands only in the dark that both ignore, after a plain colour"),
    "position": Row(N, N, Y),
    "float": Row(N, Y, Y),
    "background-image": Row(N, Y, Y),
    "url()": Row(N, Y, Y),
    "var()": Row(N, N, Y),
    "calc()": Row(N, Y, Y),
    "rgb()": Row(Y, Y, Y),
    "rgba()": Row(N, Y, Y),
    "gap": Row(N, N, Y),
    "object-fit": Row(N, Y, Y),
    "box-shadow": Row(H, H, Y, "a card without its shadow"),
    "transform": Row(N, N, Y),
    "animation": Row(N, N, Y),
}


def troubles(html: str) -> list[str]:
    """What in a mail some program would not show; a sentence each."""
    shared, outlook, others = _audiences(html)
    found = []
    for part, programs in ((shared, PROGRAMS), (outlook, PROGRAMS[:1]), (others, OTHERS)):
        for construct in sorted(set(constructs(part))):
            row = SUPPORT.get(construct)
            if row is None:
                found.append(
                    f"Nobody has said what mail programs do with “{construct}”: look it up, "
                    "then add it to the table in tests/mail/support.py."
                )
                continue
            found += [
                f"{program} does not support “{construct}”."
                for program in programs
                if row.does(program) == Does.NO
            ]
    return found + [
        f"Gmail drops a style sheet of {len(sheet)} characters as a whole."
        for sheet in re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
        if len(sheet) > STYLE_SHEET_MOST
    ]


def _audiences(html: str) -> tuple[str, str, str]:
    """What all programs read, what only Outlook does, and what only the others do."""
    others = re.findall(r"<!--\[if !mso\]><!-->(.*?)<!--<!\[endif\]-->", html, re.DOTALL)
    html = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    outlook = re.findall(r"<!--\[if [^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", html, re.DOTALL)
    html = re.sub(r"<!--\[if [^\]]*mso[^\]]*\]>.*?<!\[endif\]-->", "", html, flags=re.DOTALL)
    return html, "".join(outlook), "".join(others)


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"<{tag}>")
        self._in_style = tag == "style"
        for name, value in attrs:
            self.found.append(f"[{name}]")
            if name == "style":
                self.found += _declarations(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += _rules(data)


def constructs(html: str) -> list[str]:
    """What a program must know to draw this: `<tag>`, `[attribute]`, properties, selectors."""
    collector = _Collector()
    collector.feed(html)
    collector.close()
    return collector.found


def _rules(sheet: str) -> Iterator[str]:
    """Of a style sheet: rules, and rules inside @media."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    for statement in re.findall(r"@(?:import|charset)[^;{]*;", sheet):
        yield statement.split()[0]
    for head, body in _blocks(sheet):
        if head.startswith("@media"):
            for feature in re.findall(r"\(\s*([a-z-]+)", head):
                yield f"@media {feature}"
            yield from _rules(body)
        elif head.startswith("@"):
            yield head.split()[0]
        else:
            yield from _selectors(head)
            yield from _declarations(body)


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """(what stands before a brace, what stands between it and its partner)"""
    at = 0
    while (opened := sheet.find("{", at)) >= 0:
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        yield sheet[at:opened].strip(), sheet[opened + 1 : end - 1]
        at = end


def _selectors(head: str) -> Iterator[str]:
    kinds = {
        "attribute": r"\[", "id": r"#[a-z]", "class": r"\.[a-z]", "pseudo": ":",
        "child": ">", "descendant": r"[\w\]] +[\w.#\[]", "type": r"(?:^|[ >,])[a-z]",
    }  # fmt: skip
    for selector in head.split(","):
        for kind, pattern in kinds.items():
            if re.search(pattern, selector.strip()):
                yield f"selector: {kind}"


def _declarations(body: str) -> Iterator[str]:
    for declaration in filter(None, (part.strip() for part in body.split(";"))):
        name, _colon, value = declaration.partition(":")
        name, value = name.strip(), value.strip()
        if "!important" in value:
            yield "!important"
            value = value.replace("!important", "").strip()
        for function in re.findall(r"([a-z-]+)\(", value):
            yield f"{function}()"
        yield _property(name, value)


def _property(name: str, value: str) -> str:
    """The property, with its value where programs tell values apart."""
    if name in ("display", "height"):
        return f"{name}: {value}"
    return "margin: auto" if name == "margin" and "auto" in value else name
