"""What a domain says in the DNS of who may send in its name: SPF, DKIM keys, DMARC."""

import base64
import binascii
from collections.abc import Iterable

SHORTEST_KEY = 2048  # bits of an RSA key


def spf_trouble(texts: Iterable[str]) -> str:
    """What is wrong with a domain's SPF, as a code; empty: nothing."""
    records = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return "no-spf"
    if len(records) > 1:
        return "several-spf"
    terms = records[0].lower().split()
    return "open-spf" if {"+all", "all"} & set(terms) else ""


def dkim_trouble(texts: Iterable[str]) -> tuple[str, int]:
    """What is wrong with a DKIM key, as a code with the key's bits; empty: nothing."""
    records = [tags for text in texts if "p" in (tags := tags_of(text))]
    if not records:
        return "no-dkim", 0
    key = "".join(records[0]["p"].split())
    if not key:
        return "revoked-dkim", 0
    if records[0].get("k", "rsa").lower() == "ed25519":
        return "", 256
    bits = _bits_of(key)
    if not bits:
        return "no-dkim", 0
    return ("short-dkim" if bits < SHORTEST_KEY else ""), bits


def dmarc_of(texts: Iterable[str]) -> dict[str, str] | None:
    """The tags of a domain's DMARC record; None where there is none, {} where none is sound."""
    records = [text for text in texts if text.lower().replace(" ", "").startswith("v=dmarc1")]
    if not records:
        return None
    tags = tags_of(records[0])
    tags |= {name: tags[name].lower() for name in ("p", "aspf", "psd") if name in tags}
    sound = len(records) == 1 and tags.get("p", "none") in ("none", "quarantine", "reject")
    return tags if sound else {}


def tags_of(text: str) -> dict[str, str]:
    """`v=DMARC1; p=reject` → {"v": "DMARC1", "p": "reject"}"""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}


def _bits_of(key: str) -> int:
    """The length of an RSA key: of SubjectPublicKeyInfo, or RSAPublicKey alone; 0 if unread."""
    try:
        content = _inside(base64.b64decode(key, validate=True), 0x30)
        if content[0] == 0x30:  # which algorithm, then the key as a string of bits
            content = _inside(_inside(_behind(content), 0x03)[1:], 0x30)
        modulus = _inside(content, 0x02)
    except (binascii.Error, IndexError, ValueError):
        return 0
    return int.from_bytes(modulus, "big").bit_length()


def _inside(der: bytes, tag: int) -> bytes:
    """What the first value holds, which must be of this kind."""
    if der[0] != tag:
        raise ValueError("another kind of value")
    start, length = _span(der)
    return der[start : start + length]


def _behind(der: bytes) -> bytes:
    start, length = _span(der)
    return der[start + length :]


def _span(der: bytes) -> tuple[int, int]:
    """Where the first value's content begins, and how long it is."""
    first = der[1]
    if first < 0x80:
        return 2, first
    more = first & 0x7F
    return 2 + more, int.from_bytes(der[2 : 2 + more], "big")
