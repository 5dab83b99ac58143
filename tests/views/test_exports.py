"""Taking a list out through its page: exactly what is shown, to whoever may read it, for a week."""

import csv
import datetime as dt
import html
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from crm.actions import exports, organisations, people, saved_views
from crm.forms import tables
from crm.models import (
    AuditEntry,
    CustomField,
    Export,
    Grant,
    Membership,
    Organisation,
    Person,
    SavedView,
    Tag,
)
from tests.views.conftest import PASSWORD, SignIn, World


def made(browser: Client, **data: str) -> Export:
    """What comes of pressing the button."""
    sent = {"of": "people", "question": "", "file_format": "csv", "columns": "shown"} | data
    response = browser.post("/exports/new/", sent)
    assert response.status_code == 302, response.content.decode()
    return Export.objects.get(key=response["Location"].split("/")[-2])


def fetched(browser: Client, export: Export) -> bytes:
    response = browser.get(f"/exports/{export.key}/file/")
    assert response.status_code == 200
    content: Any = b"".join(response)
    assert len(content) == int(response["Content-Length"])
    return bytes(content)


def table(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def test_a_small_list_is_a_file_at_once(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    page = browser.get("/people/").content.decode()
    assert 'href="/exports/new/?of=people"' in page

    export = made(browser)

    assert (export.status, export.rows_written) == ("ready", 1)
    (row,) = table(fetched(browser, export))
    assert row == {
        "Title": "", "First name": "Élise", "Last name": "Garnier",
        "E-mail": "elise@rhone-cellules.example", "Relationship": "contact", "Job title": "CEO",
        "Organisation": "Rhône Cellules SAS", "Further employments": "", "Language": "French",
        "Mailable": "mailable",
    }  # fmt: skip
    entry = AuditEntry.objects.get(verb="export")
    assert (entry.user, entry.count, entry.cluster) == (world.contact, 1, world.lyon)
    assert entry.detail["columns"] == export.columns
    assert AuditEntry.objects.filter(verb="download", row_id=export.pk).exists()


def test_the_file_has_the_rows_that_the_list_shows(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    for name, language in (("Anna", "de"), ("Bea", "fr"), ("Élodie", "fr")):
        people.create(cluster=world.lyon, by=None, given=name, family="X", language=language)
    question = "q=x&language=fr"
    listed = browser.get(f"/people/?{question}&page=1").context["listed"].lines
    assert "exports/new/?of=people&amp;q=x" in browser.get(f"/people/?{question}").content.decode()

    export = made(browser, question=question)

    shown = [line.row.given for line in listed]
    assert shown == ["Bea", "Élodie"]
    assert [row["First name"] for row in table(fetched(browser, export))] == shown


def test_the_file_says_why_somebody_cannot_be_mailed(world: World, as_user: SignIn) -> None:
    people.create(cluster=world.lyon, by=None, given="Bea", family="X", language="fr")

    rows = table(fetched(as_user(world.contact), made(as_user(world.contact))))

    assert {row["First name"]: row["Mailable"] for row in rows} == {
        "Bea": "no address",
        "Élise": "mailable",
    }


def marked(world: World) -> CustomField:
    """Lyon's person with everything that a cluster adds to its records."""
    tag = Tag.objects.create(cluster=world.lyon, name="VIP", folded="vip")
    field = CustomField.objects.create(
        cluster=world.lyon, noun="person", name="Badge", folded="badge", kind="yes_no"
    )
    added = {"tags": [tag.pk], "owner": world.contact}
    Person.objects.filter(pk=world.person.pk).update(custom={field.key: True}, **added)
    Membership.objects.filter(organisation=world.company).update(**added)
    return field


def test_the_file_has_the_columns_that_the_list_shows(world: World, as_user: SignIn) -> None:
    field = marked(world)
    browser = as_user(world.contact)
    names = f"tag,owner,created,kind,custom_{field.pk}"
    page = browser.get("/exports/new/", {"of": "people", "columns": names})
    question = page.context["form"].initial["question"]

    (row,) = table(fetched(browser, made(browser, question=question)))
    (company,) = table(
        fetched(browser, made(browser, of="organisations", question="columns=tag,owner,kind,stage"))
    )

    assert row == {
        "Title": "", "First name": "Élise", "Last name": "Garnier", "Relationship": "contact",
        "E-mail": "elise@rhone-cellules.example", "Tags": "VIP", "Looked after by": "Contact",
        "Added on": timezone.localdate().isoformat(), "Badge": "yes",
    }  # fmt: skip
    assert company == {
        "Organisation": "Rhône Cellules SAS", "Formerly": "", "City": "Lyon",
        "Pipeline stage": "", "Nature": "company", "Tags": "VIP", "Looked after by": "Contact",
    }  # fmt: skip
    everything = table(fetched(browser, made(browser, columns="all")))[0]
    assert {"Tags", "Badge", "City", "Paused until"} <= set(everything)


def test_what_a_cluster_adds_to_its_records_goes_out_to_nobody_else(
    world: World, as_user: SignIn
) -> None:
    field = marked(world)
    asked = f"columns=name,tag,owner,created,kind,website,product,custom_{field.pk}"
    Organisation.objects.filter(pk=world.company.pk).update(website="https://rhone.example")
    browser = as_user(world.coordinator)

    for of in ("people", "organisations"):
        for columns in ("shown", "all"):
            export = made(browser, of=of, columns=columns, question=asked)
            text = fetched(browser, export).decode()
            for secret in ("VIP", "Contact", "Badge", "yes"):
                assert secret not in text, (of, columns, secret)
            (row,) = table(text.encode())
            if of == "organisations":
                assert row["Website"] == "https://rhone.example"
            elif columns == "all":
                assert row["Added on"] == row["Relationship"] == ""


def test_the_file_is_in_the_order_of_the_list(world: World, as_user: SignIn) -> None:
    zebra, alba = (
        organisations.create(cluster=world.lyon, by=None, legal_name=name)
        for name in ("Zebra", "Alba")
    )
    for name, company in (("Anna", zebra), ("Zoé", alba), ("Nobody", None)):
        people.create(cluster=world.lyon, by=None, given=name, family="A", organisation=company)
    browser = as_user(world.contact)

    for sort, expected in (
        ("organisation", ["Zoé", "Élise", "Anna", "Nobody"]),
        ("-organisation", ["Anna", "Élise", "Zoé", "Nobody"]),
    ):
        rows = table(fetched(browser, made(browser, question=f"sort={sort}")))
        assert [row["First name"] for row in rows] == expected


@pytest.mark.parametrize("opened", ["by itself", "by its tab"])
def test_of_a_view_the_file_holds_what_was_shown_whatever_becomes_of_the_view(
    world: World, as_user: SignIn, settings: Settings, opened: str
) -> None:
    settings.EXPORT_AT_ONCE = 0
    people.create(cluster=world.lyon, by=None, given="Bert", family="B", language="de")
    conditions = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    view = saved_views.create(
        by=world.contact,
        noun="person",
        name="Germans",
        conditions=conditions,
        columns=["phone"],
        is_default=opened == "by itself",
    )
    browser = as_user(world.contact)
    address = {"of": "people"} | ({} if opened == "by itself" else {"view": view.pk})

    page = browser.get("/exports/new/", address)
    export = made(browser, question=page.context["form"].initial["question"])
    SavedView.objects.filter(pk=view.pk).update(conditions={}, columns=[], is_default=True)
    if opened == "by its tab":
        SavedView.objects.all().delete()
    exports.make_next(tables.rows)

    assert page.context["number"] == 1
    (row,) = table(fetched(browser, export))
    assert row["First name"] == "Bert"
    assert [*row][-1] == "Relationship"
    assert "Phone" in row


def test_of_the_whole_list_the_file_holds_everybody_though_a_view_opens_first_by_then(
    world: World, as_user: SignIn, settings: Settings
) -> None:
    settings.EXPORT_AT_ONCE = 0
    browser = as_user(world.contact)
    export = made(browser, question="")
    conditions = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    saved_views.create(
        by=world.contact, noun="person", name="A", conditions=conditions, is_default=True
    )

    exports.make_next(tables.rows)

    assert len(table(fetched(browser, export))) == 1


def test_of_everything_the_file_holds_everybody_though_a_view_opens_first(
    world: World, as_user: SignIn
) -> None:
    conditions = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    saved_views.create(
        by=world.contact, noun="person", name="A", conditions=conditions, is_default=True
    )
    browser = as_user(world.contact)

    page = browser.get("/exports/new/", {"of": "people", "all": "1"})
    export = made(browser, question=page.context["form"].initial["question"])

    assert (page.context["number"], export.rows_written) == (1, 1)


def test_a_shared_list_holds_what_is_shared(world: World, as_user: SignIn) -> None:
    """The coordinator reads Lyon's people without address, and not who objected."""
    objector = people.create(cluster=world.lyon, by=None, given="Odile", family="Objects")
    people.edit(person=objector, by=None, version=1, share_objected=True)
    browser = as_user(world.coordinator)

    export = made(browser, columns="all")
    content = fetched(browser, export).decode("utf-8-sig")

    (row,) = table(content.encode())
    assert (row["Last name"], row["Organisation"], row["Job title"]) == (
        "Garnier", "Rhône Cellules SAS", "CEO",
    )  # fmt: skip
    for secret in ("elise@", "11 11 11", "Objects", "Isarwort", "Geheimwort", "sme", "member"):
        assert secret not in content
    cards = fetched(browser, made(browser, file_format="vcf")).decode()
    assert "FN:Élise Garnier" in cards
    assert "elise@" not in cards
    assert "TEL" not in cards
    companies = fetched(browser, made(browser, of="organisations", columns="all")).decode()
    assert "Rhône Cellules SAS" in companies
    assert "SME" not in companies
    assert "Isarwort" not in companies


def test_who_sees_nothing_exports_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.stranger)

    page = browser.get("/exports/new/?of=people")
    answer = browser.post("/exports/new/", {"of": "people", "file_format": "csv", "columns": "all"})

    assert "Nothing to export" in page.content.decode()
    assert answer.status_code == 200
    assert "Nothing to export" in answer.content.decode()
    assert not Export.objects.exists()


def test_too_many_rows_are_refused_with_what_to_do(
    world: World, as_user: SignIn, settings: Settings
) -> None:
    settings.EXPORT_MOST = 0
    answer = as_user(world.contact).post(
        "/exports/new/", {"of": "people", "file_format": "csv", "columns": "all"}
    )

    assert "Narrow the list by a filter" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize("data", [{"of": "secrets"}, {"file_format": "exe"}, {"columns": "x"}, {}])
def test_what_no_form_offers_is_not_made(
    world: World, as_user: SignIn, data: dict[str, str]
) -> None:
    sent = {"of": "people", "file_format": "csv", "columns": "all"} | data if data else {}
    answer = as_user(world.contact).post("/exports/new/", sent)

    assert answer.status_code == 200
    assert not Export.objects.exists()


def test_a_file_is_its_askers_alone(world: World, as_user: SignIn) -> None:
    export = made(as_user(world.contact))

    for other in (world.reader, world.admin, world.coordinator, world.neighbour):
        browser = as_user(other)
        for address in ("", "file/"):
            assert browser.get(f"/exports/{export.key}/{address}").status_code == 404
        assert browser.post(f"/exports/{export.key}/delete/").status_code == 404
        assert export.file_name not in browser.get("/exports/").content.decode()


def test_a_link_expires_and_says_so(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    export = made(browser)
    assert (export.expires_at - export.created_at).days in (6, 7)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now())

    page = browser.get(f"/exports/{export.key}/file/", follow=True)

    assert "This file has expired" in page.content.decode()
    assert "expired" in browser.get("/exports/").content.decode()
    exports.forget()
    assert not export.pieces.exists()
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - dt.timedelta(days=31))
    exports.forget()
    assert browser.get(f"/exports/{export.key}/").status_code == 404


def test_a_list_that_was_not_made_says_why_and_leads_to_the_same_question(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.contact)
    export = made(browser)
    Export.objects.filter(pk=export.pk).update(
        status=Export.Status.FAILED, trouble="The list grew too long."
    )

    page = browser.get(f"/exports/{export.key}/").content.decode()

    assert "The list grew too long." in page
    (again,) = re.findall(r'href="(/exports/new/[^"]+)"', page)
    assert browser.get(html.unescape(again)).context["question"] == export.question


def test_a_deleted_file_is_gone(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    export = made(browser)

    answer = browser.post(f"/exports/{export.key}/delete/", follow=True)

    assert "The file is deleted." in answer.content.decode()
    assert browser.get(f"/exports/{export.key}/file/").status_code == 404
    assert AuditEntry.objects.filter(verb="delete_export", row_id=export.pk).exists()


def test_whose_role_has_ended_fetches_nothing_made_before(world: World, as_user: SignIn) -> None:
    export = made(as_user(world.contact))
    today = timezone.localdate()
    Grant.objects.filter(user=world.contact).update(
        during=(today - dt.timedelta(days=9), today - dt.timedelta(days=1))
    )

    page = as_user(world.contact).get(f"/exports/{export.key}/file/", follow=True)

    assert "You may no longer read the records in this file." in page.content.decode()


def test_a_large_list_asks_for_the_password_once_more_and_goes_to_the_worker(
    world: World, client: Client, settings: Settings
) -> None:
    settings.EXPORT_CONFIRM = settings.EXPORT_AT_ONCE = 0
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    client.force_login(world.contact, "allauth.account.auth_backends.AuthenticationBackend")
    sent = {"of": "people", "question": "", "file_format": "csv", "columns": "all"}

    asked = client.post("/exports/new/", sent)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not Export.objects.exists()

    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
    answer = client.post(asked["Location"], {"password": PASSWORD})

    export = Export.objects.get()
    assert answer["Location"] == f"/exports/{export.key}/"
    assert export.status == "waiting"
    page = client.get(f"/exports/{export.key}/")
    assert "The file is being made" in page.content.decode()
    refused = client.get(f"/exports/{export.key}/file/", follow=True)
    assert "This file is not made yet." in refused.content.decode()
    assert exports.make_next(tables.rows)
    assert len(table(fetched(client, export))) == 1


def test_without_a_second_factor_nothing_goes_out_where_the_rules_ask_for_one(
    world: World, as_user: SignIn, settings: Settings
) -> None:
    settings.EXPORT_SECOND_FACTOR = True
    browser = as_user(world.contact)

    answer = browser.post("/exports/new/", {"of": "people", "file_format": "csv", "columns": "all"})

    assert "Set up a second factor" in answer.content.decode()
    assert not Export.objects.exists()


def test_headers_are_in_the_readers_language_and_separators_as_their_excel_expects(
    world: World, as_user: SignIn
) -> None:
    world.contact.language = "fr"
    world.contact.save()
    browser = as_user(world.contact)

    (row,) = table(fetched(browser, made(browser, columns="all")), ";")

    assert (row["Prénom"], row["Langue"], row["Catégorie"]) == ("Élise", "français", "PME")
    assert row["Téléphone"] == "'+33 4 11 11 11 11"


def test_one_person_is_a_vcard(world: World, as_user: SignIn) -> None:
    answer = as_user(world.reader).get(f"/people/{world.person.pk}/vcard/")

    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    card = answer.content.decode()
    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n")
    assert "N:Garnier;Élise;;;\r\n" in card
    assert "TEL;VALUE=uri;TYPE=work:tel:+33411111111\r\n" in card
    assert AuditEntry.objects.filter(verb="export", noun="person", row_id=world.person.pk).exists()
    shared = as_user(world.coordinator).get(f"/people/{world.person.pk}/vcard/").content.decode()
    assert "FN:Élise Garnier" in shared
    assert "elise@" not in shared
    assert as_user(world.neighbour).get(f"/people/{world.person.pk}/vcard/").status_code == 404
    assert Person.objects.count() == 2
