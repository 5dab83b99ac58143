"""What two texts say differently: line by line, and within a line word by word."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

Part = tuple[str, str]
"""("gone", "new" or "same", the words)"""
Line = list[Part]

ALIKE = 0.5
"""Two lines of which so much is the same are one line that was changed."""


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Only the lines that go, come or change, each in its order; spaces make no difference."""
    old, new = ([" ".join(line.split()) for line in lines] for lines in (before, after))
    found: list[Line] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step != "equal":
            for gone, came in zip_longest(old[a:b], new[c:d]):
                found += _lines(gone, came)
    return found


def _lines(gone: str | None, came: str | None) -> Iterator[Line]:
    if gone and came:
        words = gone.split(), came.split()
        matcher = SequenceMatcher(None, *words, autojunk=False)
        if matcher.ratio() >= ALIKE:
            yield list(_parts(*words, matcher))
            return
    if gone:
        yield [("gone", gone)]
    if came:
        yield [("new", came)]


def _parts(old: list[str], new: list[str], matcher: "SequenceMatcher[str]") -> Iterator[Part]:
    for step, a, b, c, d in matcher.get_opcodes():
        if step == "equal":
            yield "same", " ".join(old[a:b])
            continue
        if b > a:
            yield "gone", " ".join(old[a:b])
        if d > c:
            yield "new", " ".join(new[c:d])
