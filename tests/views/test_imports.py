"""The import wizard's pages: from a file to its rows' verdicts, and every "no" in a sentence."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.actions import custom_fields, duplicates, imports, people, undoing
from crm.models import Duplicate, Import, ImportRow, Person, Tag, User
from tests.views.conftest import SignIn, World

TEXT = (
    "Société;Contact;E-mail;Téléphone;Remarque\n"
    "Cellules du Lac;Dr. Zoé Müller;zoe@lac.example;33478123456.0;VIP\n"
    "Rhône Cellules SAS;Élise Garnier;elise@rhone-cellules.example;;\n"
    "Rhône Cellules SAS;;nowhere;+33 4 78 00 00 00;=1+1\n"
)
DECIDED = {"policy": "fill", "origin": "members 2026", "dated": "2026-01-31", "basis": "member"}
Status = Import.Status


def send(browser: Client, world: World, content: bytes | str, name: str = "liste.csv") -> Any:
    data = content.encode("cp1252") if isinstance(content, str) else content
    return browser.post(
        reverse("crm:imports-create"),
        {"cluster": world.lyon.pk, "upload": SimpleUploadedFile(name, data)},
    )


@pytest.fixture
def browser(world: World, as_user: SignIn) -> Client:
    return as_user(world.contact)


def page(browser: Client, name: str, found: Import, **query: str) -> str:
    answer = browser.get(reverse(f"crm:imports-{name}", args=[found.pk]), query)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def describe(browser: Client, found: Import, **changed: str) -> Any:
    """Send the columns' form as the page shows it."""
    answer = browser.get(reverse("crm:imports-describe", args=[found.pk]))
    reading, form = answer.context["reading"], answer.context["form"]
    columns = {field.html_name: field.initial for field in form}
    return browser.post(
        reverse("crm:imports-describe", args=[found.pk]),
        dict(reading.hidden) | columns | changed,
    )


def checked(browser: Client, world: World, content: str = TEXT) -> Import:
    send(browser, world, content)
    found = Import.objects.get()
    describe(browser, found)
    found.refresh_from_db()
    return imports.check(of_import=found)


def cells(found: Import) -> list[str]:
    return list(found.rows.get().cells or [])


def done(browser: Client, world: World, content: str = TEXT) -> Import:
    found = checked(browser, world, content)
    browser.post(reverse("crm:imports-decide", args=[found.pk]), DECIDED)
    found.refresh_from_db()
    return imports.run(of_import=found, by=world.contact)


# --- the way through


def test_a_contact_takes_a_list_from_the_file_to_the_result(world: World, browser: Client) -> None:
    assert "Import a list" in browser.get(reverse("crm:imports-list")).content.decode()
    answer = send(browser, world, TEXT)
    found = Import.objects.get()
    assert answer.url == reverse("crm:imports-describe", args=[found.pk])

    columns = page(browser, "describe", found)
    assert "4 of 5 columns were recognised" in columns
    assert "Western European (Windows)" in columns
    assert "Zoé Müller" in columns
    assert describe(browser, found).url == reverse("crm:imports-show", args=[found.pk])
    assert "A worker takes it up" in page(browser, "show", found)

    found.refresh_from_db()
    imports.check(of_import=found)
    preview = page(browser, "show", found)
    assert "What would become of the list" in preview
    assert "is not an e-mail address" in preview
    assert Person.objects.filter(cluster=world.lyon).count() == 1

    browser.post(reverse("crm:imports-decide", args=[found.pk]), DECIDED)
    found.refresh_from_db()
    assert (found.status, found.started_by) == (Status.WRITING, world.contact)
    imports.run(of_import=found, by=world.contact)

    result = page(browser, "show", found)
    zoe = Person.objects.get(given="Zoé")
    assert reverse("crm:people-show", args=[zoe.pk]) in result
    assert "Download the rows that were left out" in result
    assert "liste.csv" in browser.get(reverse("crm:imports-list")).content.decode()


