"""Bytes of a mail: quoted-printable bodies (RFC 2045, 6.7) and encoded words (RFC 2047)."""

import re

_ROW = 75  # of a line's 76, one is for the sign that joins it to the next
_WORD = 75 - len("=?utf-8?q??=")

_BODY = [f"={byte:02X}" for byte in range(256)]
for _sign in (*range(33, 61), *range(62, 127), 32, 9):
    _BODY[_sign] = chr(_sign)
_HEAD = [f"={byte:02X}" for byte in range(256)]
for _sign in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/":
    _HEAD[_sign] = chr(_sign)
_HEAD[32] = "_"

# What stands in a line of its own as it is.
_easy = re.compile(r"(?!\.)[ -<>-~]{1,75}").fullmatch


def quoted(text: str) -> bytes:
    """A text in quoted-printable; lines end with CRLF and none begins with a dot.

    So no mail server has to double a dot, wherever the text is put.
    """
    return "\r\n".join(row for line in text.split("\n") for row in _rows(line)).encode()


def _rows(line: str) -> list[str]:
    written = "".join([_BODY[byte] for byte in line.encode()])
    if written[-1:] in (" ", "\t"):  # servers may drop what a line ends with
        written = f"{written[:-1]}={ord(written[-1]):02X}"
    rows: list[str] = []
    at = 0
    while True:
        dot = "=2E" if written.startswith(".", at) else ""
        at += len(dot) // 3
        end = at + _ROW - len(dot)
        if end >= len(written):
            return [*rows, dot + written[at:]]
        # Not in the middle of a sign's three.
        end -= 1 if written[end - 1] == "=" else 2 if written[end - 2] == "=" else 0
        rows.append(f"{dot}{written[at:end]}=")
        at = end


def inserted(value: str) -> bytes:
    """A value for a place that begins a line of its own and is joined to the next one."""
    if _easy(value):
        return b"%b=\r\n" % value.encode()
    return quoted(value) + b"=\r\n" if value else b""


def words(text: str, indent: int = 0) -> list[str]:
    """A header's text as encoded words, none of which divides a letter.

    Each fits a line of 76, the first after `indent` signs.
    """
    found, word = [], ""
    room = _WORD - indent
    for letter in text:
        code = "".join([_HEAD[byte] for byte in letter.encode()])
        if len(word) + len(code) > room:
            found.append(word)
            word, room = "", _WORD
        word += code
    return [f"=?utf-8?q?{word}?=" for word in (*found, word) if word]
