"""What was copied from a page, a document or a mail, as a text in our light markup.

Of the HTML only words, bold, slanted, links, lists and paragraphs are kept. What comes out is a
text like one that was typed, and is escaped like one: nothing of the HTML reaches anybody. It is
read once from its beginning to its end, and no tree is made of it, so that neither nesting nor
broken tags take long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import groupby
from typing import NamedTuple

from campaigns.rules import markup
from campaigns.rules.blocks import LARGEST_BLOCK

LARGEST = 1024 * 1024  # signs of HTML that are read; office programs write ten for one

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b(href|style)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.I)
_UNREAD = ("script", "style", "head", "title", "template", "noscript", "svg", "math", "textarea")
_PARTS = (
    "p", "div", "section", "article", "header", "footer", "main", "blockquote", "pre", "table",
    "tr", "figure", "figcaption", "dl", "dt", "dd", "address", "hr", "ul", "ol", "form", "aside",
)  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES = frozenset((*_PARTS, *_HEADINGS, "li"))
_STRONG, _EM = ("b", "strong", "th"), ("i", "em", "cite")
_LOOKS = frozenset((*_STRONG, *_EM, "span", "font"))
# Office programs write lists as paragraphs that begin with a sign of their own.
_BULLET = re.compile(r"^[·•▪◦‣●○§](?:\s+|$)")
_SPACES = re.compile(r"\s+")
_WEIGHT = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(\w+)", re.I)
_SLANT = re.compile(r"(?:^|;)\s*font-style\s*:\s*(\w+)", re.I)
MOST_LINES = 4_000


class TooLong(ValueError):
    """More than a block may hold."""


class _Run(NamedTuple):
    """Words that look alike."""

    words: str
    strong: bool = False
    em: bool = False
    url: str = ""


@dataclass
class _Line:
    """A paragraph, or an item of a list with the sign it begins with."""

    sign: str = ""
    runs: list[_Run] = field(default_factory=list)


def as_markup(html: str) -> str:
    """The text of a piece of HTML. Raises TooLong."""
    if len(html) > LARGEST:
        raise TooLong
    pieces: list[str] = []
    before = ""
    for line in _Reading().lines(html):
        said, kind = _said(line)
        if not said:
            continue
        if kind and kind == before and not said.startswith("1. "):
            pieces[-1] += f"\n{said}"
        else:
            pieces.append(said)
        before = kind
    text = "\n\n".join(pieces)
    if len(text.encode()) > LARGEST_BLOCK:
        raise TooLong
    return text


def _said(line: _Line) -> tuple[str, str]:
    """A line in our markup, and the kind of list it belongs to."""
    text = _written(line.runs)
    bullet = _BULLET.match(text)
    if bullet:
        text, sign = text[bullet.end() :], "- "
    else:
        sign = line.sign
    return (f"{sign}{text}" if text else "", sign[-2:])


def _tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """(words, "", "") and (opening or closing sign, name, attributes), in turn."""
    at = 0
    while at < len(html):
        open_at = html.find("<", at)
        if open_at < 0:
            yield (html[at:], "", "")
            return
        if open_at > at:
            yield (html[at:open_at], "", "")
        at = open_at
        if html.startswith("<!--", at):
            end = html.find("-->", at + 4)
            at = end + 3 if end >= 0 else len(html)
        elif tag := _TAG.match(html, at):
            name = tag[2].lower()
            at = tag.end()
            if name in _UNREAD and not tag[1] and not tag[3].endswith("/"):
                at = _behind(html, name, at)
            else:
                yield (tag[1] or ">", name, tag[3])
        elif html.startswith(("<!", "<?", "</"), at):
            end = html.find(">", at)
            at = end + 1 if end >= 0 else len(html)
        else:
            yield ("<", "", "")
            at += 1


def _behind(html: str, name: str, at: int) -> int:
    """Where what nobody reads has ended; without an end, nothing behind it is read."""
    end = re.compile(rf"</{name}\b[^<>]*>", re.I).search(html, at)
    return end.end() if end else len(html)


class _Reading:
    def __init__(self) -> None:
        self._found: list[_Line] = []
        self._line = _Line()
        self._styles: list[tuple[str, bool | None, bool | None]] = []
        self._url = ""
        self._lists: list[int | None] = []  # of each open list: None, or the last number
        self._heading = False
        self._size = 0

    def lines(self, html: str) -> list[_Line]:
        for what, name, attributes in _tokens(html):
            if not name:
                self._say(_SPACES.sub(" ", unescape(what)))
            elif what == "/":
                self._close(name)
            else:
                self._open(name, attributes)
        self._end()
        return self._found

    def _say(self, words: str) -> None:
        self._size += len(words)
        if self._size > LARGEST_BLOCK:
            raise TooLong
        strong = self._heading or self._now(1)
        self._line.runs.append(_Run(words, strong, self._now(2), self._url))

    def _now(self, which: int) -> bool:
        for style in reversed(self._styles):
            if style[which] is not None:
                return bool(style[which])
        return False

    def _open(self, name: str, attributes: str) -> None:
        told = _told(attributes) if attributes else {}
        if name in ("td", "th") and any(run.words.strip() for run in self._line.runs):
            self._line.runs.append(_Run(" · "))
        if name in _LINES:
            self._end()
        if name in ("ul", "ol"):
            self._lists.append(0 if name == "ol" else None)
        elif name == "li":
            self._line.sign = self._sign()
        elif name == "br":
            self._line.runs.append(_Run(" "))
        elif name in _HEADINGS:
            self._heading = True
        elif name == "a":
            self._url = unescape(told.get("href", "")).strip()
        elif name in _LOOKS:
            self._styles.append((name, *_style(name, told.get("style", ""))))
            del self._styles[:-40]  # nobody nests deeper on purpose

    def _close(self, name: str) -> None:
        if name in _LINES:
            self._end()
        if name in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif name in _HEADINGS:
            self._heading = False
        elif name == "a":
            self._url = ""
        for n in range(len(self._styles) - 1, -1, -1):
            if self._styles[n][0] == name:
                del self._styles[n:]
                break

    def _sign(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number + 1}. "

    def _end(self) -> None:
        """A paragraph within an item is the item's."""
        if any(run.words.strip() for run in self._line.runs):
            self._found.append(self._line)
            self._line = _Line()
            if len(self._found) > MOST_LINES:
                raise TooLong


