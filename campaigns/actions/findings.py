"""What a check says: how bad it is, in one sentence, and where it is mended."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Level(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    UNKNOWN = "could-not-check"
    OK = "ok"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `about` names the page where it can be mended.

    `language` and `row` say which of several: the text of a language, a cluster, a lane.
    """

    level: Level
    sentence: str
    about: str = ""
    language: str = ""
    row: str = ""
    waits: bool = False
    """Whether a worker is about to know more."""

    @property
    def softened(self) -> "Finding":
        """The same of a lane that nobody signed: it stops nothing, and is only said."""
        return replace(self, level=Level.WARN) if self.level == Level.BLOCK else self
