"""Who follows links without being a reader: programs that say so, or that come from where only
programs are."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address

Networks = Iterable[IPv4Network | IPv6Network]

# What programs call themselves that fetch links on somebody's behalf, or look them over.
_PROGRAM = re.compile(
    r"bot|crawl|spider|scan|fetch|preview|monitor|check|proxy|headless|python|curl|wget|java/|"
    r"go-http|okhttp|libwww|httpclient|axios|node|ruby|perl|postman|barracuda|mimecast|proofpoint|"
    r"safelinks|facebookexternalhit|whatsapp|slack|discord|telegram|skype",
    re.IGNORECASE,
)


def is_program(agent: str) -> bool:
    """Whether a User-Agent is no reader's browser; every browser has one."""
    return not agent or bool(_PROGRAM.search(agent))


def comes_from(address: str, networks: Networks) -> bool:
    """Whether a client's address, or its /64, lies in one of the networks."""
    try:
        client = ip_address(address.partition("/")[0])
    except ValueError:
        return False
    return any(client in network for network in networks)
