"""A row of somebody's list, read as a person would read it."""

import pytest

from crm.rules import cells
from crm.rules.cells import BadCell
from crm.rules.columns import guess, guess_all, judged_by_cells
from crm.rules.entries import Entry, EntryReader
from crm.rules.people import named, split_name


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Dr. Anna Rossi", ("Dr.", "Anna", "Rossi")),
        ("ROSSI, Anna", ("", "Anna", "Rossi")),
        ("Prof. Dr. med. ROSSI Anna", ("Prof. Dr. med.", "Anna", "Rossi")),
        ("M. Jean-Luc de la Tour", ("", "Jean-Luc", "de la Tour")),
        ("MARIE DUPONT", ("", "Marie", "Dupont")),
        ("Herr Dr.-Ing. Jörg von Müller", ("Dr.-Ing.", "Jörg", "von Müller")),
        ("Mme DUPONT", ("", "", "Dupont")),
        ("O'BRIEN Siobhan", ("", "Siobhan", "O'Brien")),
        ("Dr", ("", "", "Dr")),
        ("Anna Rossi, PhD", ("PhD", "Anna", "Rossi")),
        ("Mag. Franz Öllinger jun.", ("Mag.", "Franz", "Öllinger jun.")),
        ("Hr. Weiß", ("", "", "Weiß")),
        ("  Anna  ", ("", "", "Anna")),
        ("", ("", "", "")),
    ],
)
def test_a_written_name_is_taken_apart(written: str, parts: tuple[str, str, str]) -> None:
    assert split_name(written) == parts


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (["Company Name", "Contact Name", "Contact E-mail"], ["legal_name", "name", "email"]),
        (["Nom", "Prénom", "Société", "Courriel"], ["family", "given", "legal_name", "email"]),
        (["Nom", "Société"], ["name", "legal_name"]),
        (["Firma", "Ansprechpartner", "Telefon", "Ort"], ["legal_name", "name", "phone", "city"]),
        (["Nome", "Cognome", "Azienda", "Ruolo"], ["given", "family", "legal_name", "job"]),
        (["Nombre", "Apellidos", "Empresa"], ["given", "family", "legal_name"]),
        (["Nom", "Cognoms", "Entitat"], ["given", "family", "legal_name"]),
        (["Name", "Web site", "City"], ["legal_name", "website", "city"]),
        (["E-mail", "E-Mail 2", "Remarks"], ["email", "email", ""]),
        (["Téléphone (pro)", "???", ""], ["phone", "", ""]),
        (["Person Tel. (Büro)", "Person E-Mail-Adresse(n)"], ["phone", "email"]),
        (["Firma", "Firma (ID)"], ["legal_name", ""]),
    ],
)
def test_headers_are_understood_in_six_languages(headers: list[str], columns: list[str]) -> None:
    assert guess_all(headers) == columns


def test_where_no_header_speaks_of_mailboxes_the_cells_do() -> None:
    rows = [["ada@b.example; a@b.example", "B"], ["", "C"], ["bob@c.example", "D @ home"], ["E"]]
    assert judged_by_cells(["", ""], rows) == ["email", ""]
    assert judged_by_cells(["email", ""], rows) == ["email", ""]
    assert judged_by_cells(["", ""], []) == ["", ""]


def test_dates_and_numbers_are_no_words_whatever_the_header_says() -> None:
    rows = [["01.02.2024", "x", "3/2026"], ["45011.0", "1", ""], ["", "", "prospect"]]
    assert judged_by_cells(["standing"] * 3, rows) == ["", "standing", "standing"]
    assert judged_by_cells(["standing", "phone"], [["", "0472000000"]]) == ["standing", "phone"]


def test_a_header_that_says_nothing_we_know_is_left_out() -> None:
    assert guess("Shoe size") == ""


def test_several_addresses_in_a_cell_are_all_read_and_wrong_ones_named() -> None:
    found, wrong = cells.addresses("Ada <ada@b.example>; <bob@c.example>")
    assert [address.key for address in found] == ["ada@b.example", "bob@c.example"]
    found, wrong = cells.addresses("mailto:ada@b.example?subject=x")
    assert [address.key for address in found] == ["ada@b.example"]
    found, wrong = cells.addresses("ADA@B.example, ada@b.example / bad@@x")
    assert [address.key for address in found] == ["ada@b.example"]
    assert "bad@@x" in wrong[0]
    with pytest.raises(BadCell, match="is not an e-mail address"):
        cells.addresses("nobody")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+33 4 78 12 34 56", "+33 4 78 12 34 56"),
        ("33478123456.0", "+33 4 78 12 34 56"),
        ("3.3478123456E+10", "+33 4 78 12 34 56"),
        ("0478123456", "+33 4 78 12 34 56"),
        ("0039 011 1234567", "+39 011 123 4567"),
    ],
)
def test_a_phone_number_is_written_as_one_dials_it(written: str, number: str) -> None:
    assert cells.phone(written, "FR") == number


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (cells.language, "Français", "fr"),
        (cells.language, "de-AT", "de"),
        (cells.language, "Katalanisch", "ca"),
        (cells.country, "Deutschland", "DE"),
        (cells.country, "España", "ES"),
        (cells.country, "uk", "GB"),
        (cells.city, "80331 München", "München"),
        (cells.city, "F-69007 Lyon", "Lyon"),
        (cells.city, "1 Rue", "1 Rue"),
        (cells.city, "69007", "69007"),
        (cells.website, "www.company.example", "https://www.company.example"),
        (cells.employees, "10-49", 10),
        (cells.employees, "1 200", 1200),
        (cells.employees, "~35.0", 35),
    ],
)
def test_words_become_values(read: object, written: str, value: object) -> None:
    assert read(written) == value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (cells.language, "Klingon"),
        (cells.country, "Utopia"),
        (cells.website, "no web"),
        (cells.website, "javascript://x.example"),
        (cells.employees, "many"),
        (cells.plain, "x\0y"),
        (cells.plain, "caf\udce9"),
    ],
)
def test_what_is_none_is_refused_with_what_to_write(read: object, written: str) -> None:
    with pytest.raises(BadCell, match=r"\. |Write|like|Choose"):
        read(written)  # type: ignore[operator]


