"""Whether signatures cover the ways to leave: seen of mails that came back, and of nothing else."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from campaigns.actions import mailbox, outward, overview
from campaigns.actions.findings import Level
from campaigns.mail import links
from campaigns.models import Campaign, Delivery, Probe
from tests.kit import reports as kit
from tests.world import World

BOTH = "From:To:Subject:List-Unsubscribe:\r\n List-Unsubscribe-Post"


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"


@pytest.fixture
def sent(world: World) -> Campaign:
    world.person(email="somebody@sme.example")
    world.person(world.biom)
    return world.call()


def returned(*headers: str, message_id: str = "") -> bytes:
    """A mail of the call that Postfix gives back, with these headers."""
    delivery = Delivery.objects.get(address__email="somebody@sme.example")
    message_id = message_id or f"<{links.message_name(delivery.pk)}@biocat.example>"
    raw = kit.dsn("Postfix", message_id=message_id)
    return raw.replace(b"Subject: Japan mission", "\r\n".join(headers).encode(), 1)


def signed(over: str, domain: str = "biocat.example", **more: Any) -> bytes:
    return returned(
        "From: Biocat desk <desk@biocat.example>",
        "List-Unsubscribe: <https://liaison.example/leave>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        f"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=liaison;\r\n h={over}; b=abc=",
        **more,
    )


def said(campaign: Campaign) -> list[tuple[Level, str]]:
    found = outward.domains(overview.read(campaign))
    return [(each.level, each.sentence) for each in found if "signature" in each.sentence]


def test_before_a_mail_came_back_nobody_knows(sent: Campaign) -> None:
    ((level, sentence),) = said(sent)

    assert level == Level.UNKNOWN
    assert "biocat.example" in sentence
    assert "biom.example" in sentence


def test_a_signature_over_both_headers_is_in_order(sent: Campaign) -> None:
    mailbox.understand(signed(BOTH))

    (unknown, fine) = said(sent)
    assert unknown[0] == Level.UNKNOWN
    assert "biocat" not in unknown[1]
    assert fine == (
        Level.OK,
        "The signature of biocat.example covers the headers for leaving.",
    )


@pytest.mark.parametrize(
    ("over", "lacking"),
    [
        ("From:To:Subject", "List-Unsubscribe, List-Unsubscribe-Post"),
        ("from:list-unsubscribe", "does not cover List-Unsubscribe-Post,"),
    ],
)
def test_what_a_signature_leaves_out_is_warned_of(sent: Campaign, over: str, lacking: str) -> None:
    mailbox.understand(signed(over))

    (warned, _unknown) = said(sent)
    assert warned[0] == Level.WARN
    assert lacking in warned[1]


def test_the_latest_counts(sent: Campaign) -> None:
    mailbox.understand(signed("From"))
    mailbox.understand(signed(BOTH))

    assert [level for level, _sentence in said(sent)] == [Level.UNKNOWN, Level.OK]
    assert Probe.objects.get(kind="signed").is_due is False


def test_of_several_signatures_one_that_covers_both_is_enough(sent: Campaign) -> None:
    raw = signed("From").replace(
        b"List-Unsubscribe-Post: List",
        f"DKIM-Signature: d=biocat.example; h={BOTH}; b=x\r\nList-Unsubscribe-Post: List".encode(),
    )
    mailbox.understand(raw)

    assert said(sent)[1][0] == Level.OK


@pytest.mark.parametrize("case", ["another's", "forged", "unsigned", "letter", "unknown"])
def test_what_shows_nothing_leaves_it_open(sent: Campaign, case: str) -> None:
    """Neither a relay's own signature, nor a mail that we did not write or that offers no way."""
    raw = {
        "another's": lambda: signed(BOTH, domain="relay.example"),
        "forged": lambda: signed(BOTH, message_id="<d1.0000@biocat.example>"),
        "unsigned": lambda: returned(
            "From: desk@biocat.example", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        ),
        "letter": lambda: returned(
            "From: desk@biocat.example", "DKIM-Signature: d=biocat.example; h=From; b=x"
        ),
        "unknown": lambda: signed(BOTH, domain="nobody.example").replace(
            b"desk@biocat.example", b"desk@nobody.example"
        ),
    }[case]()

    mailbox.understand(raw)

    assert not Probe.objects.exists()
    assert [level for level, _sentence in said(sent)] == [Level.UNKNOWN]


def test_a_broken_report_breaks_nothing(sent: Campaign) -> None:
    for junk in (b"", b"\xff\xfe", signed(BOTH)[:600], b"boundary" * 200):
        mailbox.understand(junk)
