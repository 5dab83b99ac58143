"""What two texts say differently, line by line."""

from collections.abc import Sequence
from difflib import SequenceMatcher

Line = tuple[str, str]
"""("gone" or "new", the line)"""


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Only the lines that go and those that come, each in its order."""
    found: list[Line] = []
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step != "equal":
            found += [("gone", line) for line in before[a:b]]
            found += [("new", line) for line in after[c:d]]
    return found
