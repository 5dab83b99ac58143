"""Texts stored once per language."""

from crm.rules.texts import pick


def test_the_first_language_in_order_that_has_a_text_is_taken() -> None:
    texts = {"en": "Welcome", "fr": "Bienvenue", "de": ""}

    assert pick(texts, ("de", "fr", "en")) == ("fr", "Bienvenue")
    assert pick(texts, ("it",)) == ("en", "Welcome")
    assert pick({"ca": "Hola"}, ("it",)) == ("ca", "Hola")


def test_a_text_in_no_language_is_empty_and_not_invented() -> None:
    assert pick({}, ("en",)) == ("", "")
    assert pick({"fr": ""}, ("fr",)) == ("", "")
