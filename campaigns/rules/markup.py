"""Light markup: what people may write in a text beside its words.

`*bold*`, `_slanted_`, `[words](https://…)`, and lines that begin with `- ` or with `1. `, `2. `.
Everything else stays as it is written. Merge fields and addresses are words here: nothing in them
is markup, and what a field is filled with later is never parsed.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from html import escape
from typing import NamedTuple, Union
from urllib.parse import quote

_SLOT = r"\{[a-z_]+(?:\|[^{}|]*)?\}"
_WORDS = rf"(?:{_SLOT}|(?!{_SLOT})[^\[\]])+"
_ADDRESS = r"https://(?:[^\s()<>\"{}]|\([^\s()<>\"{}]*\))+"
_OPENS = r"(?=[^\s)\].,;:!?])"


def _styled(sign: str, name: str) -> str:
    """What stands between two signs that touch its words and no other word."""
    inside = rf"(?:{_SLOT}|(?!{_SLOT})[^{sign}])+?"
    return rf"(?<![\w{sign}])[{sign}]{_OPENS}(?P<{name}>{inside})(?<![\s(\[])[{sign}](?![\w{sign}])"


_MARKED = re.compile(
    rf"{_SLOT}|https?://\S+"
    rf"|\[(?P<words>{_WORDS})\]\((?P<url>{_ADDRESS})\)"
    rf"|{_styled('*', 'strong')}"
    rf"|{_styled('_', 'em')}"
)
_TARGET = re.compile(rf"\[{_WORDS}\]\(([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)")
_BULLET = re.compile(r"-\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,2})\.\s+(?=\S)")

Inline = Union[str, "Styled"]
Said = Callable[[str], str]


class Styled(NamedTuple):
    """Words that are bold (`strong`), slanted (`em`) or lead somewhere (`a`)."""

    tag: str
    inside: tuple[Inline, ...]
    url: str = ""


class Part(NamedTuple):
    """A paragraph (`p`) of one line, or a list (`ul`, `ol`) with a line for each item."""

    tag: str
    lines: tuple[tuple[Inline, ...], ...]


def paragraphs(text: str) -> list[str]:
    """The pieces of a text, each of one line but for lists, whose items keep lines of their own.

    Blank lines part paragraphs, single line ends do not.
    """
    return [piece for chunk in text.split("\n\n") for _tag, piece in _pieces(chunk)]


def parse(text: str) -> list[Part]:
    found = []
    for chunk in text.split("\n\n"):
        for tag, piece in _pieces(chunk):
            lines = piece.split("\n") if tag != "p" else [piece]
            sign = {"p": None, "ul": _BULLET, "ol": _NUMBER}[tag]
            words = [sign.sub("", line, count=1) if sign else line for line in lines]
            found.append(Part(tag, tuple(inline(line) for line in words)))
    return found


def is_plain(text: str) -> bool:
    """Whether nothing in a text is markup."""
    return all(
        part.tag == "p" and all(isinstance(node, str) for node in part.lines[0])
        for part in parse(text)
    )


def _pieces(chunk: str) -> list[tuple[str, str]]:
    """Paragraphs and lists that stand one below the other without a blank line."""
    # A line end within a merge field parts nothing.
    chunk = re.sub(_SLOT, lambda slot: " ".join(slot[0].split()), chunk)
    lines = [" ".join(line.split()) for line in chunk.splitlines()]
    found: list[tuple[str, list[str]]] = []
    for tag, line in zip(_kinds(lines), lines, strict=True):
        if not line:
            continue
        fresh = tag == "ol" and line.startswith("1.")
        if not found or found[-1][0] != tag or fresh:
            found.append((tag, []))
        found[-1][1].append(line)
    return [(tag, (" " if tag == "p" else "\n").join(said)) for tag, said in found]


def _kinds(lines: list[str]) -> list[str]:
    """Of each line, what it belongs to. One number alone may be a date: "1. Oktober"."""
    kinds = ["ul" if _BULLET.match(line) else "p" for line in lines]
    for n in range(len(lines)):
        if _counts(lines, n, 1) and _counts(lines, n + 1, 2):
            number = 1
            while _counts(lines, n + number - 1, number):
                kinds[n + number - 1] = "ol"
                number += 1
    return kinds


def _counts(lines: list[str], at: int, number: int) -> bool:
    found = _NUMBER.match(lines[at]) if at < len(lines) else None
    return bool(found and int(found[1]) == number)


def inline(text: str) -> tuple[Inline, ...]:
    """The words of one line, with what is marked among them."""
    found: list[Inline] = []
    plain = ""
    at = 0
    for mark in _MARKED.finditer(text):
        plain += text[at : mark.start()]
        at = mark.end()
        styled = _node(mark)
        if isinstance(styled, str):
            plain += styled
            continue
        found += [plain, styled] if plain else [styled]
        plain = ""
    plain += text[at:]
    return (*found, plain) if plain else tuple(found)


def _node(mark: re.Match[str]) -> Inline:
    if mark["words"]:
        return Styled("a", inline(mark["words"]), mark["url"])
    for tag in ("strong", "em"):
        if mark[tag]:
            return Styled(tag, inline(mark[tag]))
    return mark[0]


def targets(text: str) -> list[str]:
    """Where links of a text lead or were meant to, also those that are not understood."""
    return _TARGET.findall(text)


def ascii_address(url: str) -> str:
    """An https address in the signs that every mail program understands."""
    host, slash, rest = url.removeprefix("https://").partition("/")
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    return quote(f"https://{host}{slash}{rest}", safe="!#$%&'()*+,/:;=?@[]~-._")


# --- written out; `said` fills the merge fields of words


def html(nodes: tuple[Inline, ...], said: Said = str) -> str:
    """Of words nothing but escaped text, of markup nothing but `strong`, `em` and `a`."""
    return "".join(
        escape(said(node)) if isinstance(node, str) else _tagged(node, said) for node in nodes
    )


def page(text: str) -> str:
    """All of a text as HTML: paragraphs and lists of escaped words."""
    return "".join(_element(part) for part in parse(text))


def _element(part: Part) -> str:
    inside = [html(line) for line in part.lines]
    if part.tag == "p":
        return f"<p>{inside[0]}</p>"
    return f"<{part.tag}>{''.join(f'<li>{line}</li>' for line in inside)}</{part.tag}>"


def _tagged(node: Styled, said: Said) -> str:
    address = f' href="{escape(ascii_address(node.url))}"' if node.url else ""
    return f"<{node.tag}{address}>{html(node.inside, said)}</{node.tag}>"


def plain(nodes: tuple[Inline, ...], said: Said = str, addresses: list[str] | None = None) -> str:
    """The words alone; a link's are followed by its number among `addresses`, which grow by it."""
    words = ""
    for node in nodes:
        if isinstance(node, str):
            words += said(node)
            continue
        words += plain(node.inside, said, addresses)
        if node.url and addresses is not None:
            address = ascii_address(node.url)
            if address not in addresses:
                addresses.append(address)
            words += f" [{addresses.index(address) + 1}]"
    return words
