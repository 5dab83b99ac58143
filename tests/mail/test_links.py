"""Signed tokens are those of Django's Signer, however fast they are made."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.signing import Signer
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from campaigns.mail import links
from campaigns.mail.links import Answering, InvalidLink, Leaving, MailTo, Seal

ids = st.integers(1, 2**63 - 1)


@given(ids, ids, ids, st.sampled_from(["en", "fr"]))
def test_a_token_is_the_one_the_signer_makes(one: int, two: int, three: int, word: str) -> None:
    text = f"{one}.{two}.{three}.{word}"

    assert links.leaving_token(Leaving(one, two, three, word)) == Signer(
        salt="liaison.leaving"
    ).sign(text)
    assert links.answering_token(Answering(one, two, three, word)) == Signer(
        salt="liaison.answering"
    ).sign(text)


@given(st.text(max_size=40))
def test_signer_and_seal_read_each_other(text: str) -> None:
    signer, seal = Signer(salt="a"), Seal("a")

    assert seal.unsign(signer.sign(text)) == text
    assert signer.unsign(seal.sign(text)) == text


def test_tokens_of_a_key_that_was_replaced_are_still_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"
    token = links.leaving_token(Leaving(1, 2, 3, "fr"))
    message = links.message_name(12)
    address = links.mailbox(MailTo.BOUNCE, 12)
    settings.SECRET_KEY_FALLBACKS = [django_settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    for name in ("leaving", "message", "mailbox"):
        monkeypatch.setattr(links, f"_{name.upper()}", Seal(f"liaison.{name}"))

    assert links.leaving_token(Leaving(1, 2, 3, "fr")) != token
    assert links.read_leaving(token) == Leaving(1, 2, 3, "fr")
    assert links.delivery_id(f"<{message}@biocat.example>") == 12
    assert links.read_mailbox(address) == (MailTo.BOUNCE, 12)


def test_a_mailbox_address_says_what_it_means_in_any_case(settings: Settings) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"

    for meaning in MailTo:
        address = links.mailbox(meaning, 34)
        assert re.fullmatch(r"replies\+[buc]34\.[a-z2-7]{16}@liaison\.example", address)
        assert links.read_mailbox(address.upper()) == (meaning, 34)
    with pytest.raises(InvalidLink):
        links.read_mailbox(links.mailbox(MailTo.LEAVE, 34).replace("34", "35"))
    with pytest.raises(InvalidLink):
        links.read_mailbox(links.mailbox(MailTo.LEAVE, 34).replace("+u", "+b"))


def test_without_a_mailbox_there_is_no_address(settings: Settings) -> None:
    settings.MAILBOX_ADDRESS = ""

    assert links.mailbox(MailTo.BOUNCE, 34) == ""
