"""What of a mail is in another language, and what nobody translated."""

from campaigns.rules.foreign import Foreign, copied, foreign

FACTS = {
    "kind": "facts",
    "rows": [
        {"label": "Où", "value": "Japon"},
        {"label": "Conditions", "value": "Free of charge", "lang": "en"},
    ],
}
PROGRAMME = {
    "kind": "programme",
    "label": "Programme",
    "days": [
        {"items": [{"title": "Arrivée"}, {"title": "BIO Korea", "lang": "en"}]},
        {"items": [{"title": "BIO Korea", "lang": "en"}, {"title": "Rückreise", "lang": "de"}]},
    ],
}


def test_foreign_words_are_found_wherever_a_record_has_put_them_each_once() -> None:
    external = {"kind": "external", "paragraphs": ["Apply", "there."], "lang": "en"}
    deadlines = {"kind": "deadlines", "rows": [{"label": "Apply by mail", "lang": "it"}]}

    assert foreign([FACTS, PROGRAMME, external, deadlines]) == [
        Foreign("en", "Free of charge"),
        Foreign("en", "BIO Korea"),
        Foreign("de", "Rückreise"),
        Foreign("en", "Apply there."),
        Foreign("it", "Apply by mail"),
    ]
    assert foreign([{"kind": "text", "paragraphs": ["Bonjour"]}, {"kind": "divider"}]) == []


def test_a_block_that_repeats_another_languages_words_is_not_translated() -> None:
    english = [
        {"kind": "text", "text": "Join the whole delegation.", "id": "aaaaaaaa"},
        {"kind": "heading", "text": "BIO Korea 2027", "id": "bbbbbbbb"},
        {"kind": "image", "image": "x", "alt": "The hall", "url": "https://a.example/b c d e",
         "id": "cccccccc"},
        {"kind": "facts", "id": "dddddddd"},
    ]  # fmt: skip
    french = [
        {**english[0], "text": "Join the whole delegation."},
        english[1],
        {**english[2], "alt": "La salle"},
        english[3],
    ]

    assert copied(french, {"en": english}) == {"aaaaaaaa": "en"}
    assert copied([{**french[0], "text": "Rejoignez-nous tous."}], {"en": english}) == {}
    assert copied([{**french[0], "id": "zzzzzzzz"}], {"en": english}) == {}
    assert copied([{"kind": "text", "text": "Join the whole delegation."}], {"en": english}) == {}