def test_a_workbook_with_two_sheets_is_read_from_the_one_that_is_chosen(
    world: World, browser: Client
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Only a remark"])
    for name in ("Members", "Guests"):
        sheet = book.create_sheet(name)
        sheet.append(["Company", "Name", "E-mail"])
        sheet.append([f"{name} Ltd", "Ada Noor", f"ada@{name.lower()}.example"])
    file = io.BytesIO()
    book.save(file)
    send(browser, world, file.getvalue(), "book.xlsx")
    found = Import.objects.get()

    assert "Members Ltd" in page(browser, "describe", found)
    guests = page(browser, "describe", found, sheet="Guests", read="'Members' / 'utf-8' / ','")
    assert "Guests Ltd" in guests
    assert "Encoding" not in guests
    describe(browser, found, sheet="Guests", header="0")

    found.refresh_from_db()
    assert found.sheet == "Guests"
    assert cells(imports.check(of_import=found))[0] == "Guests Ltd"


def test_another_separator_or_header_is_read_at_once_and_its_columns_guessed_anew(
    world: World, browser: Client
) -> None:
    send(browser, world, TEXT)
    found = Import.objects.get()

    broken = page(browser, "describe", found, separator=",", read="'' / 'cp1252' / ';'")
    assert "Société;Contact;E-mail" in broken
    answer = browser.get(
        reverse("crm:imports-describe", args=[found.pk]),
        {"separator": ";", "header": "-1", "read": "'' / 'cp1252' / ';'"},
        headers={"HX-Request": "true"},
    )

    assert "Column 1" in answer.content.decode()
    assert "<h1" not in answer.content.decode()
    found.refresh_from_db()
    assert (found.separator, found.header) == (";", 0)


def test_columns_are_remembered_for_the_next_list_of_the_kind(
    world: World, browser: Client
) -> None:
    send(browser, world, TEXT)
    first = Import.objects.get()
    describe(browser, first, column_4="job")
    first.refresh_from_db()
    imports.check(of_import=first)
    browser.post(reverse("crm:imports-decide", args=[first.pk]), DECIDED)
    first.refresh_from_db()
    imports.run(of_import=first, by=world.contact)

    send(browser, world, TEXT + "Autre SA;;a@autre.example;;\n")
    second = Import.objects.exclude(pk=first.pk).get()

    assert second.columns[4] == "job"
    assert "the columns are as they were then" in page(browser, "describe", second)


def test_a_changed_field_shows_before_and_after_and_another_policy_is_shown_anew(
    world: World, browser: Client
) -> None:
    text = "Company;Name;E-mail;Phone\nRhône Cellules SAS;Élise Garnier;"
    text += "elise@rhone-cellules.example;+33 4 99 99 99 99\n"
    found = checked(browser, world, text)
    assert found.counts["same"] == 1

    answer = browser.post(
        reverse("crm:imports-decide", args=[found.pk]),
        {**DECIDED, "policy": "overwrite"},
        follow=True,
    )
    assert "The preview is made anew" in answer.content.decode()
    found.refresh_from_db()
    assert (found.status, found.origin) == (Status.CHECKING, "members 2026")
    imports.check(of_import=found)

    shown = page(browser, "show", found, only="changed")
    assert "<del>+33 4 11 11 11 11</del> → <ins>+33 4 99 99 99 99</ins>" in shown
    assert "members 2026" in page(browser, "decide", found)


def test_the_same_file_imported_before_is_said(world: World, browser: Client) -> None:
    done(browser, world)

    send(browser, world, TEXT)

    again = Import.objects.get(status=Status.DESCRIBED)
    assert "The same file was imported on" in page(browser, "describe", again)


# --- refusals


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\n\n\n", "holds no rows"),
        (b"%PDF-1.7 something", "This is a PDF"),
        (b"PK\x03\x04 broken", "workbook is damaged"),
        (b"\x89PNG\r\n", "This is a picture"),
        ('Name;E-mail\n"never closed;' + "x" * 40_000, "quotation mark is never closed"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    world: World, browser: Client, content: bytes | str, said: str
) -> None:
    answer = send(browser, world, content)

    assert said in answer.content.decode()
    assert not Import.objects.exists()


def test_no_file_and_too_large_a_file_are_refused(
    world: World, browser: Client, settings: LazySettings
) -> None:
    answer = browser.post(reverse("crm:imports-create"), {"cluster": world.lyon.pk})
    assert "Choose the file with your list." in answer.content.decode()

    settings.IMPORT_LARGEST = 2**20
    answer = send(browser, world, b"Name;E-mail\n" + b"x" * 2**20)

    assert "more than 1 MB" in answer.content.decode()
    assert not Import.objects.exists()


def test_columns_that_hold_nothing_are_refused_and_what_was_chosen_stays(
    world: World, browser: Client
) -> None:
    send(browser, world, TEXT)
    found = Import.objects.get()
    nothing = {f"column_{n}": "" for n in range(5)}

    answer = describe(browser, found, **nothing)
    assert "Say what at least one column holds." in answer.content.decode()
    answer = describe(browser, found, **{**nothing, "column_4": "city"})
    assert "a row needs one of them" in answer.content.decode()

    assert answer.context["form"]["column_4"].value() == "city"
    found.refresh_from_db()
    assert found.status == Status.DESCRIBED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"origin": ""}, "Say where the list comes from"),
        ({"basis": ""}, "on which legal basis"),
        ({"dated": "2999-01-01"}, "from the future"),
        ({"dated": "soon"}, "Choose a day"),
        ({"policy": "delete"}, "not one of the available choices"),
    ],
)
def test_a_decision_that_says_too_little_is_refused_and_what_was_typed_stays(
    world: World, browser: Client, wrong: dict[str, str], said: str
) -> None:
    found = checked(browser, world)

    answer = browser.post(reverse("crm:imports-decide", args=[found.pk]), {**DECIDED, **wrong})

    assert said in answer.content.decode()
    found.refresh_from_db()
    assert found.status == Status.CHECKED


