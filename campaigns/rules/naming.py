"""Somebody's name, address and phone in written texts, and another one's in their place."""

import re
from collections.abc import Mapping
from typing import Any

Renaming = Mapping[str, str]
_NO_WORDS = ("id", "kind", "readers", "image", "url")  # of a block


def renaming(former: Mapping[str, str], successor: Mapping[str, str]) -> dict[str, str]:
    """What stands for what: name with title, name, address, phone, where both have one."""
    pairs = {}
    for part in ("name", "email", "phone"):
        if former.get(part) and successor.get(part):
            pairs[former[part]] = successor[part]
    if former.get("title") and former.get("name") and successor.get("name"):
        full = f"{successor.get('title', '')} {successor['name']}".strip()
        # First, so that no title of the former one stays before the successor's name.
        pairs = {f"{former['title']} {former['name']}": full, **pairs}
    return pairs


def names(text: Any, words: Renaming) -> bool:
    """Whether a text, or any text within blocks, has one of the words."""
    return bool(renamed(text, words) != text)


def renamed(value: Any, words: Renaming) -> Any:
    """The same text, or blocks of texts, with every word put in place of the former one.

    Only whole words: nothing within another name, a longer address or a longer number, nothing in
    an address of the web, and of blocks only what readers read.
    """
    if isinstance(value, str):
        if not words:
            return value
        anywhere = "|".join(map(_whole, words))
        # What leads somewhere must go on doing so; what ends an address in a text is no part of it.
        return re.sub(
            rf"https?://[^\s()<>]+|{anywhere}", lambda found: words.get(found[0], found[0]), value
        )
    if isinstance(value, list):
        return [renamed(part, words) for part in value]
    if isinstance(value, dict):
        return {
            key: part if key in _NO_WORDS else renamed(part, words) for key, part in value.items()
        }
    return value


def _whole(word: str) -> str:
    """A pattern for the word where it stands alone."""
    if "@" in word:
        return rf"(?<![\w.+-]){re.escape(word)}(?![\w-]|\.\w)"
    return rf"(?<!\w)(?<!\w-){re.escape(word)}(?!\w|-\w)"
