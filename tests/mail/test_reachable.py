"""Links are opened, and never into a network that only we can reach."""

import http.server
import io
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from campaigns.mail import reachable
from tests.kit.authority import Authority

PUBLIC = "93.184.216.34"


class Site:
    """An https site on 127.0.0.1 that is reached as if it stood in public."""

    def __init__(self, authority: Authority) -> None:
        self.asked: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                site.asked.append(f"{self.command} {self.path}")
                if self.path.startswith("/talks"):
                    return site.talk(self.wfile, drips=self.path == "/talks/slowly")
                status, location = site.answer(self.command, self.path)
                self.send_response(status)
                if location:  # as servers send it, in bytes that they do not explain
                    self.send_header("Location", location.encode().decode("latin-1"))
                self.end_headers()
                return None

            do_GET = do_HEAD  # noqa: N815

            def log_message(self, *_args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = authority.server("site.test")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def talk(self, out: io.BufferedIOBase, *, drips: bool) -> None:
        """Never come to the end of the answer's head."""
        with suppress(OSError):
            for _n in range(10_000):
                out.write(b"HTTP/1.1 100 Wait\r\nX-More: and more\r\n\r\n")
                if drips:
                    out.flush()
                    time.sleep(0.1)

    def answer(self, command: str, path: str) -> tuple[int, str]:
        answers = {
            "/": (200, ""),
            "/gone": (404, ""),
            "/moved": (301, "/"),
            "/loop": (302, "/loop"),
            "/inside": (302, "https://inside.test/"),
            "/plain": (302, "http://site.test/"),
            "/caf%C3%A9?q=%C3%BC": (200, ""),
            "/to-accents": (302, "/café?q=ü"),
            "/ill": (503, ""),
            "/ill-head": (500 if command == "HEAD" else 200, ""),
            "/no-head": (405 if command == "HEAD" else 200, ""),
        }
        return answers[path]


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def site(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> Iterator[Site]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    site = Site(authority)
    connect = socket.create_connection

    def connected(address: tuple[str, int], *rest: Any) -> socket.socket:
        opened.append(address[0])
        return connect(("127.0.0.1", site.port), *rest)

    monkeypatch.setattr("socket.create_connection", connected)
    trusting = ssl.create_default_context(cafile=authority.file)
    monkeypatch.setattr("ssl.create_default_context", lambda: trusting)
    yield site
    site.server.shutdown()
    site.server.server_close()


def resolve(host: str) -> list[str]:
    hosts = {
        "site.test": [PUBLIC],
        "inside.test": ["10.0.0.7"],
        "both.test": [PUBLIC, "127.0.0.1"],
        "mapped.test": ["::ffff:169.254.169.254"],
        "nat.test": ["64:ff9b::a00:7"],
        "zone.test": ["fe80::1%eth0"],
    }
    if host not in hosts:
        raise socket.gaierror(socket.EAI_NONAME, "not known")
    return hosts[host]


@pytest.mark.parametrize(
    "path", ["/", "/moved", "/no-head", "/ill-head", "/café?q=ü", "/to-accents"]
)
def test_a_link_that_answers(site: Site, opened: list[str], path: str) -> None:
    assert reachable.look(f"https://site.test{path}", resolve) == []
    assert set(opened) == {PUBLIC}  # the address that was judged, not the name again


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/gone", ("gone", {"status": 404})),
        ("/loop", ("loop", {})),
        ("/inside", ("private", {})),
        ("/plain", ("insecure", {})),
        ("/ill", ("broken", {"status": 503})),
    ],
)
def test_a_link_that_leads_nowhere_good(site: Site, path: str, found: tuple[str, object]) -> None:
    assert reachable.look(f"https://site.test{path}", resolve) == [found]


def test_a_site_that_drips_its_answer_holds_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "PATIENCE", 0.6)
    began = time.monotonic()

    assert reachable.look("https://site.test/talks/slowly", resolve) == [("silent", {})]
    assert time.monotonic() - began < 2


def test_an_answer_without_end_is_not_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    readinto = reachable._Heard.readinto

    def counted(line: reachable._Heard, room: bytearray) -> int:
        heard.append(readinto(line, room))
        return heard[-1]

    monkeypatch.setattr(reachable._Heard, "readinto", counted)

    assert reachable.look("https://site.test/talks", resolve) != []
    assert sum(heard) < 2 * reachable.MOST_BYTES


def test_a_site_that_says_nothing_while_the_line_is_secured_holds_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "PATIENCE", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as ear:
        site.port = ear.getsockname()[1]
        began = time.monotonic()
        assert reachable.look("https://site.test/", resolve) == [("silent", {})]
        assert time.monotonic() - began < 2


def test_a_name_server_that_is_silent_holds_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "PATIENCE", 0.2)
    ended = threading.Event()

    def waits(_host: str) -> list[str]:
        ended.wait(5)
        return [PUBLIC]

    began = time.monotonic()
    assert reachable.look("https://site.test/", waits) == [("silent", {})]
    assert time.monotonic() - began < 2
    ended.set()


@pytest.mark.parametrize("host", ["inside", "both", "mapped", "nat", "zone"])
def test_no_line_is_opened_into_a_private_network(site: Site, opened: list[str], host: str) -> None:
    assert reachable.look(f"https://{host}.test/", resolve) == [("private", {})]
    assert opened == []
    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.7:8443/", "https://0x7f.1/"]
)
def test_an_address_instead_of_a_name_is_no_way_in(site: Site, opened: list[str], url: str) -> None:
    assert reachable.look(url, reachable.addresses_of) != []
    assert opened == []


def test_a_host_that_does_not_exist(site: Site) -> None:
    assert reachable.look("https://nowhere.test/", resolve) == [("no-host", {})]


def test_a_made_up_host_is_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", None)

    assert reachable.look("https://hall.example/plan") == [("reserved", {})]


def test_a_host_that_proves_to_be_another_is_not_believed(site: Site) -> None:
    assert reachable.look("https://other.test/", lambda _host: [PUBLIC]) == [("certificate", {})]


def test_a_host_with_accents_is_asked_by_its_own_name(site: Site) -> None:
    asked: list[str] = []

    def named(host: str) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    reachable.look("https://bücher.test/", named)

    assert asked == ["xn--bcher-kva.test"]


def test_a_site_that_takes_no_line_is_not_called_slow(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        site.port = ear.getsockname()[1]

    assert reachable.look("https://site.test/", resolve) == [("refused", {})]


def test_a_site_that_talks_something_else_is_not_called_slow(site: Site) -> None:
    def greet(ear: socket.socket) -> None:
        line, _who = ear.accept()
        line.sendall(b"SSH-2.0-OpenSSH\r\n")
        line.close()

    with socket.create_server(("127.0.0.1", 0)) as ear:
        site.port = ear.getsockname()[1]
        threading.Thread(target=greet, args=[ear], daemon=True).start()
        assert reachable.look("https://site.test/", resolve) == [("refused", {})]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1::1", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2002:5db8:d822::1", False),  # 6to4 of a public address
        ("2001:0:4136:e378:8000:63bf:a247:27dd", False),  # Teredo of a public address
        ("fec0::1", False),
        ("::10.0.0.7", False),
        ("::93.184.216.34", False),
        ("4000::1", False),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b:1::5db8:d822", False),
        ("::ffff:93.184.216.34", True),
        ("240.0.0.1", False),
    ],
)
def test_which_addresses_everybody_can_reach(address: str, public: bool) -> None:
    assert reachable.is_public(address) is public