def test_a_step_sent_twice_is_refused_with_how_it_stands(world: World, browser: Client) -> None:
    found = checked(browser, world)
    url = reverse("crm:imports-decide", args=[found.pk])
    browser.post(url, DECIDED)

    answer = browser.post(url, DECIDED)

    assert "“liste.csv” is being written" in answer.content.decode()
    assert browser.get(url).headers["Location"] == reverse("crm:imports-show", args=[found.pk])


def test_a_cancelled_import_says_so_and_cannot_be_cancelled_again(
    world: World, browser: Client
) -> None:
    found = checked(browser, world)
    url = reverse("crm:imports-cancel", args=[found.pk])
    assert "Nothing of the list is written" in browser.get(url).content.decode()

    assert "is cancelled" in browser.post(url, follow=True).content.decode()
    answer = browser.post(url, follow=True)

    assert "That cannot be done now" in answer.content.decode()
    assert "Nothing of the list was written" in page(browser, "show", found)


def test_a_failed_import_says_why_and_leads_back_to_its_columns(
    world: World, browser: Client
) -> None:
    found = checked(browser, world)
    Import.objects.filter(pk=found.pk).update(status=Status.FAILED, trouble="The disk burns.")

    assert "The disk burns." in page(browser, "show", found)
    assert "The disk burns." in page(browser, "describe", found)
    describe(browser, found)

    found.refresh_from_db()
    assert (found.status, found.trouble) == (Status.CHECKING, "")


@pytest.mark.parametrize("name", ["show", "describe", "decide", "cancel", "undo", "errors"])
def test_another_clusters_import_does_not_exist(
    world: World, browser: Client, as_user: SignIn, name: str
) -> None:
    found = checked(browser, world)
    url = reverse(f"crm:imports-{name}", args=[found.pk])

    for user in (world.neighbour, world.coordinator, world.stranger):
        other = as_user(user)
        assert other.get(url).status_code == 404
        assert other.post(url).status_code in (404, 405)
    if name != "show":
        assert as_user(world.reader).get(url).status_code == 404


