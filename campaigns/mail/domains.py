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
    if not settings.DNS_SERVER:
        if is_reserved(domain):
            return [("reserved", {})]
        if is_reserved(_bounces_to(domain)):
            return [("reserved", {"domain": _bounces_to(domain)})]
    try:
        return list(_troubles(domain, selector))
    except CannotTell:
        return [("silent", {})]


def _troubles(domain: str, selector: str) -> Iterator[Found]:
    bounces = _bounces_to(domain)  # whom receivers ask for the SPF
    spf = spf_trouble(_texts(bounces))
    if spf:
        yield spf, {"domain": bounces}
    dkim = ""
    if selector:
        dkim, bits = dkim_trouble(_texts(f"{selector}._domainkey.{domain}"))
        if dkim:
            yield dkim, {"selector": selector, "bits": bits}
    else:
        yield "no-selector", {}
    organisation, policy = _dmarc(domain)
    if policy is None:
        yield "no-dmarc", {}
    elif not policy:
        yield "bad-dmarc", {}
    elif selector and dkim:
        strict = policy.get("aspf") == "s"
        aligned = bounces == domain or (not strict and _dmarc(bounces)[0] == organisation)
        if spf not in ("", "open-spf") or not aligned:
            yield "unaligned", {"bounces": bounces}


def _dmarc(domain: str) -> tuple[str, dict[str, str] | None]:
    """The domain of the organisation, and the record that counts: its own or the nearest above.

    The organisation's is the highest domain with a record, but for one that says it is a registry's
    (RFC 9989, 4.10.2).
    """
    labels = domain.split(".")
    organisation, policy = domain, None
    for n in range(min(len(labels) - 1, MOST_PARENTS)):
        found = dmarc_of(_texts(f"_dmarc.{'.'.join(labels[n:])}"))
        if found is None:
            continue
        policy = found if policy is None else policy
        if n and found.get("psd") == "y":
            return ".".join(labels[n - 1 :]), policy
        organisation = ".".join(labels[n:])
        if found.get("psd") == "n":
            break
    return organisation, policy


def _bounces_to(domain: str) -> str:
    """The domain of the return path, which SPF is about."""
    mailbox = str(settings.MAILBOX_ADDRESS)
    return mailbox.rpartition("@")[2].lower() if mailbox else domain


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
        found.nameservers, found.port = [host.strip("[]")], int(port)
    found.lifetime = found.timeout = PATIENCE
    return found
