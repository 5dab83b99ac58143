import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.rules.duplicates import (
    LEGAL_FORMS,
    PROPOSED,
    OrganisationFacts,
    PersonFacts,
    core_name,
    digits,
    organisations,
    people,
)


def person(
    name: str = "", mailbox: str = "", phone: str = "", at: int | None = None
) -> PersonFacts:
    return PersonFacts(
        name=name,
        mailboxes=frozenset([mailbox] if mailbox else []),
        phone=phone,
        organisations=frozenset([at] if at else []),
    )


def company(*names: str, domain: str = "", city: str = "") -> OrganisationFacts:
    return OrganisationFacts(names=frozenset(names), domain=domain, city=city)


ONE = [
    (person("Anna Rossi"), person("Anna Rossi")),
    (person("Anna Rossi"), person("Rossi Anna")),
    (person("Dr. Anna Rossi"), person("Anna Rossi")),
    (person("Prof. Dr. med. Jürgen Groß"), person("Jurgen Gross")),
    (person("Anna Rossi", at=1), person("A. Rossi", at=1)),
    (person("María García López", at=1), person("Maria García", at=1)),
    (person("Ana Gonzales", at=1), person("Ana González", at=1)),
    (person("Anna Rossi", "a.rossi@vif.example"), person("Anna Rossi", "anna.rossi@vif.example")),
    (person("Anna Rossi", "anna.rossi@a.example"), person("Anna Rossi", "annarossi@b.example")),
    (
        person("Anna Rossi", "anna.rossi@vif.example", at=1),
        person("A. Rossi", "arossi@vif.example", at=1),
    ),
    (person("", "anna.rossi@vif.example"), person("Anna Rossi", "a.rossi@vif.example")),
    (person("Kristina Müller", phone="+49 89 12345"), person("Cristina Müller", phone="08912345")),
    (person("", "rossi@vif.example"), person("Anna Rossi", "rossi@vif.example")),
]  # fmt: skip
TWO = [
    (person("Anna Rossi", at=1), person("Marco Bianchi", at=1)),
    (person("Anna Rossi", "info@vif.example"), person("Marco Bianchi", "info@vif.example")),
    (person("Anna Rossi", phone="089123456", at=1), person("Marco Rossi", phone="089123456", at=1)),
    (person("Anna Rossi", "a.rossi@a.example", at=1), person("Anna Rossi", "ar@b.example", at=2)),
    (person("", "info@a.example"), person("", "info@b.example")),
    (person("Anna Rossi"), person("Mara Rossi")),
    (person(), person()),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), ONE)
def test_one_person_written_in_two_ways_is_proposed(
    first: PersonFacts, second: PersonFacts
) -> None:
    likeness = people(first, second)
    assert likeness.score >= PROPOSED
    assert likeness.reasons


@pytest.mark.parametrize(("first", "second"), TWO)
def test_colleagues_and_namesakes_are_left_in_peace(
    first: PersonFacts, second: PersonFacts
) -> None:
    assert people(first, second).score < PROPOSED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (company("Émile Vif SAS"), company("Emile VIF")),
        (company("SAS Vif"), company("Vif S.A.S.")),
        (company("Novamed S.p.A."), company("Novamed SpA")),
        (company("Isar Biotech GmbH & Co. KG"), company("ISAR Biotech")),
        (company("Pirineus Biotech S.L."), company("Pirineus Biotech, SLU")),
        (company("Novamedika AG"), company("Novamedica", city="Hamburg")),
        (company("Merial", "Boehringer Ingelheim Animal Health"), company("Merial SAS")),
        (
            company("Bioindustry Park Silvano Fumero", domain="bipark.example"),
            company("Bioindustry Park", domain="bipark.example"),
        ),
    ],
)
def test_one_company_written_in_two_ways_is_proposed(
    first: OrganisationFacts, second: OrganisationFacts
) -> None:
    assert organisations(first, second).score >= PROPOSED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (company("Bio 1 SL"), company("Bio 2 SL")),
        (company("Bayer AG"), company("BASF AG")),
        (company("Alba Cells SL"), company("Mar Diagnostics SL")),
        (company("Alba", domain="linkedin.com"), company("Mare", domain="linkedin.com")),
        (
            company("Alpha Pharma Nord", domain="nord.example"),
            company("Alpha Pharma Süd", domain="sud.example"),
        ),
        (company(), company()),
    ],
)
def test_different_companies_are_left_in_peace(
    first: OrganisationFacts, second: OrganisationFacts
) -> None:
    assert organisations(first, second).score < PROPOSED


def test_a_company_that_is_called_like_a_legal_form_keeps_its_name() -> None:
    assert core_name("SE AG") == "se ag"
    assert core_name("A.B.C. GmbH") == "abc"
    assert core_name("") == ""


def test_a_number_is_the_same_with_and_without_its_country() -> None:
    assert digits("+49 (0)89 / 123 45 67") == digits("0891234567")
    assert digits("112") == ""


words = st.text(alphabet="abcdeioéß .-", max_size=14)
boxes = st.frozensets(
    st.builds(lambda box, host: f"{box}@{host}.example", st.text("ab.", min_size=1), words),
    max_size=2,
)
persons = st.builds(
    PersonFacts, words, boxes, st.text("0123456789 ", max_size=12), st.frozensets(st.integers(1, 3))
)
companies = st.builds(
    OrganisationFacts, st.frozensets(words, max_size=2), st.sampled_from(["", "a", "b"]), words
)


@given(persons, persons)
def test_likeness_of_people_is_symmetric_and_bounded(a: PersonFacts, b: PersonFacts) -> None:
    assert people(a, b) == people(b, a)
    assert 0 <= people(a, b).score <= 100


@given(companies, companies)
def test_likeness_of_organisations_is_symmetric_and_bounded(
    a: OrganisationFacts, b: OrganisationFacts
) -> None:
    assert organisations(a, b) == organisations(b, a)
    assert 0 <= organisations(a, b).score <= 100


@given(persons, companies)
def test_whatever_says_anything_is_wholly_like_itself(
    someone: PersonFacts, something: OrganisationFacts
) -> None:
    for score in (people(someone, someone).score, organisations(something, something).score):
        assert score in (0, 100)
    assert people(person("Anna"), person("Anna")).score == 100


@given(
    st.sampled_from(["Novamed", "Alba Cells", "Émile Vif"]), st.sampled_from(sorted(LEGAL_FORMS))
)
def test_a_legal_form_changes_nothing(name: str, form: str) -> None:
    dotted = ".".join(form) + "."
    for other in (f"{name} {form}", f"{form.upper()} {name}", f"{name}, {dotted}"):
        assert organisations(company(name), company(other)).score == 100
