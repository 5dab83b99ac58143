"""vCards as RFC 6350 writes them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from crm.rules.vcards import LONGEST, Card, escaped, folded, written


def lines(text: str) -> list[str]:
    """Unfolded, as a reader does it first."""
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_person_is_a_card_with_everything_in_its_place() -> None:
    card = Card(
        uid="https://liaison.example/people/1/", name="Dr. Zoé Müller, née X", family="Müller; X",
        given="Zoé", title="Dr.", organisation="A, B \\ C", job="CEO\nand CSO",
        emails=("zoe@a.example", "z@b.example"), phone="+34 931 23 45 67", language="fr",
        website="https://a.example", city="Lyon", region="Rhône", country="France",
        categories=("oncology", "a, b"),
    )  # fmt: skip

    assert lines(written(card)) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        "UID:https://liaison.example/people/1/",
        "FN:Dr. Zoé Müller\\, née X",
        "N:Müller\\; X;Zoé;;Dr.;",
        "ORG:A\\, B \\\\ C",
        "TITLE:CEO\\nand CSO",
        "EMAIL;TYPE=work;PREF=1:zoe@a.example",
        "EMAIL;TYPE=work:z@b.example",
        "TEL;VALUE=uri;TYPE=work:tel:+34931234567",
        "LANG:fr",
        "ADR;TYPE=work:;;;Lyon;Rhône;;France",
        "URL;TYPE=work:https://a.example",
        "CATEGORIES:oncology,a\\, b",
        "END:VCARD",
    ]


def test_an_organisation_has_no_name_of_a_person() -> None:
    said = lines(written(Card(uid="x", kind="org", name="Alba", organisation="Alba")))

    assert "KIND:org" in said
    assert not [line for line in said if line.startswith("N:")]


@given(st.text())
def test_whatever_is_entered_stays_in_its_line(text: str) -> None:
    said = lines(written(Card(uid="x", name=text, given=text, job=text, website=text, phone=text)))

    assert said[0] == "BEGIN:VCARD"
    assert said[-1] == "END:VCARD"
    assert [line for line in said if line.startswith(("BEGIN", "END"))] == [said[0], said[-1]]
    names = [line for line in said if line.startswith("N:")]
    assert len(re.findall(r"(?<!\\)(?:\\\\)*;", names[0])) == 4


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
def test_a_line_is_folded_without_tearing_a_character(text: str) -> None:
    parts = list(folded(f"NOTE:{text}"))

    assert all(len(part.encode()) <= LONGEST for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])
    assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == f"NOTE:{text}"


def test_the_four_signs_are_escaped() -> None:
    assert escaped("a\\b,c;d\r\ne\nf\0") == "a\\\\b\\,c\\;d\\ne\\nf"
