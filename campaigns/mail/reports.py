"""What a mail that came back to our mailbox says, read without believing it.

Only what we signed ourselves names a delivery: the address it was sent to, or the Message-ID of
the mail it returns. Senders, subjects and words are anybody's. Nothing here raises or writes; what
is not understood is for people.
"""

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses

from icalendar import Calendar

from campaigns.mail import links
from campaigns.mail.links import MailTo
from campaigns.rules.senders import tags_of

LARGEST = 1_000_000  # bytes of a mail that are read; what we look for stands before the rest
MOST_PARTS = 100
LONGEST_TEXT = 300

# What the parsers of mails and calendars raise over broken ones.
_OVER_BROKEN_MAILS = (
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RecursionError,
    TypeError,
    ValueError,
)
# Where mail systems note for which of our addresses a mail was.
_SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_OF_PEOPLE = {"", "no"}
_COMPLAINTS = {"abuse", "fraud", "virus", "other"}
_BULK = {"bulk", "junk", "auto_reply", "list"}
_MAILER = re.compile(r"^(mailer-daemon|postmaster)@|^<?>?$", re.IGNORECASE)


@dataclass(frozen=True)
class Bounce:
    """A delivery status report (RFC 3464) about one of our mails."""

    delivery: int
    action: str  # failed, delayed, delivered, relayed or expanded
    status: str = ""
    text: str = ""


@dataclass(frozen=True)
class Complaint:
    """A reader marked a mail as spam (RFC 5965)."""

    delivery: int


@dataclass(frozen=True)
class Leaving:
    """A mail to an unsubscribe address."""

    delivery: int


@dataclass(frozen=True)
class LeavingByAddress:
    """The same, to an address that says itself who leaves what."""

    leaving: links.Leaving


@dataclass(frozen=True)
class CalendarAnswer:
    """The answer of a calendar program to an invitation (RFC 5546)."""

    delivery: int
    uid: str
    attendee: str
    partstat: str


@dataclass(frozen=True)
class Automatic:
    """Somebody is out of the office, or a report about nothing of ours: nobody need read it."""


@dataclass(frozen=True)
class ForPeople:
    """Everything else."""


@dataclass(frozen=True)
class Signed:
    """How a mail of ours was signed on its way, in its sender's name: over which headers."""

    domain: str
    headers: frozenset[str]


Report = Bounce | Complaint | Leaving | LeavingByAddress | CalendarAnswer | Automatic | ForPeople


def read(raw: bytes) -> Report:
    """What this mail says. Of a larger one, its first megabyte is read."""
    raw = raw[:LARGEST]
    # Reports are flat; parsing thousands of nested parts would take a worker for minutes.
    if raw.lower().count(b"boundary") > MOST_PARTS:
        return ForPeople()
    try:
        mail = email.message_from_bytes(raw)
        return _understood(mail)
    except _OVER_BROKEN_MAILS:
        return ForPeople()


def _understood(mail: Message) -> Report:
    named = _named(mail)
    if mail.get_content_type() == "multipart/report":
        about = str(mail.get_param("report-type") or "").lower()
        if about == "feedback-report":
            return _complaint(mail)
        if about in ("delivery-status", ""):
            return _bounce(mail, named.get(MailTo.BOUNCE))
        return Automatic()  # read receipts and the like
    if leaving := _leaving(mail):
        return LeavingByAddress(leaving)
    if MailTo.LEAVE in named:
        return Leaving(named[MailTo.LEAVE])
    answer = _calendar_answer(mail, named.get(MailTo.CALENDAR))
    bounce = _in_words(mail, named.get(MailTo.BOUNCE))
    return answer or bounce or (Automatic() if _is_automatic(mail) else ForPeople())


def _in_words(mail: Message, delivery: int | None) -> Bounce | None:
    """A bounce of a server that knows no reports: to a bounce address, from no person."""
    text = _text(mail)
    if delivery and _MAILER.search(_address(mail, "From")) and _says_no(text):
        return Bounce(delivery, "failed", text=text)
    return None


def _leaving(mail: Message) -> links.Leaving | None:
    """Who leaves what, if one of the addresses says so."""
    for address in _addresses(mail):
        with suppress(links.InvalidLink):
            return links.read_leave_by_mail(address)
    return None


def _addresses(mail: Message) -> list[str]:
    """The addresses that this mail was sent to, as far as they are looked at."""
    headers = [
        _header(mail, name, nth) for name in _SENT_TO for nth in range(len(_all(mail, name)))
    ]
    return [address for _name, address in getaddresses(headers[:50])]


def _named(mail: Message) -> dict[MailTo, int]:
    """The deliveries that the addresses this mail was sent to name; forged ones name none."""
    found: dict[MailTo, int] = {}
    for address in _addresses(mail):
        try:
            meaning, delivery = links.read_mailbox(address)
        except links.InvalidLink:
            continue
        found.setdefault(meaning, delivery)
    return found


def signed(raw: bytes) -> Signed | None:
    """The signature of one of our mails that came back; None where there is none to be seen.

    Of a mail without ways to leave nothing is learned: what is not there is not signed.
    """
    if raw[:LARGEST].lower().count(b"boundary") > MOST_PARTS:
        return None
    try:
        mail = email.message_from_bytes(raw[:LARGEST])
        return next((found for block in _ours(mail) if (found := _signed(block))), None)
    except _OVER_BROKEN_MAILS:
        return None