def test_a_list_is_uploaded_only_for_a_cluster_one_keeps(world: World, browser: Client) -> None:
    answer = browser.post(
        reverse("crm:imports-create"),
        {"cluster": world.munich.pk, "upload": SimpleUploadedFile("l.csv", TEXT.encode())},
    )

    assert answer.status_code == 200
    assert not Import.objects.exists()


# --- what the pages tell


def test_progress_is_told_to_htmx_and_the_page_changes_at_its_end(
    world: World, browser: Client
) -> None:
    found = checked(browser, world)
    url = reverse("crm:imports-show", args=[found.pk])
    Import.objects.filter(pk=found.pk).update(
        status=Status.WRITING, phase="reading", rows_read=1200, rows_total=3300
    )
    headers = {"HX-Request": "true"}

    moving = browser.get(url, {"status": "writing"}, headers=headers)
    assert "1,200 of about 3,300 rows" in moving.content.decode()
    assert "HX-Redirect" not in moving.headers
    assert "http-equiv" in browser.get(url).content.decode()

    Import.objects.filter(pk=found.pk).update(status=Status.DONE)
    assert browser.get(url, {"status": "writing"}, headers=headers).headers["HX-Redirect"] == url


def test_rows_are_narrowed_by_verdict_and_paged_by_number(world: World, browser: Client) -> None:
    lines = [f"Firm {n};Person {n};p{n}@firm{n}.example;;" for n in range(120)]
    found = checked(browser, world, "\n".join([TEXT.splitlines()[0], *lines, ";;bad;;"]) + "\n")
    url = reverse("crm:imports-show", args=[found.pk])

    def numbers(query: str) -> list[int]:
        shown = browser.get(f"{url}{query}").context["rows"].shown
        return [each.row.number for each in shown]

    assert numbers("?only=error") == [122]
    assert numbers("?only=new") == [*range(2, 52)]
    assert numbers("?only=new&after=51") == [*range(52, 102)]
    assert numbers("?only=new&before=52") == [*range(2, 52)]
    assert numbers("?after=101") == [*range(102, 123)]
    assert numbers("?only=nonsense&after=nonsense") == [*range(2, 52)]
    assert "No row is like that" in browser.get(f"{url}?only=unmailable").content.decode()


def test_a_preview_asks_few_questions_however_many_rows(world: World, browser: Client) -> None:
    found = checked(browser, world)
    rows = [
        ImportRow(
            of_import=found, number=n, verdict="changed", cells=["A", "B", "c@d.example"],
            diff={"organisation": {"region": [None, world.lyon.region_id]}},
            person=world.person.pk, organisation=world.company.pk,
        )
        for n in range(10, 200)
    ]  # fmt: skip
    ImportRow.objects.bulk_create(rows)
    url = reverse("crm:imports-show", args=[found.pk])

    with CaptureQueriesContext(
        connection,
    ) as asked:
        body = browser.get(url).content.decode()

    assert len(asked) <= 12
    assert "Auvergne-Rhône-Alpes" in body


def test_what_was_left_out_comes_back_as_a_file_that_can_be_imported_again(
    world: World, browser: Client
) -> None:
    found = done(browser, world)

    answer = browser.get(reverse("crm:imports-errors", args=[found.pk]))

    content = b"".join(answer)
    assert content.startswith(b"\xef\xbb\xbf")
    assert "liste%20-%20to%20mend.csv" in answer["Content-Disposition"] or (
        'filename="liste - to mend.csv"' in answer["Content-Disposition"]
    )
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert header[:5] == ["Société", "Contact", "E-mail", "Téléphone", "Remarque"]
    assert row[3:5] == ["'+33 4 78 00 00 00", "'=1+1"]
    assert "is not an e-mail address" in row[5]
    assert row[6] == "4"

    mended = content.replace(b"nowhere", b"marc@lac.example")
    send(browser, world, mended, "mended.csv")
    again = Import.objects.get(file_name="mended.csv")
    assert again.columns == ["legal_name", "name", "email", "phone", "", "", ""]
    describe(browser, again)
    again.refresh_from_db()
    imports.check(of_import=again)
    assert (again.counts["new"], cells(again)[4]) == (1, "=1+1")


