"""What a domain's records say of who may send in its name."""

import pytest

from campaigns.management.commands.zone import _key
from campaigns.rules.senders import dkim_trouble, dmarc_of, spf_trouble


@pytest.mark.parametrize(
    ("texts", "trouble"),
    [
        (["v=spf1 include:relay.example -all"], ""),
        (["google-site=1", "V=SPF1 mx ~all"], ""),
        ([], "no-spf"),
        (["v=spf10 -all"], "no-spf"),
        (["v=spf1 -all", "v=spf1 mx -all"], "several-spf"),
        (["v=spf1 +all"], "open-spf"),
        (["v=spf1 mx all"], "open-spf"),
    ],
)
def test_spf(texts: list[str], trouble: str) -> None:
    assert spf_trouble(texts) == trouble


@pytest.mark.parametrize(
    ("texts", "trouble", "bits"),
    [
        ([f"v=DKIM1; k=rsa; p={_key(2048)}"], "", 2048),
        ([f"p={_key(4096)}"], "", 4096),
        ([f"v=DKIM1; p={_key(1024)}"], "short-dkim", 1024),
        ([f"v=DKIM1; p={_key(2048)[:200]} {_key(2048)[200:]}"], "", 2048),
        (["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="], "", 256),
        (["v=DKIM1; p="], "revoked-dkim", 0),
        (["v=DKIM1; p=%%%"], "no-dkim", 0),
        (["v=DKIM1; p=MAo="], "no-dkim", 0),
        ([], "no-dkim", 0),
        (["v=spf1 -all"], "no-dkim", 0),
    ],
)
def test_dkim(texts: list[str], trouble: str, bits: int) -> None:
    assert dkim_trouble(texts) == (trouble, bits)


@pytest.mark.parametrize(
    ("texts", "policy"),
    [
        (["v=DMARC1; p=reject; aspf=s"], {"v": "DMARC1", "p": "reject", "aspf": "s"}),
        (["v=DMARC1; p=Reject; aspf=S"], {"v": "DMARC1", "p": "reject", "aspf": "s"}),
        (["v=DMARC1;p=none"], {"v": "DMARC1", "p": "none"}),
        (["v=DMARC1; rua=mailto:a@b.example"], {"v": "DMARC1", "rua": "mailto:a@b.example"}),
        (["v=DMARC1; p=maybe"], {}),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], {}),
        (["v=spf1 -all"], None),
        ([], None),
    ],
)
def test_dmarc(texts: list[str], policy: dict[str, str] | None) -> None:
    assert dmarc_of(texts) == policy
