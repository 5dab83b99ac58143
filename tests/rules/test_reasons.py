"""What the rules say of a row, in the reader's language."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import translation

from crm.forms import reasons
from crm.rules import cells
from crm.rules.addresses import InvalidAddress, normalise
from crm.rules.cells import BadCell


def said_by(rule: Callable[[str], Any], text: str) -> str:
    with pytest.raises((BadCell, InvalidAddress)) as refused:
        rule(text)
    return str(refused.value)


RULES: list[tuple[Callable[[str], Any], str]] = [
    (cells.plain, "a\0b"),
    (cells.plain, "a\udc80b"),
    (cells.addresses, "nowhere"),
    (partial(cells.phone, country="FR"), "abc. def"),
    (cells.language, "klingon"),
    (cells.country, "Atlantis. Really"),
    (cells.website, "not a site"),
    (cells.employees, "many"),
    (normalise, "a@b"),
    (normalise, "@b.example"),
    (normalise, "a@"),
    (normalise, "ab"),
]


@pytest.mark.parametrize(("rule", "text"), RULES, ids=str)
def test_every_sentence_of_the_rules_is_known(rule: Callable[[str], Any], text: str) -> None:
    reason = said_by(rule, text)
    assert reasons.translated(reason) == reason
    known = [pattern for pattern, _sentence in reasons._PATTERNS]
    rest = reason
    while rest:
        found = next((m for each in known if (m := each.match(rest))), None)
        assert found, f"“{rest}” is in no catalogue"
        rest = rest[found.end() :]


def test_several_sentences_are_told_apart_and_what_is_unknown_stays() -> None:
    stored = (
        "“Ad. Astra” is not a language we know. Write its code, like fr. "
        "A sentence of somebody else. No organisation is named, so the job was left out."
    )
    with translation.override("fr"):
        said = reasons.translated(stored)
    assert "Ad. Astra" in said
    assert "is not a language" not in said
    assert "A sentence of somebody else." in said
    assert "No organisation" not in said
    assert reasons.translated(stored) == stored


@pytest.mark.parametrize("text", ["", "100 % wrong", "%(n)s", "“%s” is not an e-mail address."])
def test_any_text_is_shown(text: str) -> None:
    with translation.override("de"):
        assert reasons.translated(text).strip("„“") in (text, "%s“ ist keine E-Mail-Adresse.")
