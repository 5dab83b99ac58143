"""Names in written texts, and others in their place."""

from campaigns.rules.naming import names, renamed, renaming

LI = {"name": "Li", "email": "li@bio.example", "phone": "+33 4"}
ANA = {"name": "Ana Li", "email": "ana@bio.example", "phone": "+34 9"}


def test_only_whole_words_are_replaced() -> None:
    words = renaming(LI, ANA)
    kept = "Life science, Li-Chen, Jean-Li, Bali, mali@bio.example, a.li@bio.example, +33 44"

    assert renamed(kept, words) == kept
    assert not names([kept], words)
    assert renamed("l’avis de Li, (Li) Li’s Li.", words) == (
        "l’avis de Ana Li, (Ana Li) Ana Li’s Ana Li."
    )
    assert renamed({"a": ["mailto:li@bio.example. Or +33 4."]}, words) == {
        "a": ["mailto:ana@bio.example. Or +34 9."]
    }


def test_an_address_of_a_longer_domain_is_another_one() -> None:
    assert renamed("li@bio.example.org", renaming(LI, ANA)) == "li@bio.example.org"


def test_nothing_is_in_nobodys_place() -> None:
    assert renamed("Li", renaming({}, ANA)) == "Li"


def test_what_leads_somewhere_goes_on_leading_there() -> None:
    block = {
        "id": "adaadaad",
        "kind": "button",
        "label": "Ada's hall",
        "url": "https://a.example/Ada",
        "text": "[Ada](https://a.example/Ada), Ada: https://a.example/Ada",
    }

    assert renamed(block, {"Ada": "Eva"}) == {
        **block,
        "label": "Eva's hall",
        "text": "[Eva](https://a.example/Ada), Eva: https://a.example/Ada",
    }