def test_the_file_to_mend_says_its_reasons_in_the_language_of_who_asked(
    world: World, browser: Client
) -> None:
    found = done(browser, world)
    User.objects.filter(pk=world.contact.pk).update(language="fr")

    answer = browser.get(reverse("crm:imports-errors", args=[found.pk]))

    header, row = csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";")
    assert header[5] == "Ce qui n’allait pas"
    assert row[5].endswith("n’est pas une adresse e-mail.")


def test_an_import_is_taken_back_and_what_stays_is_told(world: World, browser: Client) -> None:
    found = done(browser, world)
    zoe = Person.objects.get(given="Zoé")
    people.edit(person=zoe, by=None, version=zoe.version, phone="+33 4 00 00 00 00")
    url = reverse("crm:imports-undo", args=[found.pk])
    assert "people: 1, organisations: 1" in browser.get(url).content.decode()

    browser.post(url)
    assert "is being taken back" in page(browser, "show", found)
    assert "is being taken back" in browser.post(url, follow=True).content.decode()
    undoing.undo(of_import=found, by=world.contact)

    assert "Taken back on" in page(browser, "show", found)
    assert "Person stays: changed since" in page(browser, "show", found, only="stays")
    assert "That cannot be done now" in browser.post(url, follow=True).content.decode()
    assert browser.get(url).headers["Location"] == reverse("crm:imports-show", args=[found.pk])


def test_a_list_that_waits_stands_on_the_first_page_of_its_contact_alone(
    world: World, browser: Client, as_user: SignIn
) -> None:
    checked(browser, world)

    assert "liste.csv" in browser.get("/").content.decode()
    for user in (world.reader, world.neighbour, world.coordinator):
        assert "liste.csv" not in as_user(user).get("/").content.decode()


def test_who_keeps_no_cluster_is_offered_no_import(world: World, as_user: SignIn) -> None:
    for user in (world.reader, world.coordinator):
        browser = as_user(user)
        body = browser.get(reverse("crm:imports-list")).content.decode()
        assert "Import a list" not in body
        assert browser.get(reverse("crm:imports-create")).status_code == 404


# --- two sheets, tags, own fields


FIRMS = [["Firm", "City"], ["Lac SA", "Lyon"], ["Alone SAS", "Vienne"]]
PEOPLE = [["Company", "Name", "E-mail"], ["Lac SA", "Zoé Müller", "zoe@lac.example"]]


