"""The pattern of an edition's mails: constant bytes, and the places where a value goes.

A value is escaped and encoded for its place alone: the place of a body value is a line of its own
between two soft line breaks, a personal header or calendar line is a place as a whole.
"""

import re
import secrets
import time
from collections.abc import Callable, Hashable, Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from operator import itemgetter
from typing import NamedTuple, cast

from django.utils import timezone

from campaigns.mail.headers import SMTP, subject_header, to_header
from campaigns.mail.readers import VALUES, WORDS, Reader
from campaigns.rules.lines import one_line
from campaigns.rules.marks import Marks, Slot, shown
from campaigns.rules.quoting import inserted, quoted
from crm.rules import calendars

Writer = Callable[[Reader], bytes]


class CannotCompile(Exception):
    """This edition's mails are written one by one; the message says why."""


class Place(NamedTuple):
    """Where something personal goes; places of one key get the same bytes, written once."""

    key: Hashable
    write: Writer


class Skeleton:
    """Bytes with places. Never changes once made, so threads may share it."""

    def __init__(self, parts: list[bytes | Place]) -> None:
        self._constants = tuple(part for part in parts if isinstance(part, bytes))
        writers = {part.key: part.write for part in parts if isinstance(part, Place)}
        self._writers = tuple(writers.values())
        # Filling is one pass in C over what was written, then the constants, put in order.
        numbers = {key: n for n, key in enumerate(writers)}
        rest = iter(range(len(writers), len(writers) + len(self._constants)))
        self._in_order: Callable[[tuple[bytes, ...]], tuple[bytes, ...]] = itemgetter(
            *(next(rest) if isinstance(part, bytes) else numbers[part.key] for part in parts)
        )

    def fill(self, reader: Reader) -> bytes:
        values = tuple([write(reader) for write in self._writers])
        return b"".join(self._in_order(values + self._constants))


def skeleton_of(mail: EmailMessage, marks: Marks, organizer: str) -> Skeleton:
    """The skeleton of a mail that was written with marks. Raises CannotCompile."""
    parts: list[bytes | Place] = []
    constant = bytearray()
    for part in _Reading(marks, organizer).mail(mail):
        if isinstance(part, bytes):
            constant += part
        else:
            parts += [bytes(constant), part]
            constant.clear()
    return Skeleton([*parts, bytes(constant)])


class _Reading:
    """Takes a mail written with marks apart, into bytes and places."""

    def __init__(self, marks: Marks, organizer: str) -> None:
        self.marks = marks
        self.organizer = organizer

    def mail(self, mail: EmailMessage) -> Iterator[bytes | Place]:
        if mail.is_multipart():
            # No line of a quoted-printable body can begin with this.
            mail.set_boundary(f"=_{secrets.token_hex(12)}")
        for name, value in mail.items():
            yield from self._header(name, value)
        yield b"\r\n"
        if not mail.is_multipart():
            yield from self._body(mail)
            return
        edge = b"--%b" % mail.get_boundary("").encode()
        for part in mail.iter_parts():
            yield edge + b"\r\n"
            yield from self.mail(cast(EmailMessage, part))
            yield b"\r\n"
        yield edge + b"--\r\n"

    def _header(self, name: str, value: str) -> Iterator[bytes | Place]:
        if name == "To":
            yield Place("To", _to)
        elif name == "Date":
            yield Place("Date", _date)
        elif name == "Subject" and len(parts := self.marks.split(value)) > 1:
            yield Place("Subject", _subject(parts))
        else:
            for part in self.marks.split(SMTP.fold_binary(name, value).decode()):
                if isinstance(part, str):
                    yield part.encode()
                elif part.name in WORDS:
                    raise CannotCompile(f"The header {name} holds something about the reader.")
                else:
                    yield Place(("header", part), _as_it_is(part))

    def _body(self, part: EmailMessage) -> Iterator[bytes | Place]:
        kind = part.get_content_type()
        if part["Content-Transfer-Encoding"] != "quoted-printable":
            raise CannotCompile(f"The part {kind} is not quoted-printable.")
        text = part.get_content().replace("\r\n", "\n")
        at_start = True
        for piece in self._lines(text) if kind == "text/calendar" else self.marks.split(text):
            if isinstance(piece, str):
                yield quoted(piece)
                at_start = piece.endswith("\n") or (at_start and not piece)
                continue
            if not at_start:
                yield b"=\r\n"
            at_start = True
            yield self._place(kind, piece)

    def _place(self, kind: str, slot: Slot) -> Place:
        if kind == "text/html" and slot.name in WORDS:
            return Place((kind, slot), _html(slot))
        if slot.name == "ATTENDEE":
            return Place(slot, _attendee)
        if slot.name == "ORGANIZER":
            return Place(slot, _organizer(self.organizer))
        return Place(("text", slot), _text(slot))

    def _lines(self, file: str) -> Iterator[str | Slot]:
        """Of a calendar file: a line with a mark is a place as a whole, for it is folded anew."""
        for line in re.findall(r"[^\n]*(?:\n [^\n]*)*\n?", file):
            unfolded = line.replace("\n ", "")
            if len(self.marks.split(unfolded)) == 1:
                yield line
                continue
            name = re.split("[:;]", unfolded)[0]
            if name not in ("ATTENDEE", "ORGANIZER"):
                raise CannotCompile(f"{name} of the calendar file holds something personal.")
            yield Slot(name)
            yield "\n"


# --- what writes a value into its place


def _text(slot: Slot) -> Writer:
    value, fallback, upper = VALUES[slot.name], slot.fallback, slot.upper
    if upper:
        return lambda reader: inserted((value(reader) or fallback).upper())
    return lambda reader: inserted(value(reader) or fallback)


def _html(slot: Slot) -> Writer:
    """As Django's templates escape it, and mrml leaves it so."""
    value, fallback = VALUES[slot.name], slot.fallback
    return lambda reader: inserted(escape(shown(slot, value(reader) or fallback)))


def _as_it_is(slot: Slot) -> Writer:
    """Tokens and addresses of our own: ASCII that no header wants written differently."""
    value = VALUES[slot.name]
    return lambda reader: value(reader).encode()


def _to(reader: Reader) -> bytes:
    return to_header(VALUES["name"](reader), VALUES["to"](reader))


def _subject(parts: list[str | Slot]) -> Writer:
    def write(reader: Reader) -> bytes:
        text = "".join(
            part if isinstance(part, str) else shown(part, reader.value(part.name, part.fallback))
            for part in parts
        )
        return subject_header(one_line(text))

    return write


def _attendee(reader: Reader) -> bytes:
    to = VALUES["to"](reader)
    return _folded(calendars.attendee_line(VALUES["name"](reader) or to, to))


def _organizer(name: str) -> Writer:
    return lambda reader: _folded(
        calendars.organizer_line(name, VALUES["answer_by_calendar"](reader))
    )


def _folded(line: str) -> bytes:
    return inserted(line) if len(line) <= 75 else quoted(line.replace("\r\n", "\n")) + b"=\r\n"


_second: tuple[int, bytes] = (0, b"")


def _date(_reader: Reader) -> bytes:
    """The same within a second: written once, for formatting a date costs more than a name."""
    global _second  # noqa: PLW0603  a second is the same for everybody
    now = int(time.time())
    if _second[0] != now:
        _second = (now, b"Date: %b\r\n" % format_datetime(timezone.now()).encode())
    return _second[1]
