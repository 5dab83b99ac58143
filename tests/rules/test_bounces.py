"""What a refusal says about a mailbox."""

import datetime as dt

import pytest

from campaigns.rules.bounces import Bounce, confirmed, judge

NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        ("5.1.1", "", Bounce.GONE),
        ("", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", Bounce.GONE),
        ("", "550-5.1.1 The account does not exist.\n550 5.1.1 Learn more", Bounce.GONE),
        ("5.1.2", "Host or domain name not found", Bounce.GONE),
        ("5.0.0", "smtp; 550 5.1.1 <a@b.example>: no such user here", Bounce.GONE),
        ("5.2.2", "mailbox full", Bounce.FULL),
        ("4.4.7", "message expired", Bounce.FULL),
        ("5.7.1", "no such user", Bounce.REFUSED),
        ("5.1.8", "sender address rejected", Bounce.OTHER),
        ("5.3.4", "message too big", Bounce.OTHER),
    ],
)
def test_the_enhanced_code_tells_the_kind(status: str, text: str, kind: Bounce) -> None:
    assert judge(status=status, text=text) == kind


def test_codes_that_contradict_each_other_condemn_nobody() -> None:
    assert judge(status="5.1.1", text="550 5.7.1 blocked by our policy") == Bounce.REFUSED


@pytest.mark.parametrize("text", ["your host 5.1.1.9 is listed", "by mailer v5.1.1", "15.1.1"])
def test_an_address_or_a_version_is_no_code(text: str) -> None:
    assert judge(code=550, text=text) == Bounce.OTHER


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("550 No such user here", Bounce.FULL),
        ("550 Unrouteable address", Bounce.FULL),
        ("552 Quota exceeded", Bounce.FULL),
        ("550 User unknown; blocked as spam", Bounce.REFUSED),
        ("554 Relaying denied", Bounce.REFUSED),
        ("550 Requested action not taken", Bounce.OTHER),
        ("", Bounce.OTHER),
    ],
)
def test_words_without_a_code_never_condemn_at_once(text: str, kind: Bounce) -> None:
    assert judge(code=550, text=text) == kind


def test_a_final_4xx_without_an_enhanced_code_counts_like_a_full_mailbox() -> None:
    assert judge(code=451, text="Try again") == Bounce.FULL


def test_three_refusals_within_thirty_days_confirm_each_other() -> None:
    days = [NOON + dt.timedelta(days=n) for n in (0, 25, 40, 50)]

    assert not confirmed(days[:2])
    assert not confirmed([days[0], days[1], days[3]])
    assert confirmed(days)
    assert confirmed([days[3], days[1], days[2]])