def book(**sheets: list[list[str]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_two_sheets_are_shown_and_what_is_not_read_is_said(world: World, browser: Client) -> None:
    send(browser, world, book(Firms=FIRMS, People=PEOPLE, Codes=[["A"], ["B"]]), "book.xlsx")
    found = Import.objects.get()

    columns = page(browser, "describe", found)
    for said in ("People: “People”", "Organisations: “Firms”", "This sheet is left out: “Codes”"):
        assert said in columns
    answer = browser.get(reverse("crm:imports-describe", args=[found.pk]))
    fields = {
        field.html_name: field.initial
        for form in (answer.context["form"], answer.context["other"])
        for field in form
    }
    data = dict(answer.context["reading"].hidden) | fields
    wrong = browser.post(answer.request["PATH_INFO"], data | {"beside-column_1": "legal_name"})
    assert "Two columns are said to hold the same" in wrong.content.decode()
    sent = browser.post(answer.request["PATH_INFO"], data | {"beside-column_1": ""})
    assert sent.headers["Location"] == reverse("crm:imports-show", args=[found.pk])
    found.refresh_from_db()
    assert found.beside == {"sheet": "Firms", "header": 0, "columns": ["legal_name", ""]}

    imports.check(of_import=found)
    preview = page(browser, "show", found)
    assert "This sheet is left out: “Codes”" in preview
    assert "Alone SAS" in preview


def test_one_of_two_sheets_can_be_read_alone(world: World, browser: Client) -> None:
    send(browser, world, book(Firms=FIRMS, People=PEOPLE), "book.xlsx")
    found = Import.objects.get()

    alone = page(browser, "describe", found, sheet="People", beside="")
    assert "This sheet is left out: “Firms”" in alone
    assert "Organisations: “Firms”" not in alone
    other = page(browser, "describe", found, sheet="Firms", beside="People")
    assert "People: “Firms”" in other
    answer = browser.get(
        reverse("crm:imports-describe", args=[found.pk]), {"sheet": "People", "beside": ""}
    )
    columns = {field.html_name: field.initial for field in answer.context["form"]}
    browser.post(answer.request["PATH_INFO"], dict(answer.context["reading"].hidden) | columns)
    found.refresh_from_db()
    assert (found.sheet, found.beside) == ("People", None)


def test_new_tags_are_offered_and_shown_before_they_are_made(world: World, browser: Client) -> None:
    field = custom_fields.create(
        cluster=world.lyon, noun="person", name="Budget", kind="number", by=None
    )
    text = "Name;E-mail;Tags;Budget\nZoé Müller;zoe@lac.example;VIP, fair 2026;many\n"
    found = checked(browser, world, text)
    assert found.columns == ["name", "email", "tags", f"custom_{field.pk}"]
    preview = page(browser, "show", found)
    assert "2 words are no tags of yours yet: “VIP, fair 2026”" in preview
    assert "“many” does not answer “Budget”" in preview
    assert "Budget: many" in preview
    url = reverse("crm:imports-decide", args=[found.pk])
    assert "Make 2 new tags: “VIP, fair 2026”" in browser.get(url).content.decode()

    browser.post(url, {"policy": "fill", "make_tags": "on"})
    found.refresh_from_db()
    assert (found.status, found.make_tags) == (Status.CHECKING, True)
    imports.check(of_import=found)
    assert "2 new tags are made" in page(browser, "show", found)
    browser.post(url, {**DECIDED, "make_tags": "on"})
    found.refresh_from_db()
    imports.run(of_import=found, by=world.contact)

    tagged = Person.objects.get(given="Zoé").tags
    assert {Tag.objects.get(pk=pk).name for pk in tagged} == {"VIP", "fair 2026"}


def test_possible_duplicates_of_what_came_are_named_on_its_page(
    world: World, browser: Client
) -> None:
    people.create(
        cluster=world.lyon,
        by=None,
        given="Zoé",
        family="Mullers",
        phone="+33 4 78 12 34 56",
        email="zoe.mullers@lac.example",
    )
    found = done(browser, world)
    assert "are looked for in the background" in page(browser, "show", found)

    duplicates.look_due()

    result = page(browser, "show", found)
    assert "People: 1 pair</a>" in result
    answer = browser.get(reverse("crm:duplicates-list", args=["people"]), {"import": found.pk})
    assert "Only pairs with what the list “liste.csv” brought" in answer.content.decode()
    assert len(answer.context["pairs"]) == 1
    foreign = browser.get(reverse("crm:duplicates-list", args=["people"]), {"import": 999_999})
    assert foreign.status_code == 404
    undoing.undo(of_import=found, by=None)
    assert not Duplicate.objects.exists()


def test_large_numbers_are_written_as_their_language_does(world: World, browser: Client) -> None:
    done(browser, world)
    Import.objects.update(counts={"new": 1_000_000, "same": 1_705})
    shown = browser.get(reverse("crm:imports-list")).content.decode()
    assert "1,000,000 new" in shown
    assert "1,705 the same" in shown
    User.objects.update(language="de")
    assert "1.705 gleich" in browser.get(reverse("crm:imports-list")).content.decode()