def read(*row: str) -> Entry | None:
    columns = ["name", "email", "phone", "legal_name", "country", "category"]
    codes = {"category": {"sme": "sme", "kmu": "sme"}}
    return EntryReader(columns, country="FR", codes=codes).read(7, row)


def test_a_phone_number_is_one_of_the_row_s_own_country() -> None:
    known = [read("Ada", "", phone, "B", country) for phone, country in [
        ("0478123456", ""), ("347 1234567", "Italia"), ("089 123456", "D"), ("+49 89 123456", "IT"),
    ]]  # fmt: skip
    assert [entry.facts["phone"] for entry in known if entry] == [
        "+33 4 78 12 34 56", "+39 347 123 4567", "+49 89 123456", "+49 89 123456",
    ]  # fmt: skip
    foreign = read("Ada", "", "089/123456", "B", "")
    assert foreign
    assert "phone" not in foreign.facts
    assert "is not a phone number" in foreign.remarks[0]


def test_a_salutation_is_no_title_and_hides_none() -> None:
    reader = EntryReader(["title", "name"])
    titles = [
        entry.facts.get("title")
        for row in (
            ["Frau", "Prof. Dr. Jürgensen, Änne"],
            ["Hr.", "Kurt Weiß"],
            ["Herr Dr.", "K W"],
        )
        if (entry := reader.read(1, row))
    ]
    assert titles == ["Prof. Dr.", None, "Dr."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"name": "van der Meer, Jan-Willem", "title": "Herr Dr."}, "Dr. Jan-Willem van der Meer"),
        ({"given": "Dr. Anna", "family": "ROSSI", "title": "Frau"}, "Dr. Anna Rossi"),
        ({"title": "Dr."}, "Dr."),
        ({}, ""),
    ],
)
def test_a_preview_shows_a_name_as_it_is_kept(written: dict[str, str], said: str) -> None:
    assert named(written) == said


def test_of_several_words_in_a_cell_those_that_are_known_count() -> None:
    reader = EntryReader(["legal_name", "areas"], codes={"areas": {"oncology": "on", "cns": "cns"}})
    entry = reader.read(1, ["B", "Oncology, Dentistry; CNS / Shoes"])
    assert entry
    assert entry.facts["areas"] == ("cns", "on")
    assert entry.remarks == ["“Dentistry, Shoes” is none of the areas we know: cns, on."]


def test_a_row_without_anything_is_none() -> None:
    assert read("", " ", "-", "n/a", "–") is None
    assert read() is None


def test_whoever_is_called_like_a_sum_and_can_be_told_from_one_comes_in() -> None:
    for row in (["", "", "", "Total", "France"], ["Summe", "summe@b.example"]):
        entry = read(*row)
        assert entry
        assert not entry.error


def test_a_cell_that_is_not_understood_is_named_and_the_rest_of_its_row_counts() -> None:
    entry = read("Ada Byron", "ada@b.example", "call me", "B", "Utopia", "KMU")

    assert entry
    assert entry.facts == {
        "given": "Ada", "family": "Byron", "legal_name": "B", "category": "sme",
    }  # fmt: skip
    assert [remark.split("”")[0] for remark in entry.remarks] == ["“Utopia", "“call me"]
    assert not entry.error


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Ada", "no address"], "is not an e-mail address"),
        (["", "", "+33 4 78 12 34 56"], "Add a name or an address"),
        (["x\0y", "ada@b.example"], "NUL"),
        (["", "", "3300", "Somme :"], "holds a sum"),
        (["Total:", "", ""], "holds a sum"),
        (["A" * 130, "ada@b.example", "", "L" * 201], "longer than 200"),
    ],
)
def test_a_row_that_names_nobody_is_an_error_with_its_reason(row: list[str], said: str) -> None:
    entry = read(*row)

    assert entry
    assert said in entry.error
