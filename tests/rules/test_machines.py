"""Programs that follow links are told from readers' browsers."""

from ipaddress import ip_network

import pytest

from campaigns.rules import machines

NETWORKS = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")]


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36",
        "python-requests/2.32",
        "curl/8.5.0",
        "BarracudaCentral",
        "facebookexternalhit/1.1",
    ],
)
def test_programs_say_what_they_are(agent: str) -> None:
    assert machines.is_program(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    ],
)
def test_browsers_are_readers(agent: str) -> None:
    assert not machines.is_program(agent)


@pytest.mark.parametrize(
    ("client", "inside"),
    [
        ("192.0.2.7", True),
        ("2001:db8:1:2::/64", True),
        ("198.51.100.7", False),
        ("2001:db9::/64", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_a_client_lies_in_a_network_or_not(client: str, *, inside: bool) -> None:
    assert machines.comes_from(client, NETWORKS) is inside
