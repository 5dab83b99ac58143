"""E-mail addresses: what is one, which two are the same mailbox, and the keyed hash of it.

Every door into the database (forms, imports, webhooks) goes through `normalise`, so SQL only
ever compares keys.
"""

import hashlib
import hmac as keyed_hash
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


class InvalidAddress(ValueError):
    """The text is not an e-mail address; the message is a sentence for the user."""


@dataclass(frozen=True)
class NormalAddress:
    """One mailbox: as written, and the key that is equal for equal mailboxes."""

    written: str
    key: str

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]


def normalise(text: str) -> NormalAddress:
    """Check the form of an address and derive its key.

    The key is the case-folded local part at the IDNA form of the domain. No provider's tricks
    (dots, plus signs) are folded: two such addresses may be two mailboxes.
    Raises InvalidAddress.
    """
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
    return keyed_hash.new(secret, key.encode(), hashlib.sha256).digest()


RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")


def is_reserved(domain: str) -> bool:
    """True for the domains that RFC 2606 and RFC 6761 reserve: nobody can live there."""
    return any(domain == name or domain.endswith("." + name) for name in RESERVED)
