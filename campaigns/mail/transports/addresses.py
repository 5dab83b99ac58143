"""One URL of EMAIL_URL, taken apart and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from campaigns.mail.transports.contract import Unreachable

PORTS = {"smtp": 25, "smtp+tls": 25, "smtps": 465}
KINDS = (*PORTS, "anymail", "django")


@dataclass(frozen=True)
class RelayAddress:
    """Where a relay is, who we are there, and how it wants to be used.

    `lines`, `window` and a provider's `calls` are 0 where others decide. `ca` names a file with
    the certificate authority of a relay that no public one vouches for.
    """

    kind: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    weight: int = 1
    lines: int = 0
    window: int = 0
    calls: int = 0
    chunking: bool = False
    ca: str = ""

    @property
    def name(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


def relay_addresses(text: str) -> list[RelayAddress]:
    """The relays that EMAIL_URL names, separated by spaces. Raises Unreachable with a sentence."""
    if not text.split():
        raise Unreachable("EMAIL_URL is empty: name a mail server, such as smtp://host:25.")
    return [relay_address(url) for url in text.split()]


def relay_address(url: str) -> RelayAddress:
    """One relay. No sentence shows the URL: there may be a password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreachable(f"EMAIL_URL is not an address: {error}.") from None
    if parts.scheme not in KINDS or not parts.hostname:
        raise Unreachable(
            "EMAIL_URL must look like smtp://host:port (or smtp+tls://, smtps://, "
            f"anymail://provider, django://path.to.Backend); “{parts.scheme}://…” does not."
        )
    if parts.path.strip("/"):
        raise Unreachable(
            f"EMAIL_URL: nothing may stand behind {parts.hostname} but a port and options (?…); "
            "a / or ? in a password is written %2F or %3F."
        )
    # A dotted path keeps its capitals; a host name has none.
    host = parts.netloc if parts.scheme == "django" else parts.hostname
    return RelayAddress(
        parts.scheme,
        host,
        port or PORTS.get(parts.scheme, 0),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        **dict(_options(parts.query)),
    )


def _options(query: str) -> Iterator[tuple[str, Any]]:
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in ("weight", "lines", "window", "calls"):
            if not value.isdecimal() or not 1 <= int(value) <= 1000:
                raise Unreachable(
                    f"EMAIL_URL: {name}= must be a whole number from 1 to 1000, not “{value}”."
                )
            yield name, int(value)
        elif name == "chunking":
            if value not in ("0", "1"):
                raise Unreachable(f"EMAIL_URL: chunking= must be 0 or 1, not “{value}”.")
            yield name, value == "1"
        elif name == "ca":
            if not Path(value).is_file():
                raise Unreachable(f"EMAIL_URL: ca= names “{value}”, but there is no such file.")
            yield name, value
        else:
            raise Unreachable(
                f"EMAIL_URL has no option “{name}”; there are weight=, lines=, window=, "
                "chunking=, ca= and calls=."
            )
