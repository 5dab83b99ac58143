"""The mailbox we read: IMAP4rev1 with verified TLS, bounded in time and memory."""

import imaplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LARGEST_LITERAL = 4_000_000
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


class MailboxTrouble(Exception):
    """The mailbox cannot be read now. The message is a sentence for an administrator."""


@dataclass(frozen=True)
class Place:
    """MAILBOX_URL: imaps://user:password@host[:port]/FOLDER[?ca=/path]."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    ca: str

    @classmethod
    def at(cls, url: str) -> "Place":
        """Raises MailboxTrouble."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise MailboxTrouble(f"MAILBOX_URL cannot be read: {error}.") from error
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise MailboxTrouble("MAILBOX_URL must look like imaps://user:password@host/INBOX.")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or (993 if parts.scheme == "imaps" else 143),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            ca=parse_qs(parts.query).get("ca", [""])[0],
        )

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca or None)


class _Line(imaplib.IMAP4):
    """The standard library's client, which would keep memory for whatever size it is told."""

    def read(self, size: int) -> bytes:
        if size > LARGEST_LITERAL:
            raise self.abort(f"announced {size} bytes at once")
        data = super().read(size)
        if len(data) < size:
            raise self.abort("the line broke inside a mail")
        return data


class _LineInTls(imaplib.IMAP4_SSL, _Line):
    """The same inside TLS from its first byte."""


class Mailbox:
    """One folder, open for reading and moving."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line

    def waiting(self) -> list[int]:
        """The mails that nobody has flagged, the oldest first."""
        found = self._do("SEARCH", None, "UNFLAGGED", "UNDELETED")
        numbers = b" ".join(part for part in found if isinstance(part, bytes)).split()
        if not all(number.isdigit() for number in numbers):
            raise MailboxTrouble("The mailbox names mails by what is no number.")
        return sorted({int(number) for number in numbers})

    def read(self, uid: int, most: int) -> bytes | None:
        """The first bytes of a mail, unseen as it was; None if it has gone."""
        for part in self._do("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None

    def flag(self, uid: int) -> None:
        """Mark for people; it stays unread."""
        self._do("STORE", str(uid), "+FLAGS.SILENT", r"(\Flagged)")

    def file_away(self, uid: int, folder: str) -> None:
        """Mark as seen and move; a folder that is missing is made."""
        self._do("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        if "MOVE" in self._line.capabilities:
            self._into(folder, "MOVE", uid)
            return
        self._into(folder, "COPY", uid)
        self._do("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        # A plain EXPUNGE would also remove what people deleted and may want back.
        if "UIDPLUS" in self._line.capabilities:
            self._do("EXPUNGE", str(uid))

    def _into(self, folder: str, verb: str, uid: int) -> None:
        typ, _data = self._line.uid(verb, str(uid), _quoted(folder))
        if typ != "OK":
            self._line.create(_quoted(folder))
            self._do(verb, str(uid), _quoted(folder))

    def _do(self, verb: str, *arguments: Any) -> list[Any]:
        return _ok(verb, *self._line.uid(verb, *arguments))


@contextmanager
def opened(url: str, *, patience: float, longest: float) -> Iterator[Mailbox]:
    """The mailbox at a URL. Raises MailboxTrouble, also when the line breaks while it is used.

    `patience` is for every answer; after `longest` seconds in all the line is cut, so that a
    server that drips cannot hold a worker.
    """
    place = Place.at(url)
    try:
        line = _connected(place, patience)
    except ssl.SSLCertVerificationError as error:
        raise MailboxTrouble(
            f"The certificate of {place.host} is not to be trusted: {error.verify_message}. "
            "Name its authority with ?ca=/path in MAILBOX_URL."
        ) from error
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxTrouble(f"{place.host}:{place.port} cannot be read: {error}.") from error
    cutter = threading.Timer(longest, _cut, [line])
    cutter.daemon = True
    cutter.start()
    try:
        _log_in(line, place)
        yield Mailbox(line)
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        raise MailboxTrouble(f"{place.host}:{place.port} broke off: {error}.") from error
    finally:
        cutter.cancel()
        # A line that broke already cannot be left politely; its socket is closed all the same.
        for leave in (line.logout, line.shutdown):
            with suppress(OSError, imaplib.IMAP4.error, ValueError):
                leave()


def _connected(place: Place, patience: float) -> imaplib.IMAP4:
    if place.scheme == "imaps":
        return _LineInTls(place.host, place.port, ssl_context=place.tls, timeout=patience)
    line = _Line(place.host, place.port, timeout=patience)
    if "STARTTLS" in line.capabilities:
        line.starttls(place.tls)
    elif place.host not in _THIS_MACHINE:
        line.shutdown()
        raise OSError("it offers no TLS, and the password is not sent in the clear")
    return line


def _log_in(line: imaplib.IMAP4, place: Place) -> None:
    line.login(_quoted(place.user), place.password)
    _ok("SELECT", *line.select(_quoted(place.folder)))
    # Servers tell who is logged in more than they tell strangers.
    told = _ok("CAPABILITY", *line.capability())
    line.capabilities = tuple(str(told[-1], "ascii", "replace").upper().split())


def _cut(line: imaplib.IMAP4) -> None:
    with suppress(OSError):
        line.sock.shutdown(2)


def _ok(verb: str, typ: str, data: list[Any]) -> list[Any]:
    if typ != "OK":
        said = data[-1].decode("utf-8", "replace") if data and isinstance(data[-1], bytes) else ""
        raise MailboxTrouble(f"The mailbox refused {verb}: {said}")
    return data


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
