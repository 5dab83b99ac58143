"""What the rules say of a row, in the reader's language."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import translation

from crm.actions import reasons
from crm.rules import answers, cells
from crm.rules.addresses import InvalidAddress, normalise
from crm.rules.answers import BadAnswer, Question
from crm.rules.cells import BadCell


def said_by(rule: Callable[[str], Any], text: str) -> str:
    with pytest.raises((BadAnswer, BadCell, InvalidAddress)) as refused:
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
    *(
        (normalise, text)
        for text in (
            ".a@b.example",
            "a@b.example.",
            "a..b@c.example",
            "a.@b.example",
            "a@.b.example",
            "a@-b.example",
            "a@b-.example",
            "Ann <a@b.example>",
            '"a b"@c.example',
            "a@[1.2.3.4]",
            "a@b.local",
            "a@b.1",
        )
    ),
    *(
        (partial(answers.read, Question("Booth", "person", kind, ("A", "B"))), text)
        for kind, text in (
            ("text", "a" * 501),
            ("number", "many"),
            ("date", "soon"),
            ("yes_no", "perhaps"),
            ("choice", "C"),
        )
    ),
]


def whole(reason: str) -> None:
    """Every sentence of it is in the catalogues."""
    assert reasons.translated(reason) == reason
    known = [pattern for pattern, _sentence in reasons._PATTERNS]
    rest = reason
    while rest:
        found = next((m for each in known if (m := each.match(rest))), None)
        assert found, f"“{rest}” is in no catalogue"
        rest = rest[found.end() :]


@pytest.mark.parametrize(("rule", "text"), RULES, ids=[text[:20] for _rule, text in RULES])
def test_every_sentence_of_the_rules_is_known(rule: Callable[[str], Any], text: str) -> None:
    whole(said_by(rule, text))


@pytest.mark.parametrize("text", ["!!", "t" * 100, ",".join(map(str, range(200)))])
def test_every_sentence_about_tags_is_known(text: str) -> None:
    _found, wrong = cells.tags(text)
    assert wrong
    for reason in wrong:
        whole(reason)


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


def test_columns_and_codes_are_named_as_the_reader_knows_them() -> None:
    stored = "“Dentistry” is none of the areas we know: cns, oncology."
    with translation.override("fr"):
        said = reasons.translated(stored)
    assert "Domaines thérapeutiques" in said
    assert "système nerveux central, oncologie" in said
    assert "central nervous system" in reasons.translated(stored)


def test_what_is_quoted_ends_with_its_quotation_mark() -> None:
    stored = (
        "“Dentistry” is none of the areas we know: cns, oncology. "
        "“089” is not a phone number. Write it with +, like +33 4 …"
    )
    with translation.override("fr"):
        said = reasons.translated(stored)
    assert "« Dentistry » n’est pas connu" in said
    assert "« 089 » n’est pas un numéro" in said


@pytest.mark.parametrize("text", ["", "100 % wrong", "%(n)s", "“%s” is not an e-mail address."])
def test_any_text_is_shown(text: str) -> None:
    with translation.override("de"):
        assert reasons.translated(text).strip("„“") in (text, "%s“ ist keine E-Mail-Adresse.")
