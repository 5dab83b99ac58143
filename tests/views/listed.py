"""What the tests of lists share: an address, and who stands there."""

from typing import Any

PEOPLE = "/people/"


def names(answer: Any) -> list[str]:
    return [line.row.family for line in answer.context["listed"].lines]
