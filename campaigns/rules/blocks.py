"""The kinds of blocks a content is made of, and what each must hold."""

import re
import secrets
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from campaigns.rules import markup
from campaigns.rules.merge import unknown_fields

# Blocks a person writes: their fields. The others are filled from records.
WRITTEN: dict[str, tuple[str, ...]] = {
    "heading": ("text",),
    "text": ("text",),
    "image": ("image", "alt", "caption", "url"),
    "button": ("label", "url"),
    "quote": ("text", "who"),
}
OPTIONAL = {("image", "caption"), ("image", "url"), ("quote", "who")}
NO_WORDS = ("image", "url")
"""Fields that are the same in every language, and hold nothing about the reader."""
MARKED = ("text", "quote")
"""The kinds whose text may be marked up."""
FROM_RECORDS = (
    "embargo",
    "introduction",
    "facts",
    "programme",
    "deadlines",
    "event_details",
    "answers",
    "external",
    "documents",
    "boilerplate",
    "contact",
    "divider",
)
READERS = ("member", "outside", "public")

LARGEST_BLOCK = 64 * 1024  # bytes of what is written in one block
LARGEST_DRAFT = 256 * 1024  # and in all of a draft

# They hide where a link leads, and filters take mails with them for spam.
SHORTENERS = ("bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "buff.ly", "lnkd.in")

is_picture = re.compile(r"[0-9a-f]{64}\.(?:jpg|png)").fullmatch
_is_id = re.compile("[a-z]{8}").fullmatch


def gettext_noop(words: str) -> str:
    """Marks a sentence for the catalogues: rules say it in English and know no other language."""
    return words


class InvalidBlock(ValueError):
    """A block that cannot be sent; the message is a sentence for the user."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words.format(**values))
        self.words, self.values = words, values

    def said(self, translated: Callable[[str], str]) -> str:
        return translated(self.words).format(**self.values)


def identified(
    blocks: Iterable[Mapping[str, Any]], like: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The blocks, each with an id of its own that stays when it is moved or rewritten.

    A block without one gets that of the same block in `like`, which is another language's text.
    """
    found = [dict(block) for block in blocks]
    taken: set[str] = set()
    for block in found:
        name = block.pop("id", None)
        if isinstance(name, str) and _is_id(name) and name not in taken:
            block["id"] = name
            taken.add(name)
    models = [model for model in like if _is_id(str(model.get("id")))]
    for block in found:
        if "id" not in block:
            same = (
                model["id"]
                for model in models
                if model["kind"] == block["kind"] and model["id"] not in taken
            )
            block["id"] = next(same, "") or _new_id(taken)
            taken.add(block["id"])
    return found


def _new_id(taken: set[str]) -> str:
    while True:
        name = "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
        if name not in taken:
            return name


def check(blocks: Iterable[Mapping[str, Any]]) -> None:
    """Raise InvalidBlock for the first block that is unknown, empty or uses unknown fields."""
    whole = 0
    for n, block in enumerate(blocks, start=1):
        kind = str(block.get("kind"))
        if kind not in WRITTEN and kind not in FROM_RECORDS:
            words = gettext_noop("Block {n} is of an unknown kind “{kind}”. Remove it.")
            raise InvalidBlock(words, n=n, kind=kind)
        _check_readers(n, block)
        size = _size(block)
        if size > LARGEST_BLOCK:
            words = gettext_noop(
                "Block {n} is {size} KB of text; {most} KB are the most. "
                "Shorten it or attach a document."
            )
            raise InvalidBlock(words, n=n, size=-(-size // 1024), most=LARGEST_BLOCK // 1024)
        whole += size
        for field in WRITTEN.get(kind, ()):
            _check_field(n, kind, field, block.get(field))
    if whole > LARGEST_DRAFT:
        words = gettext_noop(
            "This text is {size} KB; {most} KB are the most. Shorten it or attach a document."
        )
        raise InvalidBlock(words, size=-(-whole // 1024), most=LARGEST_DRAFT // 1024)


def size(blocks: Iterable[Mapping[str, Any]]) -> int:
    """Bytes of what is written in all of them."""
    return sum(map(_size, blocks))


def _size(block: Mapping[str, Any]) -> int:
    fields = WRITTEN.get(str(block.get("kind")), ())
    return sum(len(str(block.get(field, "")).encode()) for field in fields)


_EMPTY = {
    ("image", "image"): gettext_noop(
        "Block {n} has no picture yet. Choose a file or remove the block."
    ),
    ("image", "alt"): gettext_noop(
        "Block {n} is a picture without a description. "
        "Say in words what it shows, for readers who do not see it."
    ),
    ("button", "label"): gettext_noop("Block {n} is a button without words. Write what it does."),
    ("button", "url"): gettext_noop("Block {n} is a button that leads nowhere. Write its address."),
}


def _check_field(n: int, kind: str, field: str, value: object) -> None:
    if (kind, field) in OPTIONAL and value in (None, ""):
        return
    if not isinstance(value, str) or not value.strip():
        empty = gettext_noop("Block {n} is empty. Write it or remove it.")
        raise InvalidBlock(_EMPTY.get((kind, field), empty), n=n)
    if field == "url":
        _check_address(n, value)
    elif field not in NO_WORDS:
        for name in unknown_fields(value):
            words = gettext_noop(
                "Block {n} uses {{{name}}}, which is not a merge field. "
                "Use name, given_name, family_name, organisation, cluster or contact_point."
            )
            raise InvalidBlock(words, n=n, name=name)
    if field == "text" and kind in MARKED:
        for address in markup.targets(value):
            _check_address(n, address)


def _check_address(n: int, address: str) -> None:
    """An address a reader is led to: on the web, encrypted, the same for everybody."""
    if "{" in address or "}" in address:
        words = gettext_noop(
            "Block {n} has a link with a merge field in its address. "
            "A link is the same for every reader; merge fields may stand in its words."
        )
        raise InvalidBlock(words, n=n)
    host = host_of(address)
    if not host:
        words = gettext_noop(
            "Block {n} leads to “{address}”. Write a whole address that begins with https://."
        )
        raise InvalidBlock(words, n=n, address=address[:80])
    if host.removeprefix("www.") in SHORTENERS:
        words = gettext_noop(
            "Block {n} leads through {host}, which hides where to. Write the address it leads to."
        )
        raise InvalidBlock(words, n=n, host=host)


def host_of(address: str) -> str:
    """The host of a whole https address, else nothing."""
    if not re.fullmatch(r"https://[^\s\"'<>\\\x00-\x20\x7f]+", address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return host if "." in host and not parts.username and parts.port != 0 else ""
    except ValueError:
        return ""


def _check_readers(n: int, block: Mapping[str, Any]) -> None:
    readers = block.get("readers", READERS)
    if (
        not isinstance(readers, list | tuple)
        or not readers
        or any(r not in READERS for r in readers)
    ):
        words = gettext_noop("Block {n} is for unknown readers. Choose who reads it.")
        raise InvalidBlock(words, n=n)


def words_of(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What people wrote in the blocks and readers will read: no addresses."""
    for block in blocks:
        for field in WRITTEN.get(str(block.get("kind")), ()):
            if field not in NO_WORDS and block.get(field):
                yield str(block[field])


def leads_to(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The addresses that people wrote into resolved blocks, each once."""
    found = dict[str, None]()
    for block in blocks:
        if block.get("url"):
            found[str(block["url"])] = None
        if block.get("marked"):
            found |= dict.fromkeys(
                each for part in block["paragraphs"] for each in markup.targets(part)
            )
    return [url for url in found if host_of(url)]


def for_reader(blocks: Iterable[Mapping[str, Any]], variant: str) -> list[Mapping[str, Any]]:
    """The blocks a kind of reader gets; a block without `readers` is for everybody."""
    return [block for block in blocks if "readers" not in block or variant in block["readers"]]