def _told(attributes: str) -> dict[str, str]:
    """What a tag says of itself, as far as it is read."""
    return {
        name.lower(): quoted or single or bare
        for name, quoted, single, bare in _ATTRIBUTE.findall(attributes)
    }


def _style(name: str, style: str) -> tuple[bool | None, bool | None]:
    """Whether an element makes its words bold and slanted; None: as what is around it."""
    strong: bool | None = True if name in _STRONG else None
    em: bool | None = True if name in _EM else None
    if not style:
        return strong, em
    if weight := _WEIGHT.search(style):
        strong = weight[1].lower() in ("bold", "bolder", "600", "700", "800", "900")
    if slant := _SLANT.search(style):
        em = slant[1].lower() in ("italic", "oblique")
    return strong, em


# --- writing


def _written(runs: list[_Run]) -> str:
    """A line of runs in our markup; what would not be read back as it looks is only words."""
    spans = [
        (url, _runs_together(list(same))) for url, same in groupby(runs, key=lambda run: run.url)
    ]
    text = ""
    for n, (url, inside) in enumerate(spans):
        behind = "".join(run.words for _url, later in spans[n + 1 : n + 2] for run in later)
        text += _led(_styled(inside, text, behind), url)
    return " ".join(text.split())


def _runs_together(runs: list[_Run]) -> list[_Run]:
    """Neighbours that look alike as one."""
    return [
        _Run("".join(run.words for run in same), strong, em)
        for (strong, em), same in groupby(runs, key=lambda run: (run.strong, run.em))
    ]


def _styled(runs: list[_Run], before: str, behind: str) -> str:
    text = ""
    for n, run in enumerate(runs):
        words = run.words.strip()
        follows = "".join(later.words for later in runs[n + 1 : n + 2]) or behind
        marked = words
        for sign, wanted in (("_", run.em), ("*", run.strong)):
            if wanted and words:
                marked = f"{sign}{marked}{sign}"
        lead = run.words[: len(run.words) - len(run.words.lstrip())]
        trail = run.words[len(run.words.rstrip()) :]
        around = (before + text + lead)[-1:], (trail + follows)[:1]
        stands = marked != words and _reads(marked, words, *around)
        text += lead + (marked if stands else words) + trail if words else run.words
    return text


def _reads(marked: str, words: str, before: str, behind: str) -> bool:
    """Whether the whole of it is read as one styled piece where it stands."""
    nodes = markup.inline(f"{before}{marked}{behind}")
    return any(isinstance(node, markup.Styled) and markup.plain((node,)) == words for node in nodes)


def _led(text: str, url: str) -> str:
    """The words of a link; one that mails may not have is told in words."""
    words = text.strip()
    if not url or not words:
        return text
    linked = f"[{words.replace('[', '(').replace(']', ')')}]({url})"
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if url.rstrip("/") == words.rstrip("/"):
        return text
    if any(isinstance(node, markup.Styled) and node.url == url for node in markup.inline(linked)):
        return f"{lead}{linked}{trail}"
    return f"{lead}{words} ({url}){trail}" if url.startswith("http://") else text
