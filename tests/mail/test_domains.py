"""A sender's domain as the DNS knows it; no server is asked but one of our own."""

import time
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from campaigns.mail import domains
from tests.kit.zone import Zone


@pytest.fixture
def zone(settings: Settings) -> Iterator[Zone]:
    zone = Zone()
    zone.start()
    settings.DNS_SERVER = zone.server
    settings.MAILBOX_ADDRESS = ""
    yield zone
    zone.stop()


@pytest.mark.parametrize(
    ("domain", "codes"),
    [
        ("biom.example", []),
        ("bad-biom.example", ["no-dmarc"]),
        ("weak.example", ["short-dkim"]),
        ("open.example", ["open-spf"]),
        ("news.biom.example", ["no-spf", "no-dkim", "unaligned"]),
    ],
)
def test_domains_of_the_zone(zone: Zone, domain: str, codes: list[str]) -> None:
    assert [code for code, _values in domains.look(domain, "liaison")] == codes
    assert zone.asked


def test_without_a_selector_the_key_cannot_be_looked_at(zone: Zone) -> None:
    assert domains.look("biom.example", "") == [("no-selector", {})]


def test_the_length_of_a_short_key_is_told(zone: Zone) -> None:
    assert domains.look("weak.example", "s1") == [("short-dkim", {"selector": "s1", "bits": 1024})]


def test_a_return_path_of_another_domain_needs_a_key(zone: Zone, settings: Settings) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"

    assert domains.look("biom.example", "liaison") == []
    assert [code for code, _values in domains.look("weak.example", "s1")] == [
        "short-dkim",
        "unaligned",
    ]


def test_the_spf_that_counts_is_that_of_the_return_path(zone: Zone, settings: Settings) -> None:
    settings.MAILBOX_ADDRESS = "replies@mail.liaison.example"  # which has no record

    assert domains.look("biom.example", "liaison") == [
        ("no-spf", {"domain": "mail.liaison.example"})
    ]
    settings.MAILBOX_ADDRESS = "replies@liaison.example"
    assert domains.look("open.example", "liaison") == []


RECORDS = {
    "_dmarc.biom.example": "v=DMARC1; p=reject",
    "_dmarc.news.biom.example": "v=DMARC1; p=none",
    "_dmarc.strict.biom.example": "v=DMARC1; p=none; aspf=S",
    "_dmarc.registry.example": "v=DMARC1; p=reject; psd=y",
    "_dmarc.own.registry.example": "v=DMARC1; p=reject",
    "mail.biom.example": "v=spf1 mx -all",
    "biom.example": "v=spf1 mx -all",
    "other.registry.example": "v=spf1 mx -all",
}


@pytest.mark.parametrize(
    ("domain", "bounces", "codes"),
    [
        ("news.biom.example", "biom.example", ["no-dkim"]),
        ("news.biom.example", "mail.biom.example", ["no-dkim"]),
        ("strict.biom.example", "biom.example", ["no-dkim", "unaligned"]),
        ("own.registry.example", "other.registry.example", ["no-dkim", "unaligned"]),
        ("biom.example", "other.registry.example", ["no-dkim", "unaligned"]),
    ],
)
def test_spf_speaks_for_all_domains_of_an_organisation(
    domain: str,
    bounces: str,
    codes: list[str],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DNS_SERVER = "127.0.0.1:9"
    settings.MAILBOX_ADDRESS = f"replies@{bounces}"
    monkeypatch.setattr(domains, "_texts", lambda name: [RECORDS[name]] if name in RECORDS else [])

    assert [code for code, _values in domains.look(domain, "liaison")] == codes


def test_a_server_that_is_silent_is_waited_for_and_nothing_is_known(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domains, "PATIENCE", 0.2)
    began = time.monotonic()

    assert domains.look("silent.example", "liaison") == [("silent", {})]
    assert time.monotonic() - began < 2


def test_a_server_that_is_not_there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "PATIENCE", 0.2)
    settings.DNS_SERVER = "127.0.0.1:9"

    assert domains.look("biom.example", "liaison") == [("silent", {})]


def test_the_servers_of_this_machine_are_never_asked_about_made_up_domains(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DNS_SERVER = ""
    monkeypatch.setattr(domains, "_resolver", None)

    assert domains.look("biom.example", "liaison") == [("reserved", {})]
