"""Text made fit for one line, and lines made fit for a mail."""

import re

# What XML cannot hold, and no reader can see: control signs pasted into a name, for instance.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# Marks of direction turn what follows them round: "exe.pdf" may end in "fdp.exe" (Unicode TR 9).
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def turns(text: str) -> bool:
    """Whether a text holds marks that change the direction in which it is read."""
    return bool(_TURNING.search(text))


def printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Text that cannot smuggle in another line or header.

    Neither by a line break nor as an encoded word, which the header classes would decode.
    """
    if text.isprintable() and "  " not in text and "=?" not in text and text == text.strip():
        return text
    words = printable(" ".join(text.split())).split()  # again: some words are gone now
    return " ".join(words).replace("=?", "= ?")


def tidy(text: str) -> str:
    """At most one blank line in a row, none at the ends."""
    return re.sub(r"\n{3,}", "\n\n", printable(text)).strip() + "\n"
