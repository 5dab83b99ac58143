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
    rows, row, width = [], "", 0
    signs = [_BODY[byte] for byte in line.encode()]
    if signs and signs[-1] in " \t":  # servers may drop what a line ends with
        signs[-1] = f"={ord(signs[-1]):02X}"
    for sign in signs:
        if width + len(sign) > _ROW:
            rows.append(row + "=")
            row, width = "", 0
        written = "=2E" if sign == "." and not row else sign
        row += written
        width += len(written)
    return [*rows, row]


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
