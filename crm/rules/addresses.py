"""E-mail addresses: what is one, which two are the same mailbox, and the keyed hash of it.

Every door into the database (forms, imports, webhooks) goes through `normalise`, so SQL only
ever compares keys.
"""

import hmac as keyed_hash
import re
from dataclasses import dataclass
from typing import Any

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

# Nearly every address is of this form, in which nothing is left to judge: letters of ASCII, lengths
# of RFC 5321 4.5.3.1 and RFC 1035 2.3.4, no IDNA label. Telling it takes a fiftieth of the time of
# the library, and lists of a hundred thousand rows would spend theirs on little else.
_PLAIN = re.compile(
    r"(?=.{1,64}@)(?=.{6,254}\Z)([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)"
    r"@((?:(?![^.]*--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+([A-Za-z]{2,63}))"
)


class InvalidAddress(ValueError):
    """The text is not an e-mail address; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class NormalAddress:
    """One mailbox: as written, and the key that is equal for equal mailboxes."""

    written: str
    key: str

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is handed from one program to another, in a third of the time."""
        return NormalAddress, (self.written, self.key)


def at_a_glance(text: str) -> NormalAddress | None:
    """The mailbox, where the text has the form that most have."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return None
    local, domain, top = plain.groups()
    if top.lower() in SPECIAL_USE_DOMAIN_NAMES:
        return None
    small = local.lower()
    if small != local and small in CASE_INSENSITIVE_MAILBOX_NAMES:  # "INFO" is written "info"
        local = small
    domain = domain.lower()
    return NormalAddress(f"{local}@{domain}", f"{small}@{domain}")


def normalise(text: str) -> NormalAddress:
    """Check the form of an address and derive its key.

    The key is the case-folded local part at the IDNA form of the domain. No provider's tricks
    (dots, plus signs) are folded: two such addresses may be two mailboxes.
    Raises InvalidAddress.
    """
    if plain := at_a_glance(text):
        return plain
    try:
        # Reserved domains are not "special use" errors here: demo and tests live in .example.
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidAddress(f"“{text.strip()[:80]}” is not an e-mail address. {error}") from error
    domain = checked.ascii_domain.lower()
    return NormalAddress(
        written=f"{checked.local_part}@{checked.domain}",
        key=f"{checked.local_part.casefold()}@{domain}",
    )


def keyed(key: str, secret: bytes) -> bytes:
    """HMAC-SHA-256 of an address key: all that stays of a mailbox after erasure."""
    return keyed_hash.digest(secret, key.encode(), "sha256")


RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")


def is_reserved(domain: str) -> bool:
    """True for the domains that RFC 2606 and RFC 6761 reserve: nobody can live there."""
    return any(domain == name or domain.endswith("." + name) for name in RESERVED)