def _signed(block: Message) -> Signed | None:
    domain = _address(block, "From").rpartition("@")[2].lower()
    if not domain or block.get("List-Unsubscribe-Post") is None:
        return None
    found = []
    for nth in range(len(_all(block, "DKIM-Signature"))):
        tags = tags_of("".join(_header(block, "DKIM-Signature", nth).split()))
        signs = tags.get("d", "").lower()
        if signs == domain or domain.endswith(f".{signs}") or signs.endswith(f".{domain}"):
            found.append(frozenset(tags.get("h", "").lower().split(":")))
    return Signed(domain, max(found, key=len)) if found else None


# --- reports


def _bounce(mail: Message, delivery: int | None) -> Report:
    delivery = delivery or _returned(mail)
    if delivery is None:
        return ForPeople()
    fields = [
        block
        for part in _parts(mail, "message/delivery-status", "message/global-delivery-status")
        for block in _blocks(part)
        if block.get("Action")
    ]
    # Our mails have one reader each: what failed for anybody behind them, failed.
    order = ("failed", "delayed", "delivered", "relayed", "expanded")
    for action in order:
        for block in fields:
            if _header(block, "Action").strip().lower() == action:
                said = _header(block, "Diagnostic-Code").partition(";")
                return Bounce(
                    delivery,
                    action,
                    status=_code(_header(block, "Status")),
                    text=_short(said[2] or said[0]),
                )
    return ForPeople()


def _complaint(mail: Message) -> Report:
    delivery = _returned(mail)
    kinds = set()
    for part in _parts(mail, "message/feedback-report"):
        for block in _blocks(part):
            kinds.add(_header(block, "Feedback-Type").strip().lower())
            try:
                meaning, named = links.read_mailbox(_address(block, "Original-Mail-From"))
            except links.InvalidLink:
                continue
            if meaning == MailTo.BOUNCE:
                delivery = delivery or named
    if delivery is None:
        return ForPeople()
    if "opt-out" in kinds:
        return Leaving(delivery)
    return Complaint(delivery) if kinds & _COMPLAINTS else Automatic()


def _returned(mail: Message) -> int | None:
    """The delivery that the returned mail's Message-ID names."""
    block = next(_ours(mail), None)
    return None if block is None else links.delivery_id(_header(block, "Message-ID").strip())


def _ours(mail: Message) -> Iterator[Message]:
    """The headers of returned mails that we wrote, as their Message-ID proves."""
    wanted = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
    for part in _parts(mail, *wanted):
        for block in _blocks(part):
            if links.delivery_id(_header(block, "Message-ID").strip()) is not None:
                yield block


def _calendar_answer(mail: Message, delivery: int | None) -> CalendarAnswer | None:
    if delivery is None:
        return None
    for part in _parts(mail, "text/calendar"):
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        # The parser raises a ValueError over what is no calendar, which `read` knows.
        calendar = Calendar.from_ical(content.decode("utf-8", "replace"))
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            continue
        for event in calendar.walk("VEVENT"):
            guests = event.get("ATTENDEE")
            if guests is None or isinstance(guests, list):
                continue  # a reply is of exactly one person
            return CalendarAnswer(
                delivery,
                uid=str(event.get("UID", "")),
                attendee=re.sub("^mailto:", "", str(guests), flags=re.IGNORECASE),
                partstat=str(guests.params.get("PARTSTAT", "")).upper(),
            )
    return None


# --- mails that people did not write


def _is_automatic(mail: Message) -> bool:
    """An automatic answer (RFC 3834), said properly or by an older custom."""
    said = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        said not in _OF_PEOPLE
        or mail.get("X-Autoreply") is not None
        or mail.get("X-Autorespond") is not None
        or _header(mail, "Precedence").strip().lower() in _BULK
    )


def _says_no(text: str) -> bool:
    return re.search(r"\b[45]\d\d\b|\b[45]\.\d{1,3}\.\d{1,3}\b", text) is not None


# --- the parts of a mail, whatever it is made of


def _parts(mail: Message, *kinds: str) -> Iterator[Message]:
    for nth, part in enumerate(mail.walk()):
        if nth > MOST_PARTS:
            return
        if part.get_content_type() in kinds:
            yield part


def _blocks(part: Message) -> list[Message]:
    """The header blocks inside a part: parsed by now, or still text (of an encoded part)."""
    inner = part.get_payload()
    if isinstance(inner, list):
        blocks = [block for block in inner if isinstance(block, Message)]
        if any(block.keys() for block in blocks):
            return blocks
    # An encoded part is not taken apart by the parser.
    encoded = inner[0] if isinstance(inner, list) and inner else part
    content = encoded.get_payload(decode=True) if isinstance(encoded, Message) else None
    if not isinstance(content, bytes):
        return []
    chunks = re.split(rb"\r?\n\r?\n", content.strip())[:MOST_PARTS]
    return [email.message_from_bytes(chunk) for chunk in chunks]


def _text(mail: Message) -> str:
    """The first words of the first readable part."""
    for part in _parts(mail, "text/plain"):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            return _short(content[:20_000].decode("utf-8", "replace"), longest=2_000)
    return ""


def _all(mail: Message, name: str) -> list[object]:
    return list(mail.get_all(name, []))


def _header(mail: Message, name: str, nth: int = 0) -> str:
    values = _all(mail, name)
    return "" if nth >= len(values) else str(values[nth])[:10_000]


def _address(mail: Message, name: str) -> str:
    return getaddresses([_header(mail, name)])[0][1]


def _code(status: str) -> str:
    found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", status)
    return found[1] if found else ""


def _short(text: str, longest: int = LONGEST_TEXT) -> str:
    """On one line, without what a database cannot hold."""
    return " ".join(text.replace("\0", " ").encode("utf-8", "replace").decode().split())[:longest]
