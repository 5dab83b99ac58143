"""Whether mails in a domain's name would be taken for its own: SPF, DKIM and DMARC (RFC 9989)."""

from collections.abc import Iterator

import dns.exception
import dns.name
import dns.resolver
from django.conf import settings

from campaigns.rules.senders import dkim_trouble, dmarc_of, spf_trouble
from crm.rules.addresses import is_reserved

PATIENCE = 3  # seconds for each answer
MOST_PARENTS = 8  # steps of the walk up to a record

Found = tuple[str, dict[str, object]]
"""A code, and the values its sentence needs."""


class CannotTell(Exception):
    """No server answered. Nothing is known."""


def look(domain: str, selector: str) -> list[Found]:
    """What is wrong with the sender's domain; nothing: all is in order."""
    if is_reserved(domain) and not settings.DNS_SERVER:
        return [("reserved", {})]
    try:
        return list(_troubles(domain, selector))
    except CannotTell:
        return [("silent", {})]


def _troubles(domain: str, selector: str) -> Iterator[Found]:
    spf = spf_trouble(_texts(domain))
    if spf:
        yield spf, {}
    dkim = ""
    if selector:
        dkim, bits = dkim_trouble(_texts(f"{selector}._domainkey.{domain}"))
        if dkim:
            yield dkim, {"selector": selector, "bits": bits}
    else:
        yield "no-selector", {}
    at, policy = _dmarc(domain)
    if policy is None:
        yield "no-dmarc", {}
    elif not policy:
        yield "bad-dmarc", {}
    elif selector and dkim and (spf or not _is_aligned(domain, at, strict=policy.get("aspf"))):
        yield "unaligned", {"bounces": _bounces_to(domain)}


def _dmarc(domain: str) -> tuple[str, dict[str, str] | None]:
    """The record that counts for a domain, its own or the nearest above, and where it stands."""
    labels = domain.split(".")
    for n in range(min(len(labels) - 1, MOST_PARENTS)):
        parent = ".".join(labels[n:])
        policy = dmarc_of(_texts(f"_dmarc.{parent}"))
        if policy is not None:
            return parent, policy
    return domain, None


def _is_aligned(domain: str, at: str, *, strict: str | None) -> bool:
    """Whether SPF speaks for the same domain as the sender's address does."""
    bounces = _bounces_to(domain)
    if strict == "s":
        return bounces == domain
    return bounces == at or bounces.endswith(f".{at}")


def _bounces_to(domain: str) -> str:
    """The domain of the return path, which SPF is about."""
    mailbox = str(settings.MAILBOX_ADDRESS)
    return mailbox.rpartition("@")[2] if mailbox else domain


def _texts(name: str) -> list[str]:
    """The TXT records of a name. Raises CannotTell where no server answers."""
    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, UnicodeError) as problem:
        raise CannotTell(name) from problem
    return [b"".join(row.strings).decode("ascii", "replace") for row in answer]


def _resolver() -> dns.resolver.Resolver:
    """The server that DNS_SERVER names, as host:port; else those of this machine."""
    server = str(settings.DNS_SERVER)
    found = dns.resolver.Resolver(configure=not server)
    if server:
        host, _colon, port = server.rpartition(":")
        found.nameservers, found.port = [host], int(port)
    found.lifetime = found.timeout = PATIENCE
    return found
