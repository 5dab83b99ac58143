"""Ways for a finished mail to leave: mail servers, and Django's own backends."""

from campaigns.mail.transports.contract import Unreachable
from campaigns.mail.transports.relays import Relays


def open_transport(url: str | None = None, *, patience: float | None = None) -> Relays:
    """The relays named by `url`, or else by EMAIL_URL; `connect` opens a line to one of them."""
    return Relays(url, patience=patience)


def reachable(url: str | None = None, *, patience: float | None = None) -> str:
    """Empty if a relay answers within `patience` seconds, else the sentence why not."""
    try:
        with open_transport(url, patience=patience) as transport:
            transport.connect()
    except Unreachable as problem:
        return str(problem)
    return ""


__all__ = ["Relays", "open_transport", "reachable"]
