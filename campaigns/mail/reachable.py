"""Whether a link answers, asked so that nobody can have us open what only we can reach.

A host is looked up once; if all its addresses are public, the line is opened to one of them, not
to the name again. Each step that an answer leads on to is judged anew.
"""

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin, urlsplit

from campaigns.rules.blocks import host_of
from campaigns.rules.markup import ascii_address
from crm.rules.addresses import is_reserved

PATIENCE = 8  # seconds for all steps of a look, however slowly somebody talks
MOST_STEPS = 5
MOST_BYTES = 2**16  # of one answer's head
LONGEST = 2_000  # signs of an address in ASCII; an index takes no row over 2,700 bytes
WANTED = {"User-Agent": "Liaison link check", "Accept": "*/*", "Connection": "close"}

Found = tuple[str, dict[str, object]]


class _Trouble(Exception):
    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.found: Found = (code, values)


def addresses_of(host: str) -> list[str]:
    """The addresses of a host. Raises OSError."""
    rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # of names without an IPv6 address, by NAT64


def is_public(address: str) -> bool:
    """Whether everybody could reach it: no private, link-local, mapped or kept address.

    Two kinds of IPv6 address are another spelling of an IPv4 address, and are judged as that one.
    6to4 and Teredo are not: whom they lead to is for whoever runs the tunnel to say.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if found.is_site_local or found.sixtofour or found.teredo:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def look(url: str, resolve: Callable[[str], list[str]] = addresses_of) -> list[Found]:
    """What is wrong with a link; nothing: it answers."""
    try:
        status = _followed(url, resolve, time.monotonic() + PATIENCE)
    except _Trouble as trouble:
        return [trouble.found]
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return [(_code_of(problem), {})]
    if status >= 500:
        return [("broken", {"status": status})]
    return [("gone", {"status": status})] if status in (404, 410) else []


def _code_of(problem: Exception) -> str:
    if isinstance(problem, TimeoutError | socket.gaierror):
        return "silent"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "certificate"
    return "refused" if isinstance(problem, OSError) else "garbled"


def _followed(url: str, resolve: Callable[[str], list[str]], until: float) -> int:
    """The status of the page that a link leads to in the end."""
    for _step in range(MOST_STEPS):
        if not host_of(url):
            raise _Trouble("insecure")
        url = ascii_address(url)
        host = host_of(url)
        if is_reserved(host) and resolve is addresses_of:
            raise _Trouble("reserved")
        status, onward = _asked(url, host, _chosen(host, resolve, until), until)
        if not onward:
            return status
        url = urljoin(url, _as_meant(onward))
    raise _Trouble("loop")


def _as_meant(onward: str) -> str:
    """Where an answer leads on to; the signs of its head were read as if each were one byte."""
    with suppress(UnicodeError):
        onward = onward.encode("latin-1").decode()
    return onward.strip().replace(" ", "%20")


def _chosen(host: str, resolve: Callable[[str], list[str]], until: float) -> str:
    try:
        found = _in_time(until, host, resolve)
    except socket.gaierror as problem:
        if problem.errno == socket.EAI_AGAIN:
            raise
        raise _Trouble("no-host") from problem
    except UnicodeError as problem:
        raise _Trouble("no-host") from problem
    if not found or not all(is_public(address) for address in found):
        raise _Trouble("private" if found else "no-host")
    return found[0]


def _left(until: float) -> float:
    """The seconds until then. Raises TimeoutError."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _in_time(until: float, host: str, resolve: Callable[[str], list[str]]) -> list[str]:
    """Looked up until then, since the system takes as long as it likes. Raises TimeoutError.

    What comes later ends in its thread, unheard.
    """
    ended: Future[list[str]] = Future()

    def run() -> None:
        try:
            ended.set_result(resolve(host))
        except (OSError, ValueError) as problem:
            ended.set_exception(problem)

    threading.Thread(target=run, daemon=True).start()
    return ended.result(timeout=_left(until))


def _asked(url: str, host: str, address: str, until: float) -> tuple[int, str]:
    """(status, where it leads on to); what would be shown is not read."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for method in ("HEAD", "GET"):
        line = _Line(host, address, parts.port or 443, until)
        try:
            line.request(method, path, headers=WANTED)
            answer = line.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                return answer.status, answer.headers.get("Location", "")
            unsure = answer.status >= 500 or answer.status in (403, 404, 405)
            if not unsure or method == "GET":
                return answer.status, ""
        finally:
            line.close()
    raise AssertionError("a GET answers")


class _Line(http.client.HTTPSConnection):
    """A line to one address, which must prove that it is the host, until a time."""

    def __init__(self, host: str, address: str, port: int, until: float) -> None:
        context = ssl.create_default_context()
        super().__init__(host, port, context=context)
        self._address, self._checked, self._until = address, context, until
        self.response_class = self._answer  # type: ignore[assignment]

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), _left(self._until))
        try:
            plain.settimeout(_left(self._until))  # of all of the handshake
            self.sock = self._checked.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        self.sock.settimeout(_left(self._until))

    def _answer(self, line: socket.socket, **how: Any) -> http.client.HTTPResponse:
        answer = http.client.HTTPResponse(line, **how)
        answer.fp.close()
        answer.fp = io.BufferedReader(_Heard(line, self._until))
        return answer


class _Heard(io.RawIOBase):
    """What is said on a line until a time; a server that drips buys no more of it."""

    def __init__(self, line: socket.socket, until: float) -> None:
        super().__init__()
        self._line, self._until, self._most = line, until, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any, /) -> int:
        if self._most <= 0:
            raise http.client.LineTooLong("answer")
        self._line.settimeout(_left(self._until))
        count = self._line.recv_into(room)
        self._most -= count
        return count
